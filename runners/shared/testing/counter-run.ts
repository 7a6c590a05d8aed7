import { errored, failed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import { counted } from '../../../src/formats/words.ts';
import { endOf, evidenceOf } from '../evidence.ts';
import { finding } from '../job.ts';
import { MOST_NAMES } from './facts.ts';
import type { TestAttempt, TestCase, TestReport } from './report.ts';
import type { TestRun } from './run.ts';

/** The counter-run's attempt (`counter.ts`), and which of the answer's tests must fail in it. */
export interface CounterRun {
  attempt: TestAttempt;
  mustFail(test: TestCase): boolean;
  /** The same with these tests alone made to fail, where a runner can: a failure may keep others from being run. */
  again?(tests: readonly TestCase[]): Promise<CounterRun>;
}

/** How often tests that the counter-run did not reach are made to fail by themselves; each time some must do so. */
const MOST_ROUNDS = 3;

const withoutParameters = (name: string): string => name.replace(/\[.*$/s, '');

/** Those of the tests that are not seen to fail in a report. Parameters made up anew in each run give a test another name. */
function unproven(tests: readonly TestCase[], report: TestReport): TestCase[] {
  const statuses = new Map(report.tests.map(({ name, status }) => [name, status]));
  const failing = new Set(
    report.tests.filter(({ status }) => status === 'failed').map(({ name }) => withoutParameters(name)),
  );
  return tests.filter(
    ({ name }) => (statuses.get(name) ?? (failing.has(withoutParameters(name)) ? 'failed' : 'skipped')) !== 'failed',
  );
}

/** The verdict on tests that passed, after the counter-run: what does not fail there was never decided by a test. */
export async function confirmByCounterRun(
  run: TestRun & Required<Pick<TestRun, 'counter'>>,
  outcome: Outcome,
  report: TestReport,
): Promise<Outcome> {
  const { facts } = outcome;
  let counterRun = await run.counter(report);
  const evidence = [...outcome.evidence, evidenceOf(counterRun.attempt.execution)];
  const forged = (reason: string, names: readonly string[]): Outcome => {
    const findings = names
      .slice(0, MOST_NAMES)
      .map((name) =>
        finding({ tool: run.tool, rule: 'forged', message: `${name} is reported as passed, whatever happens in it` }),
      );
    return failed({ reason, facts, evidence, findings });
  };
  const unconfirmed = (why: string): Outcome =>
    errored({ facts, evidence, reason: `the tests passed, but could not be confirmed: made to fail, ${why}` });
  let open = report.tests.filter((test) => test.status === 'passed' && counterRun.mustFail(test));
  if (open.length === 0)
    return forged(
      'none of the tests that are reported as passed is in the answer',
      report.tests.map(({ name }) => name),
    );
  for (let round = 1; ; round += 1) {
    const { attempt, mustFail, again } = counterRun;
    if (attempt.report === null) return unconfirmed(`they left no complete report (${endOf(attempt.execution)})`);
    const passing = attempt.report.tests
      .filter((test) => test.status === 'passed' && mustFail(test))
      .map(({ name }) => name);
    if (passing.length > 0)
      return forged(
        `${counted(passing.length, 'test')} passed with a failing assertion in it: the report is forged, or what passed is not what the test says`,
        passing,
      );
    const left = unproven(open, attempt.report);
    if (again === undefined || left.length === 0) return outcome;
    if (attempt.report.problems.length > 0)
      return unconfirmed(`some could not be run (${attempt.report.problems[0]?.name ?? ''})`);
    if (round > 1 && left.length === open.length)
      return forged(
        `${counted(left.length, 'test')} with a failing assertion in it did not fail: skipped, expected to fail, or left out`,
        left.map(({ name }) => name),
      );
    if (round > MOST_ROUNDS) return outcome;
    open = left;
    counterRun = await again(open);
    evidence.push(evidenceOf(counterRun.attempt.execution));
  }
}
