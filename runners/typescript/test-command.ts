import { quote } from 'shell-quote';
import { fromProject, withinProject } from '../../src/domain/grading/project.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Program } from '../shared/job.ts';
import type { Environment } from './environment.ts';
import { isProgram } from './files.ts';
import { readTestScript } from './test-script.ts';
import type { Framework, TestScript } from './test-script.ts';
import type { AttemptOptions } from './testing/rounds.ts';
import { inside } from './toolchain.ts';

type CommandOptions = Pick<AttemptOptions, 'files' | 'measured' | 'apart'>;

const globSafe = (path: string): string => path.replaceAll(/[[\](){}!*?+@]/g, '\\$&');

/**
 * A file as patterns for a framework that begins wherever the answer's configuration has its root: at the project,
 * above or below.
 */
function fromAnyRoot(path: string): string[] {
  const parts = path.split('/');
  const below = parts.map((_, depth) => parts.slice(depth).join('/'));
  return ['', '../', '../../'].flatMap((up) => below.map((rest) => globSafe(`${up}${rest}`)));
}

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

/** What a script of the answer starts a framework with. */
export function startWith({ node }: TestScript, framework: Framework): string[] {
  return [
    inside.node,
    ...node,
    framework === 'vitest' ? 'node_modules/vitest/vitest.mjs' : 'node_modules/jest/bin/jest.js',
  ];
}

/** What Vitest can measure coverage with, of what the answer installs. */
export function vitestProvider(environment: Pick<Environment, 'packages'>): string | undefined {
  return ['v8', 'istanbul'].find((provider) =>
    environment.packages.some((name) => name.startsWith(`@vitest/coverage-${provider}@`)),
  );
}

/** Test files to run, where the script itself names none and runs what is in the answer; else all are. */
function onlyFiles(framework: Framework, script: TestScript, files: readonly string[] | null): string[] {
  if (files === null || script.arguments.length > 0 || script.builds.length > 0) return [];
  return framework === 'vitest' ? [...files] : ['--runTestsByPath', ...files];
}

/** The files of the program, as patterns for what coverage is measured of. */
function programPatterns({ project }: Pick<CheckContext, 'project'>): string[] {
  return project.files
    .map((file) => withinProject(project, file.path))
    .filter(isProgram)
    .flatMap(fromAnyRoot);
}

/** Options of Node for the files of settings that the script names and the answer has; the last one decides. */
function settingsOptions(context: CheckContext, script: TestScript): string[] {
  const isThere = (file: string): boolean =>
    context.files.some(({ path }) => path === fromProject(context.project, file));
  return script.envFiles
    .filter(isThere)
    .toReversed()
    .map((file) => `--env-file=${file}`);
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

function jestOptions(context: CheckContext, { measured, apart }: CommandOptions): string[] {
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

function commandOf(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  script: TestScript,
  options: CommandOptions,
): string[] {
  return [
    ...startWith({ ...script, node: [...settingsOptions(context, script), ...script.node] }, framework),
    ...(framework === 'vitest' ? ['run'] : []),
    ...script.arguments,
    ...(framework === 'vitest' ? vitestOptions(context, environment, options.measured) : jestOptions(context, options)),
    ...onlyFiles(framework, script, options.files),
  ];
}

/** Runs the project's tests as its own script does, with a report for us. */
export function programOf(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  options: CommandOptions = { files: null, measured: true, apart: false },
): Program & { command: string[] } {
  const script = readTestScript(environment.declared.scripts);
  const builds = script.builds.map((words) => `${quote([inside.node, 'node_modules/typescript/bin/tsc', ...words])}; `);
  const command = commandOf(context, environment, framework, script, options);
  return {
    command: builds.length === 0 ? command : ['sh', '-c', `${builds.join('')}exec "$@"`, 'sh', ...command],
    mounts: environment.mounts,
    env: { ...environment.env, CI: '', ...script.env }, // where CI is set, they write no snapshots, and a new one fails
    results: true,
  };
}
