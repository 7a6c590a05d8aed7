import type { CheckContext } from '../../../src/ports/runner.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import { answerPath, inSandbox } from '../../shared/job.ts';
import type { Ran } from '../../shared/job.ts';
import type { Interrupted, TestAttempt, TestCase, TestReport } from '../../shared/testing/report.ts';
import type { Environment } from '../environment.ts';
import { goEnvironment } from '../compiling.ts';
import { finished } from '../last-word.ts';
import type { CompiledTests } from './compile.ts';
import type { Prepared } from './prepare.ts';
import { endedIn, readGoReport, runningIn } from './report.ts';
import type { TestProgram } from './report.ts';

export const TEST2JSON = '/golang/go/pkg/tool/*/test2json';

// test2json: 0 it read to the end, 1 it could not read or write
/**
 * What test2json makes of what a program printed; null when it does not get to its end, for the text may be anything.
 */
async function eventsOf(
  context: CheckContext,
  environment: Environment,
  results: string,
  { package: name, number }: TestProgram,
  ending: string,
): Promise<string | null> {
  const program = {
    command: [
      'sh',
      '-c',
      `{ cat "$1"; printf %s "$2"; } | ${TEST2JSON} -p "$0" > /out/events`,
      name,
      `/results/${number}.txt`,
      ending,
    ],
    mounts: [...environment.mounts, { source: results, target: '/results' }],
    env: goEnvironment,
    cwd: '/w',
    results: true,
  };
  return inSandbox(context, program, ({ execution, result }) => (execution.exitCode === 0 ? result('events') : null));
}

/** With this, test2json says of the last tests that they ended, as far as they did. */
const FLUSH = '\n\u0016FAIL\n';

/**
 * What `go test` adds where a program ended with an error and without a last word: with it, the test in which it
 * panicked has failed.
 */
const endingOf = (text: string, exit: string): string => (exit.trim() === '0' || finished(text) ? '' : FLUSH);

/**
 * Tests that stand in the compiled files of a program and are not in its report: something kept them from being run.
 */
function leftOut(
  context: CheckContext,
  program: TestProgram,
  { collected }: CompiledTests,
  found: Prepared,
  tests: readonly TestCase[],
): TestReport['problems'][number][] {
  const names = new Set(tests.map(({ name }) => name));
  return found.tests
    .filter(({ file }) => collected.includes(fromProject(context.project, file)))
    .filter(({ dir }) => answerPath(context.project, dir) === answerPath(context.project, program.folder))
    .filter(({ name }) => !names.has(`${program.package}.${name}`))
    .map(({ name, file, line }) => ({
      name: `${program.package}.${name}`,
      file: fromProject(context.project, file),
      line,
      message: 'stands in the test file, and is not in the report: it was left out, or the tests ended before it did',
    }));
}

const TORN = { report: null, interrupted: null };

/** What is known of a program that was ended at a limit, and of those before it. */
async function interruptedBy(
  context: CheckContext,
  environment: Environment,
  program: TestProgram,
  before: readonly TestCase[],
  { found, ran }: { found: Prepared; ran: Ran },
): Promise<Interrupted> {
  const events = (await eventsOf(context, environment, ran.results, program, FLUSH)) ?? '';
  const name = runningIn(events);
  const place = found.tests.find(
    ({ name: own, dir }) =>
      own === name?.split('/')[0] && answerPath(context.project, dir) === answerPath(context.project, program.folder),
  );
  const file = place === undefined ? null : fromProject(context.project, place.file);
  return {
    tests: [...before, ...endedIn(context.project, program, events)],
    running: name === null ? null : { name: `${program.package}.${name}`, file, line: place?.line ?? null },
  };
}

/**
 * Report of all programs; null when one of them left none. A program that panicked outside of a test is a problem of
 * its package.
 */
async function reportOf(
  context: CheckContext,
  environment: Environment,
  tests: CompiledTests,
  found: Prepared,
  ran: Ran,
): Promise<Pick<TestAttempt, 'report' | 'interrupted'>> {
  const cases: TestCase[] = [];
  const problems: TestReport['problems'][number][] = [];
  for (const program of tests.programs) {
    const [text, exit] = [await ran.result(`${program.number}.txt`), await ran.result(`${program.number}.exit`)];
    if (text !== null && exit === null && ran.execution.limit !== null)
      return { report: null, interrupted: await interruptedBy(context, environment, program, cases, { found, ran }) };
    if (text === null || exit === null) return TORN;
    const events = await eventsOf(context, environment, ran.results, program, endingOf(text, exit));
    const report = events === null ? null : readGoReport(context.project, program, { text, exit, events });
    if (report === null) return TORN;
    const well = report.problems.length === 0 && !report.tests.some(({ status }) => status === 'failed');
    cases.push(...report.tests);
    problems.push(...report.problems, ...(well ? leftOut(context, program, tests, found, report.tests) : []));
  }
  const notRun = context.project.files
    .map(({ path }) => path)
    .filter((path) => path.endsWith('_test.go') && !tests.collected.includes(path));
  return { report: { tests: cases, problems, deselected: [], notRun } };
}

/** Compiled tests to be run once. */
export interface GoAttempt {
  workspace: string;
  tests: CompiledTests;
  /** What was found in the test files by reading them. */
  found: Prepared;
  /** Words that make changed tests fail (`prepare.ts`). */
  words: readonly string[];
}

/** Runs compiled tests; `profiles` are their coverage profiles, one a program. */
export function attemptTests(
  context: CheckContext,
  environment: Environment,
  { workspace, tests, found, words }: GoAttempt,
): Promise<TestAttempt & { profiles: string[] }> {
  const program = {
    command: environment.command(['sh', '/cupel/grader/run_tests.sh']),
    mounts: [...environment.mounts, { source: tests.folder, target: '/tests' }],
    // Tests may build programs of the answer's: with a cache that is theirs alone, and the modules that it has.
    env: { ...goEnvironment, GOMODCACHE: '/env/mod', [found.variable]: words.join(' ') },
    results: true,
    workspace,
  };
  return inSandbox(context, program, async (ran) => {
    const read = await reportOf(context, environment, tests, found, ran);
    const left = await Promise.all(tests.programs.map(({ number }) => ran.result(`${number}.cov`)));
    return { execution: ran.execution, ...read, accepted: [0], profiles: left.filter((profile) => profile !== null) };
  });
}
