import type { CheckContext } from '../../../src/ports/runner.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import type { StartOptions, TestFramework } from './framework.ts';
import { programPatterns } from './patterns.ts';

/** Jest, as an answer installs it. */
export const JEST = 'node_modules/jest/bin/jest.js';

/**
 * What Jest is told when the answer has neither a package.json nor a configuration for it: without either it does not
 * start.
 */
function withoutJestConfig(context: Pick<CheckContext, 'project'>, apart: boolean): string[] {
  const configured = context.project.files.some(({ path }) =>
    /^(?:package\.json|jest\.config\.\w+)$/.test(withinProject(context.project, path)),
  );
  const compiler = { diagnostics: false, ...(apart ? { isolatedModules: true } : {}) };
  const usual = {
    transform: {
      '^.+\\.[cm]?tsx?$': ['ts-jest', compiler],
      '^.+\\.[cm]?jsx?$': 'babel-jest',
    },
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  };
  return configured ? [] : [`--config=${JSON.stringify(usual)}`];
}

function jestOptions(context: CheckContext, { measured, apart }: StartOptions): string[] {
  const coverage = [
    ...['--coverage', '--coverageDirectory=/out/coverage', '--coverageReporters=json'],
    ...programPatterns(context).map((path) => `--collectCoverageFrom=${path}`),
  ];
  return [
    ...[...withoutJestConfig(context, apart), '--json', '--outputFile=/out/report.json', '--testLocationInResults'],
    ...['--cacheDirectory=/tmp/jest', '--runInBand', '--passWithNoTests', '--bail=0', '--coverageThreshold={}'],
    ...(measured ? coverage : ['--coverage=false']),
  ];
}

export const jest: TestFramework = {
  name: 'jest',
  packaged: 'jest',
  compiles: true,
  countedByNode: false,
  words: (context, _environment, script, options) => [
    JEST,
    ...script.arguments,
    ...jestOptions(context, options),
    ...(options.files === null ? [] : ['--runTestsByPath', ...options.files]),
  ],
  control: {
    files: {
      'control.js': 'module.exports = { one: () => 1 };\n',
      'control.test.js': "test('control', () => { expect(require('./control.js').one()).toBe(1); });\n",
    },
    words: (measured) => [
      ...[JEST, '--ci', '--json', '--outputFile=/out/report.json', '--cacheDirectory=/tmp/jest'],
      ...(measured ? ['--coverage', '--coverageDirectory=/out/coverage', '--coverageReporters=json'] : []),
    ],
  },
};
