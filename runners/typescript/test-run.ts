import { quote } from 'shell-quote';
import { z } from 'zod';
import type { CheckContext } from '../../src/ports/runner.ts';
import { errored } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import { fromProject, isBelow, withinProject } from '../../src/domain/grading/project.ts';
import type { AnswerFile } from '../../src/domain/grading/extraction.ts';
import { NEVER, withReplaced } from '../shared/counter.ts';
import { inSandbox } from '../shared/job.ts';
import type { Program } from '../shared/job.ts';
import { judgeTests } from '../shared/testing/judge.ts';
import { hasLoopback } from '../shared/testing/run.ts';
import type { CounterRun } from '../shared/testing/counter-run.ts';
import type { TestAttempt, TestCase, TestReport } from '../shared/testing/report.ts';
import { listOf, mapOf } from '../shared/report.ts';
import { toolCrashed, toolReport } from '../shared/tools.ts';
import { installed } from './environment.ts';
import type { Environment } from './environment.ts';
import { isProgram, isSource, isTestModule } from './files.ts';
import { readTestScript } from './test-script.ts';
import type { Framework, TestScript } from './test-script.ts';
import { controlPasses } from './testing/control.ts';
import { readNodeReport } from './testing/report.ts';
import { inside } from './toolchain.ts';

/** What came of a test run. */
export interface NodeTests {
  outcome: Outcome;
  framework: Framework;
  /** Istanbul's coverage-final.json, null when the run left none. */
  coverage: string | null;
  /** The same of the counter-run, null when there was none. */
  counterCoverage: string | null;
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

/** A file as patterns for a framework that begins wherever the answer's configuration has its root: at the project, above or below. */
function fromAnyRoot(path: string): string[] {
  const parts = path.split('/');
  const below = parts.map((_, depth) => parts.slice(depth).join('/'));
  return ['', '../', '../../'].flatMap((up) => below.map((rest) => globSafe(`${up}${rest}`)));
}

/** What Jest is told when the answer has neither a package.json nor a configuration for it: without either it does not start. */
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

function commandOf(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  script: TestScript,
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
      ...(provider !== undefined
        ? [...coverage.map((option) => `--coverage.${option}`), ...program.map((path) => `--coverage.include=${path}`)]
        : ['--coverage.enabled=false']),
    ];
  }
  return [
    ...[...start, ...withoutJestConfig(context), '--json', '--outputFile=/out/report.json', '--testLocationInResults'],
    ...['--cacheDirectory=/tmp/jest', '--runInBand', '--passWithNoTests', '--bail=0', '--coverageThreshold={}'],
    ...[
      '--coverage',
      '--coverageDirectory=/out/coverage',
      '--coverageReporters=json',
      ...program.map((path) => `--collectCoverageFrom=${path}`),
    ],
  ];
}

/** Runs the project's tests as its own script does, with a report for us. */
function programOf(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
): Program & { command: string[] } {
  const script = readTestScript(environment.declared.scripts);
  const builds = script.builds.map((words) => `${quote([inside.node, 'node_modules/typescript/bin/tsc', ...words])}; `);
  const command = commandOf(context, environment, framework, script);
  return {
    command: builds.length === 0 ? command : ['sh', '-c', `${builds.join('')}exec "$@"`, 'sh', ...command],
    mounts: environment.mounts,
    env: { ...environment.env, CI: '', ...script.env }, // where CI is set, they write no snapshots, and a new one fails
    results: true,
  };
}

// jest, vitest: 0 all passed or no test was found (only so is there a report that says it), 1 something failed
async function attempt(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  keepCoverage: (report: string | null) => void,
  workspace = context.workspace,
): Promise<TestAttempt> {
  return inSandbox(
    context,
    { ...programOf(context, environment, framework), workspace },
    async ({ execution, result }) => {
      const report = readNodeReport(context.project, await result('report.json'));
      keepCoverage(await result('coverage/coverage-final.json'));
      return { execution: { ...execution, stdout: '' }, report, accepted: [0] };
    },
  );
}

/** Comments by which code asks not to be counted. */
const coverageHint = /\b(?:istanbul|c8|v8) ignore\b/;

/** Takes those comments out of the program's copy, then becomes the command. */
const withoutHints = `find . -path ./node_modules -prune -o -type f -name '*.*[jt]s*' -exec sed -i -E 's/\\b(istanbul|c8|v8) ignore\\b/\\1-ignore/g' {} + && exec "$@"`;

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

/** Test files as `fail-tests.cjs` prints them, by path, with the titles of the tests that fail: none when all of a file do. */
const failingFilesSchema = mapOf(z.object({ text: z.string(), titles: listOf(z.string()) }));
type FailingFiles = z.infer<typeof failingFilesSchema>;

async function failingTests(
  context: CheckContext,
  environment: Environment,
  reported: Readonly<Record<string, string[]>>,
): Promise<FailingFiles> {
  const command = [inside.node, '/cupel/grader/fail-tests.cjs', JSON.stringify(reported)];
  return inSandbox(context, { command, mounts: environment.mounts }, ({ execution }) => {
    if (execution.exitCode !== 0) toolCrashed('making the tests fail', execution);
    return toolReport('making the tests fail', failingFilesSchema, execution);
  });
}

async function counter(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  report: TestReport,
  keepCoverage: (report: string | null) => void,
): Promise<CounterRun> {
  const passed = Map.groupBy(
    report.tests.filter(({ status }) => status === 'passed'),
    ({ file }) => file,
  );
  // Also those of projects within this one: its framework runs them, too.
  const files = context.files.flatMap((file) => {
    const within = isBelow(context.project.root, file.path) ? withinProject(context.project, file.path) : '';
    return isSource(within) ? [{ ...file, within }] : [];
  });
  const tests = files.filter(({ path, within }) => isTestModule(within) || passed.has(path));
  const failing = await failingTests(
    context,
    environment,
    Object.fromEntries(tests.map(({ path, within }) => [within, (passed.get(path) ?? []).map(({ name }) => name)])),
  );
  const replaced = new Map([...failing].map(([path, { text }]) => [path, text]));
  for (const { within, text } of files) {
    if (isProgram(within) && !failing.has(within))
      replaced.set(within, `${text}\n// @ts-ignore\nfunction ${NEVER}() {\n  return 1;\n}\n`);
  }
  const counterAttempt = await withReplaced(context, replaced, (workspace) =>
    attempt(context, environment, framework, keepCoverage, workspace),
  );
  const mustFail = ({ file, name }: TestCase): boolean => {
    const titles = file === null ? undefined : failing.get(withinProject(context.project, file))?.titles;
    return titles !== undefined && (titles.length === 0 || titles.some((title) => name.endsWith(` ${title}`)));
  };
  return { attempt: counterAttempt, mustFail };
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
        counterCoverage: null,
      };
    let coverage: string | null = null;
    let counterCoverage: string | null = null;
    const outcome = await judgeTests({
      tool: framework,
      attempt: () => attempt(context, environment, framework, (report) => (coverage = report)),
      control: () => controlPasses(context, environment, { framework, provider: undefined }),
      counter: (report) => counter(context, environment, framework, report, (kept) => (counterCoverage = kept)),
      alone: (run) => context.alone(run),
      loopback: () => hasLoopback(context),
      draw: (purpose) => context.draw(purpose),
    });
    const rest = { framework, coverage, counterCoverage };
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
