import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { z } from 'zod';
import type { CheckContext } from '../../src/ports/runner.ts';
import { errored } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import type { AnswerFile } from '../../src/domain/grading/extraction.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import { withReplaced } from '../shared/counter.ts';
import { inSandbox, insideRoot, temporary } from '../shared/job.ts';
import type { Ran } from '../shared/job.ts';
import { judgeTests } from '../shared/testing/judge.ts';
import { hasLoopback } from '../shared/testing/run.ts';
import type { CounterRun } from '../shared/testing/counter-run.ts';
import type { TestAttempt, TestCase, TestReport } from '../shared/testing/report.ts';
import { listOf, mapOf } from '../shared/report.ts';
import { toolCrashed, toolReport } from '../shared/tools.ts';
import { installed, python } from './environment.ts';
import type { Environment } from './environment.ts';
import { isTest, isTestModule } from './files.ts';
import { noPackage, ownPackage } from './own-package.ts';
import type { OwnPackage } from './own-package.ts';
import { ownCoverage } from './settings.ts';
import { readPythonCoverage } from './testing/coverage-report.ts';
import { readPytestReport } from './testing/report.ts';
import { inside } from './toolchain.ts';

/** What came of a test run. */
export interface PythonTests {
  outcome: Outcome;
  /** JSON of `coverage_report.py`, null when the run left no data. */
  coverage: string | null;
  /** The same of the counter-run, with the lines that nothing runs by path relative to the project's root; null when there was none. */
  counter: { coverage: string; never: ReadonlyMap<string, number> } | null;
}

const readTests = (context: CheckContext, text: string | null): ReturnType<typeof readPytestReport> =>
  readPytestReport(context.project, text, (file) => isTestModule(file.path) || hasTests(file));

/** Programs of tools, which no test runs. */
const toolFiles = ['setup.py', 'noxfile.py', 'hatch_build.py', 'docs/conf.py'].map((name) => `*/${name}`);

/** Test files below the project that belong to another one, which runs them. */
function testsOfOthers({ files, project }: CheckContext): string[] {
  const own = new Set(project.files.map(({ path }) => path));
  const below = project.root === '.' ? '' : `${project.root}/`;
  return files
    .map(({ path }) => path)
    .filter((path) => path.startsWith(below) && !own.has(path) && isTestModule(path))
    .map((path) => withinProject(project, path));
}

const sitePackages = '/tools/venv/lib/python3.11/site-packages';

const hasUnittestCases = (text: string): boolean =>
  text.split('\n').some((line) => line.startsWith('class ') && line.includes('TestCase')) &&
  /^[ \t]+(?:async )?def test/m.test(text);

const hasTests = ({ path, text }: AnswerFile): boolean =>
  path.endsWith('.py') &&
  (hasUnittestCases(text) || (posix.basename(path) === 'tests.py' && /^(?:async )?def test/m.test(text)));

/** What pytest is to be told where no file is named as it wants it, nor does a configuration say how they are: files with tests, or that doctests are meant. */
function unnamedTests({ project, files }: CheckContext): string[] {
  if (
    project.files.some(({ path, text }) => isTestModule(withinProject(project, path)) || /\bpython_files\b/.test(text))
  )
    return [];
  const found = project.files.filter(hasTests).map(({ path }) => withinProject(project, path));
  const saysDoctest =
    files.some(({ path, text }) => !path.endsWith('.py') && /\bdoctest\b/.test(text)) &&
    project.files.some(({ text }) => /^\s*>>> /m.test(text));
  return found.length === 0 && saysDoctest ? ['--doctest-modules'] : found;
}

function pytestCommand(own: OwnPackage, files: readonly string[] = [], ignored: readonly string[] = []): string[] {
  return [
    ...[
      python,
      '-B',
      `${inside.assets}/grader/run_tests.py`,
      '/out/report.ndjson',
      '/out/coverage.db',
      sitePackages,
      JSON.stringify(own),
    ],
    ...['--color=no', '-q', '--tb=short', ...ignored.map((path) => `--ignore=${path}`), ...files],
  ];
}

// pytest: 0 all passed, 1 some failed, 2 interrupted (collection errors), 3 pytest failed, 4 usage, 5 no test collected
async function attempt(
  context: CheckContext,
  environment: Environment,
  keepCoverage: (report: string | null) => void,
  workspace = context.workspace,
): Promise<TestAttempt> {
  const program = {
    command: pytestCommand(ownPackage(context), unnamedTests(context), testsOfOthers(context)),
    mounts: environment.mounts,
    env: environment.env,
    results: true,
    workspace,
  };
  return inSandbox(context, program, async ({ execution, result, results }) => {
    const report = readTests(context, await result('report.ndjson'));
    keepCoverage(report === null ? null : await coverageReports(context, environment, results, workspace));
    // A status that the framework did not end with was forced by somebody else: only the true one is accepted.
    return { execution, report, accepted: report?.exit === 0 ? [0] : [] };
  });
}

async function coverageReports(
  context: CheckContext,
  environment: Environment,
  results: string,
  workspace: string,
): Promise<string | null> {
  const options = {
    omit: ['*/tests/*', '*/test/*', '*/test_*.py', '*/*_test.py', '*/tests.py', '*/conftest.py', ...toolFiles],
    own: ownCoverage(context.project),
  };
  const command = [
    inside.toolsPython,
    '-I',
    `${inside.assets}/grader/coverage_report.py`,
    '/results/coverage.db',
    JSON.stringify(options),
  ];
  const mounts = [...environment.mounts, { source: results, target: '/results' }];
  return inSandbox(context, { command, mounts, workspace }, ({ execution }) =>
    execution.exitCode === 0 ? execution.stdout : null,
  );
}

