import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution } from '../../src/ports/sandbox.ts';
import { errored, failed } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import { counted } from '../../src/formats/words.ts';
import { evidenceOf } from '../shared/evidence.ts';
import { withReplaced } from '../shared/counter.ts';
import { answerPath, finding, inSandbox } from '../shared/job.ts';
import type { Ran } from '../shared/job.ts';
import { judgeTests } from '../shared/testing/judge.ts';
import { hasLoopback } from '../shared/testing/run.ts';
import type { CounterRun } from '../shared/testing/counter-run.ts';
import type { TestAttempt, TestCase, TestReport } from '../shared/testing/report.ts';
import { orNeedsC } from './cgo.ts';
import { installed } from './environment.ts';
import type { Environment } from './environment.ts';
import { failing } from './failing.ts';
import { parseGo } from './packages.ts';
import { readGoReport } from './testing/report.ts';
import type { TestProgram } from './testing/report.ts';
import { compilerCache, compilerEnvironment, goEnvironment } from './toolchain.ts';

/** What came of a test run. */
export interface GoTests {
  outcome: Outcome;
  /** Coverage profiles, one a test program: by code of the answer. */
  profiles: string[];
  /** Coverage profile of the packages without a test, by the compiler alone; null when every package has one. */
  untested: string | null;
  /** The same of the counter-run, with the lines that nothing runs by path relative to the answer's root; null when there was none. */
  counter: { profiles: string[]; never: ReadonlyMap<string, number> } | null;
}

/** What compiling the tests left. */
interface CompiledTests {
  /** Host folder with the programs. */
  folder: string;
  programs: readonly TestProgram[];
  /** Test files in the programs; build constraints keep others out. */
  collected: readonly string[];
  /** Coverage profile of the packages without a test, null when every package has one. */
  untested: string | null;
}

function programsOf(list: string): TestProgram[] {
  return list
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', folder = '', number = ''] = line.split('\t');
      return { package: name, folder, number };
    });
}

/** Report of all programs; null when one of them left none. A program that panicked outside of a test is a problem of its package. */
async function reportOf(
  context: CheckContext,
  environment: Environment,
  { programs, collected }: CompiledTests,
  ran: Ran,
): Promise<TestReport | null> {
  const tests: TestCase[] = [];
  const problems: TestReport['problems'][number][] = [];
  for (const program of programs) {
    const [text, exit] = [await ran.result(`${program.number}.txt`), await ran.result(`${program.number}.exit`)];
    if (text === null || exit === null) return null;
    const events = await eventsOf(context, environment, ran.results, program);
    const report = events === null ? null : readGoReport(context.project, program, { text, exit, events });
    if (report === null) return null;
    tests.push(...report.tests);
    problems.push(...report.problems);
  }
  const notRun = context.project.files
    .map(({ path }) => path)
    .filter((path) => path.endsWith('_test.go') && !collected.includes(path));
  return { tests, problems, deselected: [], notRun };
}

const TEST2JSON = '/golang/go/pkg/tool/*/test2json';

// test2json: 0 it read to the end, 1 it could not read or write
/** What test2json makes of what a program printed; null when it does not get to its end, for the text may be anything. */
async function eventsOf(
  context: CheckContext,
  environment: Environment,
  results: string,
  { package: name, number }: TestProgram,
): Promise<string | null> {
  const program = {
    command: ['sh', '-c', `${TEST2JSON} -p "$0" < "$1" > /out/events`, name, `/results/${number}.txt`],
    mounts: [...environment.mounts, { source: results, target: '/results' }],
    env: goEnvironment,
    cwd: '/w',
    results: true,
  };
  return inSandbox(context, program, ({ execution, result }) => (execution.exitCode === 0 ? result('events') : null));
}

async function profilesOf({ programs }: CompiledTests, ran: Ran): Promise<string[]> {
  const left = await Promise.all(programs.map(({ number }) => ran.result(`${number}.cov`)));
  return left.filter((profile) => profile !== null);
}

/** Compiles the tests, with the compiler's shared cache in reach and no code of the answer running. */
async function compiled<T>(
  context: CheckContext,
  environment: Environment,
  workspace: string,
  use: (execution: Execution, tests: CompiledTests) => Promise<T>,
): Promise<T> {
  const program = {
    command: environment.command(['sh', '/cupel/grader/compile_tests.sh']),
    mounts: [...environment.mounts, await compilerCache(context)],
    env: { ...compilerEnvironment, GOMODCACHE: '/env/mod' },
    results: true,
    workspace,
  };
  return inSandbox(context, program, async ({ execution, result, results }) => {
    const collected = ((await result('collected')) ?? '')
      .split('\n')
      .map((path) => answerPath(context.project, path))
      .filter((path) => path !== null);
    return use(execution, {
      folder: results,
      programs: programsOf((await result('packages')) ?? ''),
      collected,
      untested: await result('untested.cov'),
    });
  });
}

