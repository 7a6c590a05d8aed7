import { errored, failed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import { finding } from '../job.ts';
import { breakProgram } from './broken.ts';
import { failEach } from './fail-each.ts';
import { failSome } from './fail-some.ts';
import { MOST_NAMES } from './facts.ts';
import { Ledger } from './ledger.ts';
import type { TestAttempt, TestReport } from './report.ts';
import type { TestRun } from './run.ts';
import { Disbelief } from './trial.ts';
import type { Trial } from './trial.ts';

function disbelieved(run: TestRun, outcome: Outcome, { message, lines, evidence, ours }: Disbelief): Outcome {
  const details = { facts: outcome.facts, evidence: [...outcome.evidence, ...evidence], reason: message };
  if (ours) return errored(details);
  const findings = lines.slice(0, MOST_NAMES).map((line) => finding({ tool: run.tool, rule: 'forged', message: line }));
  return failed({ ...details, findings });
}

/** The verdict on tests that passed: they are believed as far as each is accounted for (`rounds.ts`). */
export async function confirm(
  run: TestRun,
  outcome: Outcome,
  green: TestAttempt & { report: TestReport },
): Promise<Outcome> {
  const passing = green.report.tests.filter(({ status }) => status === 'passed');
  const rounds = await run.rounds(green.report);
  const ledger = new Ledger(await rounds.locate(passing));
  const trial: Trial = { run, rounds, ledger, green };
  try {
    if (ledger.located.length === 0) {
      const lines = passing.map(({ name }) => `${name} is reported as passed, and is not in the answer's files`);
      throw new Disbelief('none of the tests that are reported as passed is in the answer', { lines });
    }
    await failSome(trial);
    await breakProgram(trial);
    await failEach(trial);
    const accounted = new Set(ledger.accounted());
    if (accounted.size === 0) throw new Disbelief('none of the tests that passed could be made to fail');
    const others = passing.map(({ name }) => name).filter((name) => !accounted.has(name));
    const facts = {
      ...outcome.facts,
      accounted: accounted.size,
      not_accounted_names: others.slice(0, MOST_NAMES),
      noticing: ledger.noticing,
    };
    return { ...outcome, facts };
  } catch (error) {
    if (error instanceof Disbelief) return disbelieved(run, outcome, error);
    throw error;
  }
}
