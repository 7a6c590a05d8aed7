import type { CheckContext } from '../../../src/ports/runner.ts';
import type { Environment } from '../environment.ts';
import type { TestFramework } from './framework.ts';
import { programPatterns } from './patterns.ts';

const PROGRAM = 'node_modules/vitest/vitest.mjs';

/** What Vitest can measure coverage with, of what the answer installs. */
export function vitestProvider(environment: Pick<Environment, 'packages'>): string | undefined {
  return ['v8', 'istanbul'].find((provider) =>
    environment.packages.some((name) => name.startsWith(`@vitest/coverage-${provider}@`)),
  );
}

function vitestCoverage(context: CheckContext, provider: string, version: number): string[] {
  // How much is covered decides nothing here.
  const thresholds = ['lines=0', 'functions=0', 'branches=0', 'statements=0', ...(version === 0 ? [] : ['100=false'])];
  const options = [
    ...['enabled', `provider=${provider}`, 'reporter=json', 'reportsDirectory=/out/coverage'],
    ...thresholds.map((threshold) => `${version === 0 ? '' : 'thresholds.'}${threshold}`),
    ...programPatterns(context).map((path) => `include=${path}`),
  ];
  return options.map((option) => `--coverage.${option}`);
}

function vitestOptions(context: CheckContext, environment: Environment, measured: boolean): string[] {
  const vitest = environment.packages.find((name) => name.startsWith('vitest@'));
  const version = Number(vitest?.replace(/^vitest@(\d+).*$/, '$1'));
  const hasLocations = !(version < 3);
  const provider = vitestProvider(environment);
  return [
    ...['--reporter=json', '--outputFile=/out/report.json', '--passWithNoTests', '--bail=0'],
    ...(hasLocations ? ['--includeTaskLocation'] : []),
    ...(provider !== undefined && measured ? vitestCoverage(context, provider, version) : ['--coverage.enabled=false']),
  ];
}

export const vitest: TestFramework = {
  name: 'vitest',
  packaged: 'vitest',
  compiles: false,
  countedByNode: false,
  words: (context, environment, script, { files, measured }) => [
    ...[PROGRAM, 'run', ...script.arguments, ...vitestOptions(context, environment, measured)],
    ...(files ?? []),
  ],
  control: {
    files: {
      'control.js': 'export const one = () => 1;\n',
      'control.test.js':
        "import { expect, test } from 'vitest';\nimport { one } from './control.js';\n\ntest('control', () => { expect(one()).toBe(1); });\n",
    },
    words: (measured, provider) => {
      const coverage = ['enabled', `provider=${provider ?? ''}`, 'reporter=json', 'reportsDirectory=/out/coverage'];
      return [
        ...[PROGRAM, 'run', '--reporter=json', '--outputFile=/out/report.json'],
        ...(measured ? coverage.map((option) => `--coverage.${option}`) : []),
      ];
    },
  },
};
