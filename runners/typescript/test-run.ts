import { quote } from 'shell-quote';
import type { CheckContext } from '../../src/ports/runner.ts';
import { errored, failed } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import { fromProject, withinProject } from '../../src/domain/grading/project.ts';
import type { AnswerFile } from '../../src/domain/grading/extraction.ts';
import { finding, inSandbox } from '../shared/job.ts';
import type { Program } from '../shared/job.ts';
import { judgeTests } from '../shared/testing/judge.ts';
import { hasLoopback } from '../shared/testing/run.ts';
import type { TestAttempt } from '../shared/testing/report.ts';
import { installed } from './environment.ts';
import type { Environment } from './environment.ts';
import { isProgram, isTestModule } from './files.ts';
import { readTestScript } from './test-script.ts';
import type { Framework, TestScript } from './test-script.ts';
import { controlPasses } from './testing/control.ts';
import { prepare } from './testing/prepare.ts';
import type { Prepared } from './testing/prepare.ts';
import { readNodeReport } from './testing/report.ts';
import { NodeRounds } from './testing/rounds.ts';
import type { AttemptOptions } from './testing/rounds.ts';
import { inside } from './toolchain.ts';

/** What came of a test run. */
export interface NodeTests {
  outcome: Outcome;
  framework: Framework;
  /** Istanbul's coverage-final.json, null when the run left none. */
  coverage: string | null;
  /**
   * The same of a copy with lines that nothing runs, by path relative to the answer's root; null when there was none.
   */
  counter: { coverage: string; never: ReadonlyMap<string, number> } | null;
}

/** Which framework the answer's test script names, which one it declares, else Jest. */
export function frameworkOf(environment: Pick<Environment, 'declared'>): Framework {
  const { scripts, requirements } = environment.declared;
  const named = readTestScript(scripts).framework;
  return (
    named ??
    (requirements.some(({ name }) => name === 'vitest') && !requirements.some(({ name }) => name === 'jest')
      ? 'vitest'
      : 'jest')
  );
}

