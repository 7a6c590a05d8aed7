import type { Evidence } from '../../../src/domain/grading/check.ts';
import { counted } from '../../../src/formats/words.ts';
import { endOf, evidenceOf } from '../evidence.ts';
import type { Ledger } from './ledger.ts';
import type { TestAttempt, TestReport } from './report.ts';
import type { Performed, Round, Rounds, Sign } from './rounds.ts';
import type { TestRun } from './run.ts';

/** Why tests that passed are not believed. Thrown by the steps of `confirm` and caught there. */
export class Disbelief extends Error {
  override name = 'Disbelief';
  /** One line for each test, or for what is wrong with all of them. */
  readonly lines: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Whether the fault is ours: nothing was measured. */
  readonly ours: boolean;

  constructor(
    message: string,
    { lines = [], evidence = [], ours = false }: { lines?: string[]; evidence?: Evidence[]; ours?: boolean } = {},
  ) {
    super(message);
    this.lines = lines;
    this.evidence = evidence;
    this.ours = ours;
  }
}

/** What the steps of `confirm` share. */
export interface Trial {
  run: TestRun;
  rounds: Rounds;
  ledger: Ledger;
  /** The run in which all passed. */
  green: TestAttempt & { report: TestReport };
}

/**
 * Performs rounds that must leave a complete report. One that does not is performed once more, with nothing beside it.
 */
export async function performWhole(
  { run, rounds }: Trial,
  wanted: readonly Round[],
): Promise<(Performed & { report: TestReport })[]> {
  const first = await rounds.perform(wanted);
  const whole: (Performed & { report: TestReport })[] = [];
  for (const [index, round] of wanted.entries()) {
    let performed = first[index];
    if (performed?.attempt.report === null) [performed] = await run.alone(() => rounds.perform([round]));
    if (performed === undefined) throw new Error(`a round of ${run.tool} has no result`);
    const { report, execution } = performed.attempt;
    if (report === null) {
      const evidence = [evidenceOf(execution)];
      const what = `made to fail, they left no complete report (${endOf(execution)})`;
      if (await run.control()) throw new Disbelief(`the tests passed, but ${what}`, { evidence });
      throw new Disbelief(`the tests passed, but could not be confirmed: ${what}`, { evidence, ours: true });
    }
    whole.push({ ...performed, report });
  }
  return whole;
}

/** What a test that must fail and is reported as passed is called in a verdict. */
export function forged(names: readonly string[]): Disbelief {
  return new Disbelief(
    `${counted(names.length, 'test')} passed with a failing assertion in it: ` +
      'the report is forged, or what passed is not what the test says',
    { lines: names.map((name) => `${name} is reported as passed, whatever happens in it`) },
  );
}

/** What a round saw itself, as the verdict on all tests. */
export function seen(signs: readonly Sign[]): Disbelief {
  const lines = signs.map(({ message }) => message);
  return new Disbelief(`the tests do not decide what is reported of them: ${lines[0] ?? ''}`, { lines });
}
