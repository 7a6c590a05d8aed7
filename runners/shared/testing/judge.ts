import type { Outcome } from '../../../src/domain/grading/check.ts';
import { finding } from '../job.ts';
import { judgeAttempt } from './attempt.ts';
import { confirm } from './confirm.ts';
import type { TestAttempt, TestReport } from './report.ts';
import type { TestRun } from './run.ts';

/** Names of the tests whose outcome differs between two reports. */
function disagreement(first: TestReport | null, second: TestReport | null): string[] {
  const before = new Map((first?.tests ?? []).map((test) => [test.name, test.status]));
  return (second?.tests ?? [])
    .filter((test) => (before.get(test.name) ?? test.status) !== test.status)
    .map((test) => test.name);
}

/**
 * Runs an answer's tests and says what they are worth. A failure or a wall-clock end is run again, alone: that run
 * decides, and disagreement is said. What passes has to be confirmed.
 */
export async function judgeTests(run: TestRun): Promise<Outcome> {
  const { outcome, attempt } = await judgeTwice(run);
  if (outcome.status !== 'passed' || attempt.report === null) return outcome;
  return confirm(run, outcome, { ...attempt, report: attempt.report });
}

async function judgeTwice(run: TestRun): Promise<{ outcome: Outcome; attempt: TestAttempt }> {
  const first = await run.attempt();
  // CPU time does not depend on the machine's load: no second run would say otherwise.
  const usedUp = first.execution.limit === 'cpu';
  const verdict = await judgeAttempt(run, first, usedUp);
  if (verdict.status !== 'failed' || usedUp) return { outcome: verdict, attempt: first };
  const second = await run.alone(() => run.attempt());
  const decided = await judgeAttempt(run, second, true);
  const flaky = disagreement(first.report, second.report);
  if (decided.status === 'passed' && flaky.length === 0) flaky.push('(the test process as a whole)');
  if (flaky.length === 0) return { outcome: decided, attempt: second };
  const findings = flaky.map((name) =>
    finding({
      tool: run.tool,
      rule: 'flaky',
      severity: 'warning',
      message: `${name} had another outcome when it was run again`,
    }),
  );
  return {
    outcome: { ...decided, facts: { ...decided.facts, flaky }, findings: [...decided.findings, ...findings] },
    attempt: second,
  };
}
