import { Disbelief } from './trial.ts';
import type { Trial } from './trial.ts';
import { shuffled } from './draws.ts';
import type { Interrupted, TestReport } from './report.ts';
import type { Breakage, Performed, Round } from './rounds.ts';

/** How many parts of a program are broken one by one, where breaking all of it at once shows nothing. */
const MOST_PARTS = 8;

/** A test of a broken program is waited for twice as long as the slowest test took, within these bounds. */
const [SHORTEST_WAIT_MS, LONGEST_WAIT_MS] = [1000, 20_000];

function waitFor({ green }: Trial): number {
  const slowest = Math.max(0, ...green.report.tests.map(({ durationMs }) => durationMs ?? 0));
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, Math.ceil(2 * slowest)));
}

const reached = ({ attempt }: Performed): Pick<TestReport, 'tests'> | Interrupted =>
  attempt.report ?? attempt.interrupted ?? { tests: [] };

/** Runs the tests that nothing has moved so far with a broken program; true when that changed anything. */
export async function breakIt(trial: Trial, how: Breakage, parts: readonly string[] | null = null): Promise<boolean> {
  const tests = parts === null ? trial.ledger.unmoved() : trial.ledger.located.map(({ test }) => test);
  if (tests.length === 0) return false;
  const seed = trial.run.draw(`broken ${how} ${(parts ?? []).join(' ')}`);
  const round: Round = { kind: 'broken', how, parts, tests, waitMs: waitFor(trial), seed };
  const [performed] = await trial.rounds.perform([round]);
  if (performed === undefined) return false;
  const { tests: results } = reached(performed);
  trial.ledger.note({ tests: results }, how !== 'raise');
  return results.some(({ status }) => status === 'failed') || (performed.attempt.report?.problems.length ?? 0) > 0;
}

/**
 * The program is broken while its tests stay: a test that shows something fails when functions return what they should
 * not. Tests that no broken program changes show nothing, whatever their report says.
 */
export async function breakProgram(trial: Trial): Promise<void> {
  const { ledger, rounds } = trial;
  await breakIt(trial, 'nothing');
  // Most tests notice it: another run of all of them would say no more about the verdict.
  if (ledger.noticing * 2 >= ledger.located.length) return;
  if (ledger.noticing > 0) return;
  await breakIt(trial, 'anything');
  if (ledger.noticing > 0) return;
  // All at once may be too much: what a module computes when it is loaded, or helpers of the tests among the broken
  // files.
  const files = await rounds.parts();
  // Where the whole program stands in the files of its tests, nothing of it can be broken while they stay.
  if (files.length === 0) return;
  const parts = shuffled(files, (part) => part, trial.run.draw('parts')).slice(0, MOST_PARTS);
  for (const how of ['nothing', 'anything'] as const)
    for (const part of parts) {
      await breakIt(trial, how, [part]);
      if (ledger.noticing > 0) return;
    }
  const calls = await breakIt(trial, 'raise');
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