/** Runs a test of ours in the same environment. */
async function withControl<T>(
  context: CheckContext,
  environment: Environment,
  use: (ran: Ran, workspace: string) => Promise<T>,
): Promise<T> {
  return temporary(async (workspace) => {
    const test = join(workspace, context.project.root, 'test_control.py');
    await mkdir(dirname(test), { recursive: true });
    await writeFile(test, 'def test_control():\n    assert True\n');
    const program = {
      command: pytestCommand(noPackage),
      mounts: environment.mounts,
      env: environment.env,
      results: true,
      workspace,
      cwd: insideRoot(context.project),
    };
    return inSandbox(context, program, (ran) => use(ran, workspace));
  });
}

function controlPasses(context: CheckContext, environment: Environment): Promise<boolean> {
  return withControl(context, environment, async ({ execution, result }) => {
    const report = readTests(context, await result('report.ndjson'));
    return execution.exitCode === 0 && report?.tests.length === 1;
  });
}

/** Whether coverage of a test of ours is measured: where it is not, nothing can be said of the answer's. */
export async function controlIsMeasured(context: CheckContext): Promise<boolean> {
  const environment = await installed(context);
  return withControl(context, environment, async ({ results }, workspace) => {
    const coverage = await coverageReports(context, environment, results, workspace);
    return coverage !== null && readPythonCoverage(coverage) !== null;
  });
}

/** What `fail_tests.py` prints: changed files and lines that nothing runs, each by path, and the names of the tests that fail. */
const failingTestsSchema = z.object({
  files: mapOf(z.string()),
  tests: listOf(z.string()),
  never: mapOf(z.int().positive()),
});
type FailingTests = z.infer<typeof failingTestsSchema>;

/** `folder/test_x.py::TestClass::test_name[parameters]` as `fail_tests.py` names it: the file's name and the function's. */
function functionOf({ name }: TestCase): string {
  const parts = name.replace(/\[.*$/s, '').split('::');
  return `${posix.basename(parts[0] ?? '')}::${parts.at(-1)}`;
}

async function failingTests(
  context: CheckContext,
  environment: Environment,
  report: TestReport,
  only: readonly TestCase[] | null,
): Promise<FailingTests> {
  const reported = new Set((only ?? report.tests.filter(({ status }) => status === 'passed')).map(functionOf));
  const command = [
    inside.toolsPython,
    '-I',
    `${inside.assets}/grader/fail_tests.py`,
    'tests_that_fail',
    JSON.stringify([...reported]),
    only === null ? 'all' : 'these',
  ];
  return inSandbox(context, { command, mounts: environment.mounts }, ({ execution }) => {
    if (execution.exitCode !== 0) toolCrashed('making the tests fail', execution);
    return toolReport('making the tests fail', failingTestsSchema, execution);
  });
}

async function counter(
  context: CheckContext,
  environment: Environment,
  report: TestReport,
  keepCoverage: (counter: PythonTests['counter']) => void,
  only: readonly TestCase[] | null = null,
): Promise<CounterRun> {
  const { files, tests, never } = await failingTests(context, environment, report, only);
  const keep = (coverage: string | null): void => keepCoverage(coverage === null ? null : { coverage, never });
  const counterAttempt = await withReplaced(context, files, (workspace) =>
    attempt(context, environment, keep, workspace),
  );
  const named = new Set(tests);
  if (named.size === 0) return { attempt: counterAttempt, mustFail: () => true };
  return {
    attempt: counterAttempt,
    mustFail: (test) => named.has(functionOf(test)),
    again: (open) => counter(context, environment, report, () => {}, open),
  };
}

/** Whether the tests are Django's own (`manage.py test`): pytest knows how to set that up only by a plugin, or when it is told. */
function isForDjango({ project }: CheckContext, { declared }: Environment): boolean {
  const manages = project.files.some(
    ({ path, text }) => withinProject(project, path) === 'manage.py' && text.includes('DJANGO_SETTINGS_MODULE'),
  );
  return (
    manages &&
    !declared.requirements.some(({ name }) => name === 'pytest-django') &&
    !project.files.some(({ path, text }) => isTest(withinProject(project, path)) && text.includes('django.setup('))
  );
}

/** Runs the project's tests once, for the checks that ask about them. */
export function testsOf(context: CheckContext): Promise<PythonTests> {
  return context.once('python-tests', async () => {
    const environment = await installed(context);
    if (isForDjango(context, environment))
      return {
        outcome: errored({ reason: "the tests are written for Django's own runner, and Cupel runs pytest" }),
        coverage: null,
        counter: null,
      };
    let coverage: string | null = null;
    let counterCoverage: PythonTests['counter'] = null;
    const outcome = await judgeTests({
      tool: 'pytest',
      attempt: () => attempt(context, environment, (report) => (coverage = report)),
      control: () => controlPasses(context, environment),
      counter: (report) => counter(context, environment, report, (kept) => (counterCoverage = kept)),
      alone: (run) => context.alone(run),
      loopback: () => hasLoopback(context),
      draw: (purpose) => context.draw(purpose),
    });
    return { outcome, coverage, counter: counterCoverage };
  });
}
