import { breakIt } from './broken.ts';
import type { TestCase } from './report.ts';
import { counted } from '../../../src/formats/words.ts';
import { Disbelief, forged, performWhole, seen } from './trial.ts';
import type { Trial } from './trial.ts';
import { statusesIn } from './ledger.ts';

/** How often tests that were not reached are made to fail by themselves; each time some must do so. */
const MOST_ROUNDS = 3;

/**
 * What stands between a test's code and its result may be honest: it expects an error, say. Then a broken program
 * changes the result; where none does, all that happens is hidden.
 */
async function breakFor(trial: Trial, tests: readonly TestCase[]): Promise<void> {
  for (const how of ['anything', 'raise'] as const) await breakIt(trial, { how });
  const hidden = tests.filter((test) => !trial.ledger.isMoved(test)).map(({ name }) => name);
  if (hidden.length > 0) throw forged(hidden);
}

/** Every test that has not been seen to fail yet is made to, in every phase. */
export async function failEach(trial: Trial): Promise<void> {
  let open = trial.ledger.unproven();
  for (let number = 1; open.length > 0 && number <= MOST_ROUNDS; number += 1) {
    const seed = trial.run.draw(`all-fail ${number}`);
    const [performed] = await performWhole(trial, [{ kind: 'all-fail', tests: open, seed }]);
    if (performed === undefined) return;
    const statusOf = statusesIn(performed.report);
    const passing = open.filter((test) => performed.touches(test) && statusOf(test) === 'passed');
    const lies = passing.filter((test) => performed.mustFail(test)).map(({ name }) => name);
    if (lies.length > 0) throw forged(lies);
    if (performed.signs.length > 0) throw seen(performed.signs);
    trial.ledger.note(performed.report);
    const unproven = trial.ledger.unproven();
    const evading = unproven.filter((test) => performed.mustFail(test)).map(({ name }) => name);
    if (unproven.length === open.length && number > 1 && evading.length > 0)
      throw new Disbelief(
        `${counted(evading.length, 'test')} with a failing assertion in it did not fail: ` +
          'skipped, expected to fail, or left out',
        { lines: evading.map((name) => `${name} is not reported as failed, whatever happens in it`) },
      );
    // A broken program has to speak for the others, whose result something else decides.
    if (passing.length > 0) await breakFor(trial, passing);
    open = unproven.filter((test) => performed.mustFail(test) || !trial.ledger.isMoved(test));
  }
}
