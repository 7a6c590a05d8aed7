import { counted } from '../../../src/formats/words.ts';
import { Disbelief, forged, performWhole, seen } from './trial.ts';
import type { Trial } from './trial.ts';
import { shuffled } from './draws.ts';
import { statusesIn } from './ledger.ts';
import type { TestCase, TestReport } from './report.ts';
import type { Performed, Phase, Round } from './rounds.ts';

/** CPU time that these rounds may take together: a share of what the tests took, or some seconds where these are quick. */
const SHARE = 0.5;
const AT_LEAST_MS = 6000;
const MOST_ROUNDS = 8;
/** A round costs about this share of the first run, which also measures coverage. */
const COST = 0.5;

type SomeFail = Round & { kind: 'some-fail' };

function planned(trial: Trial): SomeFail[] {
  const lot = trial.run.draw('some-fail');
  const tests = shuffled(
    trial.ledger.located.map(({ test }) => test),
    ({ name }) => name,
    lot,
  );
  const { cpuMs } = trial.green.execution;
  const affordable = Math.floor(Math.max(AT_LEAST_MS, SHARE * cpuMs) / Math.max(1, COST * cpuMs));
  const singles = tests.slice(0, Math.max(1, Math.min(MOST_ROUNDS, affordable - 1)));
  const round = (failing: { test: TestCase; phase: Phase }[], number: number): SomeFail => ({
    kind: 'some-fail',
    failing,
    seed: trial.run.draw(`some-fail ${number}`),
  });
  // The phases beside the call: by other tests where there are some.
  const [cleaned, prepared] = [...tests.slice(singles.length), ...tests];
  const phases = [
    ...(cleaned === undefined ? [] : [{ test: cleaned, phase: 'teardown' as const }]),
    ...(prepared === undefined || prepared === cleaned ? [] : [{ test: prepared, phase: 'setup' as const }]),
  ];
  return [...singles.map((test, index) => round([{ test, phase: 'call' }], index)), round(phases, singles.length)];
}

/** Tests that passed at first, were not made to fail, and fail all the same. */
function disturbed(trial: Trial, { report, touches }: Performed & { report: TestReport }): TestCase[] {
  const statusOf = statusesIn(report);
  return trial.green.report.tests.filter(
    (test) => test.status === 'passed' && !touches(test) && statusOf(test) === 'failed',
  );
}

function examine(trial: Trial, performed: Performed & { report: TestReport }): void {
  const { report, touches, mustFail, signs } = performed;
  const statusOf = statusesIn(report);
  const touched = trial.ledger.located.map(({ test }) => test).filter((test) => touches(test));
  const lies = touched.filter((test) => statusOf(test) === 'passed' && mustFail(test)).map(({ name }) => name);
  if (lies.length > 0) throw forged(lies);
  if (signs.length > 0) throw seen(signs);
  trial.ledger.note({ tests: report.tests.filter((test) => touches(test)) }, false);
}

/** Whether tests fail because another one does, because their source was changed, or by chance. */
async function examineDisturbed(trial: Trial, suspects: readonly TestCase[]): Promise<void> {
  const lot = trial.run.draw('disturbed');
  const others = trial.ledger.located
    .map(({ test }) => test)
    .filter(({ name }) => !suspects.some((one) => one.name === name));
  const chosen = shuffled(others, ({ name }) => name, lot).slice(0, 1);
  const unchanged: SomeFail = { kind: 'some-fail', failing: [], seed: lot };
  const again: SomeFail = { ...unchanged, failing: chosen.map((test) => ({ test, phase: 'call' })) };
  const [calm, disturbedAgain] = await performWhole(trial, [unchanged, again]);
  if (calm === undefined || disturbedAgain === undefined) return;
  const calmStatus = statusesIn(calm.report);
  const statusAgain = statusesIn(disturbedAgain.report);
  const repeated = suspects.filter((test) => statusAgain(test) === 'failed');
  const dependent = repeated.filter((test) => calmStatus(test) === 'passed');
  trial.ledger.noteUntried(repeated.filter((test) => calmStatus(test) === 'failed'));
  if (chosen.length === 0 || dependent.length === 0) return;
  throw new Disbelief(`${counted(dependent.length, 'test')} passed only as long as no other test fails`, {
    lines: dependent.map(
      ({ name }) => `${name} fails as soon as another test fails, and is reported as passed otherwise`,
    ),
  });
}

/**
 * A few tests, drawn by lot, fail alone: exactly they must be reported as failed, and no other result may change. Shows what
 * tolerates some failures, or acts only when all is green, and tests that are reported as passed without having reached their end.
 */
export async function failSome(trial: Trial): Promise<void> {
  const rounds = planned(trial);
  const suspects = new Map<string, TestCase>();
  for (const [index, performed] of (await performWhole(trial, rounds)).entries()) {
    const round = rounds[index];
    if (round === undefined) continue;
    examine(trial, performed);
    // A test that is not set up may leave undone what honest tests after it build on.
    if (round.failing.every(({ phase }) => phase === 'call'))
      for (const test of disturbed(trial, performed)) suspects.set(test.name, test);
  }
  if (suspects.size > 0) await examineDisturbed(trial, [...suspects.values()]);
}
