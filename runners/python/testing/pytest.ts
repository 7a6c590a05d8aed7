import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CheckContext } from '../../../src/ports/runner.ts';
import type { Execution } from '../../../src/ports/sandbox.ts';
import { inSandbox, insideRoot, temporary } from '../../shared/job.ts';
import type { Ran } from '../../shared/job.ts';
import { python } from '../environment.ts';
import type { Environment } from '../environment.ts';
import { noPackage, ownPackage } from '../own-package.ts';
import type { OwnPackage } from '../own-package.ts';
import { inside } from '../toolchain.ts';
import { readPytestReport } from './report.ts';
import type { PytestReport } from './report.ts';
import { isTestFile, testsOfOthers, unnamedTests } from './which-tests.ts';

const sitePackages = '/tools/venv/lib/python3.11/site-packages';

/** How pytest is started once. */
export interface PytestRun {
  /** Host folder to start from instead of the laid-out answer. */
  workspace?: string;
  /** Whether coverage is measured, into `coverage.db` of the results. */
  coverage: boolean;
  /** Most CPU time that a test may take, in seconds; null for as long as the process may. */
  seconds: number | null;
  /** Test files to run, relative to the project's root; null for all. */
  files: readonly string[] | null;
  /** Whether failures are told in full. */
  told: boolean;
}

/**
 * The command is the same in each run: how they differ is said by the input, which is gone before code of the answer
 * runs.
 */
const command = [python, '-B', `${inside.assets}/grader/run_tests.py`, '/out/report.ndjson'];

function inputOf(
  own: OwnPackage,
  { coverage, seconds, told }: Pick<PytestRun, 'coverage' | 'seconds' | 'told'>,
  words: readonly string[],
): string {
  return JSON.stringify({
    own,
    coverage: coverage ? { data: '/out/coverage.db', site: sitePackages } : null,
    seconds,
    arguments: ['--color=no', '-q', told ? '--tb=short' : '--tb=no', ...words],
  });
}

/**
 * Options that keep Hypothesis, which stands in the pinned environment, from being loaded for tests that do not use it:
 * loading it takes longer than most tests.
 */
function withoutPlugins({ files }: CheckContext, { declared }: Environment): string[] {
  const uses = declared.requirements.length > 0 || files.some(({ text }) => /hypothesis/i.test(text));
  return uses ? [] : ['-p', 'no:hypothesispytest'];
}

// pytest: 0 all passed, 1 some failed, 2 interrupted (collection errors), 3 pytest failed, 4 usage, 5 no test collected
/** Starts pytest on the project's tests and hands over its report, and what else it left. */
export function runPytest<T>(
  context: CheckContext,
  environment: Environment,
  run: PytestRun,
  use: (execution: Execution, report: PytestReport, ran: Ran) => Promise<T>,
): Promise<T> {
  const ignored = testsOfOthers(context).map((path) => `--ignore=${path}`);
  const { mounts, env } = environment;
  const words = [...ignored, ...withoutPlugins(context, environment), ...(run.files ?? unnamedTests(context))];
  const input = inputOf(ownPackage(context), run, words);
  const program = { command, mounts, env, results: true, input, workspace: run.workspace ?? context.workspace };
  return inSandbox(context, program, async (ran) =>
    use(ran.execution, readPytestReport(context.project, await ran.result('report.ndjson'), isTestFile), ran),
  );
}

/** Runs a trivial test of ours in the same environment. */
export function withControl<T>(
  context: CheckContext,
  { mounts, env }: Environment,
  use: (ran: Ran, workspace: string) => Promise<T>,
): Promise<T> {
  return temporary(async (workspace) => {
    const test = join(workspace, context.project.root, 'test_control.py');
    await mkdir(dirname(test), { recursive: true });
    await writeFile(test, 'def test_control():\n    assert True\n');
    const input = inputOf(noPackage, { coverage: true, seconds: null, told: true }, []);
    const program = { command, mounts, env, results: true, input, workspace, cwd: insideRoot(context.project) };
    return inSandbox(context, program, (ran) => use(ran, workspace));
  });
}

/** Whether that test passes. */
export function controlPasses(context: CheckContext, environment: Environment): Promise<boolean> {
  return withControl(context, environment, async ({ execution, result }) => {
    const { whole } = readPytestReport(context.project, await result('report.ndjson'), isTestFile);
    return execution.exitCode === 0 && whole?.tests.length === 1;
  });
}