function notCompiled(context: CheckContext, execution: Execution): Outcome {
  const errors = parseGo(context, 'go', 'compile', execution.stderr);
  const findings =
    errors.length > 0
      ? errors
      : [finding({ tool: 'go', rule: 'build-failed', message: execution.stderr.trim().slice(-1500) })];
  return failed({
    reason: `the tests do not compile: ${counted(errors.length, 'error')}`,
    facts: { passed: 0, failed: 0, skipped: 0 },
    findings,
    evidence: [evidenceOf(execution)],
  });
}

/** Runs compiled tests; hands their coverage profiles to `keepProfiles`. */
function attempt(
  context: CheckContext,
  environment: Environment,
  workspace: string,
  tests: CompiledTests,
  keepProfiles: (profiles: string[]) => void,
): Promise<TestAttempt> {
  const program = {
    command: environment.command(['sh', '/cupel/grader/run_tests.sh']),
    mounts: [...environment.mounts, { source: tests.folder, target: '/tests' }],
    // Tests may build programs of the answer's: with a cache that is theirs alone, and the modules that it has.
    env: { ...goEnvironment, GOCACHE: '/tmp/gocache', GOMODCACHE: '/env/mod' },
    results: true,
    workspace,
  };
  return inSandbox(context, program, async (ran) => {
    const report = await reportOf(context, environment, tests, ran);
    keepProfiles(await profilesOf(tests, ran));
    return { execution: ran.execution, report, accepted: [0] };
  });
}

async function counter(
  context: CheckContext,
  environment: Environment,
  keep: (counter: GoTests['counter']) => void,
): Promise<CounterRun> {
  const { files, names, never } = failing(context.project);
  const keepProfiles = (profiles: string[]): void => keep({ profiles, never });
  const counterAttempt = await withReplaced(context, files, (workspace) =>
    compiled(context, environment, workspace, async (execution, tests) =>
      execution.exitCode === 0
        ? attempt(context, environment, workspace, tests, keepProfiles)
        : { execution, report: null, accepted: [] },
    ),
  );
  // Tests within a test pass on their own: `package.TestName` must fail, not `package.TestName/part`.
  return { attempt: counterAttempt, mustFail: ({ name }) => names.has(name.slice(name.lastIndexOf('.') + 1)) };
}

async function run(context: CheckContext, environment: Environment, tests: CompiledTests): Promise<GoTests> {
  let profiles: string[] = [];
  let counterProfiles: GoTests['counter'] = null;
  const outcome = await judgeTests({
    tool: 'go test',
    attempt: () => attempt(context, environment, context.workspace, tests, (kept) => (profiles = kept)),
    control: () => control(context, environment),
    counter: () => counter(context, environment, (kept) => (counterProfiles = kept)),
    alone: (work) => context.alone(work),
    loopback: () => hasLoopback(context),
    draw: (purpose) => context.draw(purpose),
  });
  return { outcome, profiles, untested: tests.untested, counter: counterProfiles };
}

/** Whether the sandbox runs programs of the pinned Go at all: the command itself, and what reads the tests' output. */
async function control(context: CheckContext, environment: Environment): Promise<boolean> {
  const read = `printf '=== RUN   TestControl\\n--- PASS: TestControl (0.00s)\\nPASS\\n' | ${TEST2JSON} | grep -q '"pass","Test":"TestControl"'`;
  for (const command of [
    ['/golang/go/bin/go', 'version'],
    ['sh', '-c', read],
  ]) {
    const program = { command, mounts: environment.mounts, env: goEnvironment, cwd: '/w' };
    if ((await inSandbox(context, program, ({ execution }) => execution.exitCode)) !== 0) return false;
  }
  return true;
}

async function runTests(context: CheckContext): Promise<GoTests> {
  const environment = await installed(context);
  const only = (outcome: Outcome): GoTests => ({ outcome, profiles: [], untested: null, counter: null });
  return compiled(context, environment, context.workspace, async (execution, tests): Promise<GoTests> => {
    const tested = context.project.files.some(({ path }) => withinProject(context.project, path).endsWith('_test.go'));
    if (execution.exitCode !== 0) {
      if (execution.limit === null && !(await control(context, environment)))
        return only(errored({ reason: 'go does not run in the sandbox', evidence: [evidenceOf(execution)] }));
      return only(notCompiled(context, execution));
    }
    if (tests.programs.length > 0) return run(context, environment, tests);
    const reason = tested ? 'no test was collected' : 'there is no test file';
    return only(failed({ reason, facts: { passed: 0, failed: 0, skipped: 0 }, evidence: [evidenceOf(execution)] }));
  });
}

/** Runs the project's tests once, for the checks that ask about them. */
export function testsOf(context: CheckContext): Promise<GoTests> {
  return context.once('go-tests', async () => {
    const tests = await runTests(context);
    return { ...tests, outcome: await orNeedsC(context, await installed(context), tests.outcome) };
  });
}
