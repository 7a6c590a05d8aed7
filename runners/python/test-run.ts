import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CheckContext } from '../../src/contract/runner.ts';
import type { Outcome } from '../../src/domain/check.ts';
import { fromProject, withinProject } from '../../src/domain/project.ts';
import { inSandbox, insideRoot, temporary } from '../common/job.ts';
import { hasLoopback, judgeTests } from '../common/tests.ts';
import type { TestAttempt, TestCase, TestReport } from '../common/tests.ts';
import { installed, python } from './environment.ts';
import type { Environment } from './environment.ts';
import { isTestModule } from './files.ts';
import { ownCoverage } from './settings.ts';
import { inside } from './toolchain.ts';

interface Phase {
  event: 'phase';
  name: string;
  when: 'setup' | 'call' | 'teardown';
  outcome: 'passed' | 'failed' | 'skipped';
  xfail: boolean;
  file: string | null;
  line: number | null;
  message: string;
}
type Event =
  | Phase
  | { event: 'problem'; name: string; message: string }
  | { event: 'deselected'; name: string }
  | { event: 'collected'; count: number }
  | { event: 'finish'; exit: number };

/** What came of a test run. */
export interface PythonTests {
  outcome: Outcome;
  /** JSON of `coverage_report.py`, null when the run left no data. */
  coverage: string | null;
}

function statusOf(phases: readonly Phase[]): TestCase['status'] {
  if (phases.some(({ outcome }) => outcome === 'failed')) return 'failed';
  return phases.some(({ outcome, xfail }) => outcome === 'skipped' && !xfail) ? 'skipped' : 'passed';
}

/** The report of `run_tests.py`; null when it is torn: cut off, unreadable, or at odds with itself. */
export function parseReport(context: Pick<CheckContext, 'project'>, text: string | null): (TestReport & { exit: number }) | null {
  if (text === null || !text.endsWith('\n')) return null;
  let events: Event[];
  try {
    events = text.trimEnd().split('\n').map((line) => JSON.parse(line) as Event);
  } catch {
    return null;
  }
  const last = events.at(-1);
  if (last?.event !== 'finish') return null;
  const phases = Map.groupBy(events.filter((event) => event.event === 'phase'), (phase) => phase.name);
  const tests = [...phases].map(([name, own]): TestCase => {
    const telling = own.find(({ outcome }) => outcome === 'failed') ?? own.find(({ outcome }) => outcome === 'skipped') ?? own[0];
    const file = telling?.file ?? null;
    const message = statusOf(own) === 'passed' ? '' : (telling?.message ?? '');
    return { name, status: statusOf(own), file: file === null ? null : fromProject(context.project, file), line: telling?.line ?? null, message };
  });
  const collected = events.find((event) => event.event === 'collected')?.count ?? 0;
  if (last.exit === 0 && collected !== tests.length) return null;
  const deselected = events.filter((event) => event.event === 'deselected').map(({ name }) => name);
  const problems = events
    .filter((event) => event.event === 'problem')
    .map(({ name, message }) => ({ name, message, file: name === '' ? null : fromProject(context.project, name), line: null }));
  const seen = new Set([...phases.keys(), ...deselected, ...problems.map(({ name }) => name)].map((name) => name.split('::')[0]));
  const notRun = context.project.files
    .map((file) => withinProject(context.project, file.path))
    .filter((path) => isTestModule(path) && !seen.has(path));
  return { tests, problems, deselected, notRun, exit: last.exit };
}

const sitePackages = '/tools/venv/lib/python3.11/site-packages';

function pytestCommand(): string[] {
  return [
    ...[python, '-B', `${inside.assets}/grader/run_tests.py`, '/out/report.ndjson', '/out/coverage.db', sitePackages],
    ...['-p', 'no:cacheprovider', '--color=no', '-q', '--tb=short'],
  ];
}

// pytest: 0 all passed, 1 some failed, 2 interrupted (collection errors), 3 pytest failed, 4 usage, 5 no test collected
async function attempt(
  context: CheckContext,
  environment: Environment,
  keepCoverage: (report: string | null) => void,
): Promise<TestAttempt> {
  const program = { command: pytestCommand(), mounts: environment.mounts, env: environment.env, results: true };
  return inSandbox(context, program, async ({ execution, result, results }) => {
    const report = parseReport(context, await result('report.ndjson'));
    keepCoverage(report === null ? null : await coverageReports(context, environment, results));
    // A status that the framework did not end with was forced by somebody else: only the true one is accepted.
    return { execution, report, accepted: report?.exit === 0 ? [0] : [] };
  });
}

async function coverageReports(context: CheckContext, environment: Environment, results: string): Promise<string | null> {
  const options = { omit: ['*/tests/*', '*/test/*', '*/test_*.py', '*/*_test.py', '*/conftest.py'], own: ownCoverage(context.project) };
  const command = [inside.toolsPython, '-I', `${inside.assets}/grader/coverage_report.py`, '/results/coverage.db', JSON.stringify(options)];
  const mounts = [...environment.mounts, { source: results, target: '/results' }];
  return inSandbox(context, { command, mounts }, ({ execution }) => (execution.exitCode === 0 ? execution.stdout : null));
}

async function control(context: CheckContext, environment: Environment): Promise<boolean> {
  return temporary(async (workspace) => {
    const test = join(workspace, context.project.root, 'test_control.py');
    await mkdir(dirname(test), { recursive: true });
    await writeFile(test, 'def test_control():\n    assert True\n');
    const program = { command: pytestCommand(), mounts: environment.mounts, env: environment.env, results: true, workspace, cwd: insideRoot(context.project) };
    return inSandbox(context, program, async ({ execution, result }) => {
      const report = parseReport(context, await result('report.ndjson'));
      return execution.exitCode === 0 && report?.tests.length === 1;
    });
  });
}

/** Runs the project's tests once, for the checks that ask about them. */
export function testsOf(context: CheckContext): Promise<PythonTests> {
  return context.once('python-tests', async () => {
    const environment = await installed(context);
    let coverage: string | null = null;
    const { outcome } = await judgeTests({
      tool: 'pytest',
      attempt: () => attempt(context, environment, (report) => (coverage = report)),
      control: () => control(context, environment),
      alone: (run) => context.alone(run),
      loopback: () => hasLoopback(context),
    });
    return { outcome, coverage };
  });
}
