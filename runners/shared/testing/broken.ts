import { Disbelief } from './trial.ts';
import type { Trial } from './trial.ts';
import { shuffled } from './draws.ts';
import type { Interrupted, TestCase, TestReport } from './report.ts';
import type { Breakage, Performed, Round } from './rounds.ts';

/** How many parts of a program are broken one by one, where breaking all of it at once shows nothing. */
const MOST_PARTS = 8;

/** A test of a broken program is waited for twice as long as the slowest test took, within these bounds. */
const [SHORTEST_WAIT_MS, LONGEST_WAIT_MS] = [1000, 20_000];

function waitFor({ green }: Trial): number {
  const slowest = Math.max(0, ...green.report.tests.map(({ durationMs }) => durationMs ?? 0));
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, Math.ceil(2 * slowest)));
}

/** About this share of the tests is tried first with a broken program, and at least so many. */
const [SAMPLE_SHARE, SAMPLE_LEAST] = [0.2, 10];

/**
 * Tests of some files: frameworks load whole files, so a part of each file's tests saves nothing. Always the same ones,
 * for an answer gains nothing by knowing them: the verdict is that of all tests.
 */
export function sampleOf(tests: readonly TestCase[]): TestCase[] {
  const enough = Math.max(SAMPLE_LEAST, tests.length * SAMPLE_SHARE);
  const files = [...Map.groupBy(tests, ({ name, file }) => file ?? name).entries()];
  const sample: TestCase[] = [];
  for (const [, inFile] of shuffled(files, ([file]) => file, 'sample')) {
    if (sample.length >= enough) break;
    sample.push(...inFile);
  }
  return sample;
}

const reached = ({ attempt }: Performed): Pick<TestReport, 'tests'> | Interrupted =>
  attempt.report ?? attempt.interrupted ?? { tests: [] };

/** What is broken, and for which tests. */
interface Break {
  how: Breakage;
  /** Files of the program; null for all. */
  parts?: readonly string[] | null;
  /** By default those that no broken program has made fail so far. */
  tests?: readonly TestCase[];
}

/** Runs tests with a broken program; true when that changed anything. */
export async function breakIt(
  trial: Trial,
  { how, parts = null, tests = trial.ledger.unmoved() }: Break,
): Promise<boolean> {
  if (tests.length === 0) return false;
  const seed = trial.run.draw(`broken ${how} ${(parts ?? []).join(' ')}`);
  const round: Round = { kind: 'broken', how, parts, tests, waitMs: waitFor(trial), seed };
  const [performed] = await trial.rounds.perform([round]);
  if (performed === undefined) return false;
  const { tests: results } = reached(performed);
  trial.ledger.noteBroken({ tests: results }, how !== 'raise');
  return results.some(({ status }) => status === 'failed') || (performed.attempt.report?.problems.length ?? 0) > 0;
}

/**
 * The program is broken while its tests stay: a test that shows something fails when functions return what they should
 * not. Tests that no broken program changes show nothing, whatever their report says.
 */
export async function breakProgram(trial: Trial): Promise<void> {
  const { ledger, rounds } = trial;
  const all = ledger.unmoved();
  // One test that notices it is enough, so a part of the test files comes first, and the others where none does.
  const sample = sampleOf(all);
  await breakIt(trial, { how: 'nothing', tests: sample });
  if (ledger.noticing > 0) return;
  await breakIt(trial, { how: 'nothing', tests: all.filter((test) => !sample.includes(test)) });
  if (ledger.noticing > 0) return;
  await breakIt(trial, { how: 'anything' });
  if (ledger.noticing > 0) return;
  // All at once may be too much: what a module computes when it is loaded, or helpers of the tests among the broken
  // files.
  const files = await rounds.parts();
  // Where the whole program stands in the files of its tests, nothing of it can be broken while they stay.
  if (files.length === 0) return;
  const parts = shuffled(files, (part) => part, trial.run.draw('parts')).slice(0, MOST_PARTS);
  for (const how of ['nothing', 'anything'] as const)
    for (const part of parts) {
      await breakIt(trial, { how, parts: [part], tests: ledger.located.map(({ test }) => test) });
      if (ledger.noticing > 0) return;
    }
  const calls = await breakIt(trial, { how: 'raise' });
  const asserting = ledger.located.filter(({ asserts }) => asserts).map(({ test }) => test.name);
  // Tests that only call the program, and say nothing about what it returns, do what they say.
  if (calls && asserting.length === 0) return;
  throw new Disbelief(
    calls
      ? 'the tests show nothing: they call the program, and pass whatever it returns'
      : 'the tests show nothing: they pass whatever the program does',
    { lines: asserting.map((name) => `${name} passes also when every function of the program returns something else`) },
  );
}