/** What the answer's tests are for, by what all of them import, when that is none of ours; else null. */
function importedFramework(tests: readonly AnswerFile[]): string | null {
  const imported = tests.map(
    ({ text }) =>
      /(?:\bfrom\s+|\brequire\(\s*)["'](node:test|bun:test|mocha|ava|tap|tape|uvu)["']/.exec(text)?.[1] ?? null,
  );
  return imported.includes(null) ? null : (imported[0] ?? null);
}

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
function withoutJestConfig(context: Pick<CheckContext, 'project'>): string[] {
  const configured = context.project.files.some(({ path }) =>
    /^(?:package\.json|jest\.config\.\w+)$/.test(withinProject(context.project, path)),
  );
  const usual = {
    transform: { '^.+\\.[cm]?tsx?$': ['ts-jest', { diagnostics: false }], '^.+\\.[cm]?jsx?$': 'babel-jest' },
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

function commandOf(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  script: TestScript,
  { files, measured }: Pick<AttemptOptions, 'files' | 'measured'>,
): string[] {
  const program = context.project.files
    .map((file) => withinProject(context.project, file.path))
    .filter(isProgram)
    .flatMap(fromAnyRoot);
  const isThere = (file: string): boolean =>
    context.files.some(({ path }) => path === fromProject(context.project, file));
  const settings = script.envFiles
    .filter(isThere)
    .toReversed()
    .map((file) => `--env-file=${file}`); // to Node the last one decides
  const start = [
    ...startWith({ ...script, node: [...settings, ...script.node] }, framework),
    ...(framework === 'vitest' ? ['run'] : []),
    ...script.arguments,
  ];
  if (framework === 'vitest') {
    const version = Number(
      environment.packages.find((name) => name.startsWith('vitest@'))?.replace(/^vitest@(\d+).*$/, '$1'),
    );
    const thresholds = [
      'lines=0',
      'functions=0',
      'branches=0',
      'statements=0',
      ...(version === 0 ? [] : ['100=false']),
    ].map((words) => `${version === 0 ? '' : 'thresholds.'}${words}`);
    const provider = vitestProvider(environment);
    const coverage = [
      'enabled',
      `provider=${provider ?? ''}`,
      'reporter=json',
      'reportsDirectory=/out/coverage',
      ...thresholds,
    ];
    const located = !(version < 3); // before, it was no option
    return [
      ...[
        ...start,
        '--reporter=json',
        '--outputFile=/out/report.json',
        '--passWithNoTests',
        '--bail=0',
        ...(located ? ['--includeTaskLocation'] : []),
      ],
      ...(provider !== undefined && measured
        ? [...coverage.map((option) => `--coverage.${option}`), ...program.map((path) => `--coverage.include=${path}`)]
        : ['--coverage.enabled=false']),
      ...onlyFiles(framework, script, files),
    ];
  }
  return [
    ...[...start, ...withoutJestConfig(context), '--json', '--outputFile=/out/report.json', '--testLocationInResults'],
    ...['--cacheDirectory=/tmp/jest', '--runInBand', '--passWithNoTests', '--bail=0', '--coverageThreshold={}'],
    ...(measured
      ? [
          '--coverage',
          '--coverageDirectory=/out/coverage',
          '--coverageReporters=json',
          ...program.map((path) => `--collectCoverageFrom=${path}`),
        ]
      : ['--coverage=false']),
    ...onlyFiles(framework, script, files),
  ];
}

/** Runs the project's tests as its own script does, with a report for us. */
function programOf(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  options: Pick<AttemptOptions, 'files' | 'measured'> = { files: null, measured: true },
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

// jest, vitest: 0 all passed or no test was found (only so is there a report that says it), 1 something failed
async function attemptTests(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  options: AttemptOptions = { workspace: context.workspace, variables: {}, files: null, measured: true },
  wallSeconds = context.limits.wallSeconds,
): Promise<TestAttempt & { coverage: string | null }> {
  const program = programOf(context, environment, framework, options);
  return inSandbox(
    context,
    { ...program, env: { ...program.env, ...options.variables }, workspace: options.workspace, wallSeconds },
    async ({ execution, result }) => {
      const report = readNodeReport(context.project, await result('report.json'));
      const coverage = await result('coverage/coverage-final.json');
      return { execution: { ...execution, stdout: '' }, report, accepted: [0], coverage };
    },
  );
}

/** Comments by which code asks not to be counted. */
const coverageHint = /\b(?:istanbul|c8|v8)\s+ignore\b|\bnode:coverage\s+(?:disable|ignore)\b/;

/** Takes those comments out of the program's copy, then becomes the command. */
const withoutHints = `find . -path ./node_modules -prune -o -type f -name '*.*[jt]s*' -exec sed -i -E 's/\\b(istanbul|c8|v8)(\\s+)ignore\\b/\\1-\\2ignore/g; s/node:coverage(\\s)/node-coverage\\1/g' {} + && exec "$@"`;

/** Whether some code asks not to be counted. */
export function asksNotToCount({ project }: CheckContext): boolean {
  return project.files.some(({ path, text }) => isProgram(withinProject(project, path)) && coverageHint.test(text));
}

/** Coverage (as `NodeTests.coverage`) of another run in which no code asks not to be counted. */
export async function unhintedCoverage(context: CheckContext): Promise<string | null> {
  const environment = await installed(context);
  const program = programOf(context, environment, frameworkOf(environment));
  return inSandbox(
    context,
    { ...program, command: ['sh', '-c', withoutHints, 'sh', ...program.command] },
    ({ result }) => result('coverage/coverage-final.json'),
  );
}

/** The coverage of a copy with lines that nothing runs. */
function counterOf(
  context: CheckContext,
  rounds: { made: NodeRounds; prepared: Prepared } | null,
): NodeTests['counter'] {
  const coverage = rounds?.made.coverage ?? null;
  if (rounds === null || coverage === null) return null;
  const lines = rounds.prepared.parts.map(({ file, neverLine }): [string, number] => [
    fromProject(context.project, file),
    neverLine,
  ]);
  return { coverage, never: new Map(lines) };
}

/** The verdict on an answer whose packages hold no framework to run its tests; null when they do. */
function undeclaredFramework({ declared, packages }: Environment, framework: Framework): Outcome | null {
  if (declared.manifest === null || packages.some((name) => name.startsWith(`${framework}@`))) return null;
  const message = `${framework} is to run the tests, and nothing declares it`;
  return failed({
    reason: message,
    facts: { passed: 0, failed: 0, skipped: 0 },
    findings: [finding({ tool: framework, rule: 'missing-import', message, file: declared.file })],
  });
}

/** Runs the project's tests once, for the checks that ask about them. */
export function testsOf(context: CheckContext): Promise<NodeTests> {
  return context.once('typescript-tests', async () => {
    const environment = await installed(context);
    const framework = frameworkOf(environment);
    const { framework: named, other } = readTestScript(environment.declared.scripts);
    const tests = context.project.files.filter(({ path }) => isTestModule(withinProject(context.project, path)));
    const ours = named ?? environment.declared.requirements.find(({ name }) => name === 'jest' || name === 'vitest');
    const foreign = ours !== undefined ? null : (other ?? importedFramework(tests));
    if (foreign !== null)
      return {
        outcome: errored({ reason: `the tests are run by ${foreign}, and Cupel runs Jest and Vitest` }),
        framework,
        coverage: null,
        counter: null,
      };
    const undeclared = undeclaredFramework(environment, named ?? framework);
    if (undeclared !== null) return { outcome: undeclared, framework, coverage: null, counter: null };
    let coverage: string | null = null;
    let seconds = 0;
    let rounds: { made: NodeRounds; prepared: Prepared } | null = null;
    const outcome = await judgeTests({
      tool: framework,
      attempt: async () => {
        const attempt = await attemptTests(context, environment, framework);
        ({ coverage } = attempt);
        seconds = attempt.execution.durationMs / 1000;
        return attempt;
      },
      control: () => controlPasses(context, environment, { framework, provider: undefined }),
      rounds: async (report) => {
        const tested = new Set(report.tests.flatMap(({ file }) => file ?? []));
        const prepared = await prepare(context, environment, context.draw('rounds'), tested);
        const made = new NodeRounds(context, prepared, report, (options, broken) => {
          // A broken program may keep the process from ending: it is not waited for longer than the tests need.
          const longest = broken ? Math.max(20, Math.ceil(2 * seconds)) : context.limits.wallSeconds;
          const wall = Math.min(longest, context.limits.wallSeconds);
          return attemptTests(context, environment, framework, options, wall);
        });
        rounds = { made, prepared };
        return made;
      },
      alone: (run) => context.alone(run),
      loopback: () => hasLoopback(context),
      draw: (purpose) => context.draw(purpose),
    });
    const rest = { framework, coverage, counter: counterOf(context, rounds) };
    if (outcome.status !== 'failed' || other === null || tests.length === 0) return { outcome, ...rest };
    // Started by a program that Cupel does not run, they may find there what they miss here.
    const { facts, evidence, findings } = outcome;
    return {
      outcome: errored({
        reason: `the tests are started by ${other}, which Cupel does not run, and fail without it: ${outcome.reason}`,
        facts,
        evidence,
        findings,
      }),
      ...rest,
    };
  });
}
