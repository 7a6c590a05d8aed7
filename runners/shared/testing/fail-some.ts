import { counted } from '../../../src/formats/words.ts';
import { Disbelief, forged, performWhole, seen } from './trial.ts';
import type { Trial } from './trial.ts';
import { shuffled } from './draws.ts';
import { statusesIn } from './ledger.ts';
import type { TestCase, TestReport } from './report.ts';
import type { Performed, Phase, Round } from './rounds.ts';

/**
 * CPU time that these rounds may take together: a share of what the tests took, or some seconds where these are quick.
 */
const SHARE = 0.5;
const AT_LEAST_MS = 3000;
const MOST_ROUNDS = 6;
/** A round costs about this share of the first run, which also measures coverage. */
const COST = 0.6;

type SomeFail = Round & { kind: 'some-fail' };

/** The phases in which the drawn test of each round fails: what matters most comes first. */
const phasesOf = (number: number): Phase[] =>
  number === 0 ? ['call', 'teardown'] : number === 1 ? ['setup'] : ['call'];

function planned(trial: Trial): SomeFail[] {
  const tests = shuffled(
    trial.ledger.located.map(({ test }) => test),
    ({ name }) => name,
    trial.run.draw('some-fail'),
  );
  const { cpuMs } = trial.green.execution;
  const affordable = Math.floor(Math.max(AT_LEAST_MS, SHARE * cpuMs) / Math.max(1, COST * cpuMs));
  const rounds = Math.max(1, Math.min(MOST_ROUNDS, affordable, tests.length + 1));
  return Array.from({ length: rounds }, (_, number): SomeFail => {
    // The round of `setup` takes no test away from the others.
    const test = tests[number === 0 ? 0 : number - 1] ?? tests[0];
    const failing = test === undefined ? [] : phasesOf(number).map((phase) => ({ test, phase }));
    return { kind: 'some-fail', failing, seed: trial.run.draw(`some-fail ${number}`) };
  });
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
  trial.ledger.note({ tests: report.tests.filter((test) => touches(test)) });
}

/** Throws where tests passed only as long as something else was so; says how they do now. */
function dependent(tests: readonly TestCase[], what: string): void {
  if (tests.length === 0) return;
  throw new Disbelief(`${counted(tests.length, 'test')} passed only ${what}`, {
    lines: tests.map(({ name }) => `${name} is reported as passed only ${what}`),
  });
}

/**
 * Whether tests fail because another one does, because coverage is not measured, because their source was changed, or
 * by chance.
 */
async function examineDisturbed(trial: Trial, suspects: readonly TestCase[]): Promise<void> {
  const lot = trial.run.draw('disturbed');
  const others = trial.ledger.located
    .map(({ test }) => test)
    .filter(({ name }) => !suspects.some((one) => one.name === name));
  const chosen = shuffled(others, ({ name }) => name, lot).slice(0, 1);
  const calm: SomeFail = { kind: 'some-fail', failing: [], seed: lot };
  const again: SomeFail = { ...calm, failing: chosen.map((test) => ({ test, phase: 'call' })) };
  const failsIn = async (round: Round): Promise<(test: TestCase) => boolean> => {
    const [performed] = await performWhole(trial, [round]);
    const statusOf = performed === undefined ? () => 'absent' : statusesIn(performed.report);
    return (test) => statusOf(test) === 'failed';
  };
  const failAgain = suspects.filter(await failsIn(again));
  if (failAgain.length === 0) return;
  const failCalm = await failsIn(calm);
  dependent(chosen.length === 0 ? [] : failAgain.filter((test) => !failCalm(test)), 'while no other test fails');
  dependent(failAgain.filter(await failsIn({ kind: 'unchanged', seed: lot })), 'while coverage is measured');
  trial.ledger.noteUntried(failAgain);
}

/**
 * A few tests, drawn by lot, fail alone: exactly they must be reported as failed, and no other result may change. Shows
 * what tolerates some failures, or acts only when all is green, and tests that are reported as passed without having
 * reached their end.
 */
export async function failSome(trial: Trial): Promise<void> {
  const green: SomeFail = { kind: 'some-fail', failing: [], seed: trial.run.draw('green') };
  const rounds = [...(trial.run.measuresAgain === true ? [green] : []), ...planned(trial)];
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
