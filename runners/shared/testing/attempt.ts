import { errored, failed, passed } from '../../../src/domain/grading/check.ts';
import type { Evidence, Outcome } from '../../../src/domain/grading/check.ts';
import type { Execution } from '../../../src/ports/sandbox.ts';
import { counted } from '../../../src/formats/words.ts';
import { endOf, evidenceOf } from '../evidence.ts';
import { finding } from '../job.ts';
import { reportFacts } from './facts.ts';
import { count } from './report.ts';
import type { Interrupted, TestAttempt, TestReport } from './report.ts';
import type { TestRun } from './run.ts';
import { failureFindings, limitFindings, portTraces } from './traces.ts';

/** The verdict on one attempt that left a complete report. */
function judgeReport(tool: string, { execution, report, accepted }: TestAttempt & { report: TestReport }): Outcome {
  const facts = reportFacts(report);
  const findings = failureFindings(tool, report);
  const details = { facts, findings, evidence: [evidenceOf(execution)] };
  const [good, bad] = [count(report, 'passed'), count(report, 'failed')];
  const share = good / Math.max(1, good + bad + report.problems.length);
  const fail = (reason: string, score = 0): Outcome => failed({ ...details, reason }, score);
  // With a complete report, words of the program's are no sign of a limit: a test may be called after one.
  if (execution.limit !== null && execution.signal !== null) return fail(`the tests ${endOf(execution)}`);
  if (report.problems.length > 0) {
    return fail(
      `${counted(report.problems.length, 'test file')} could not be run; ` +
        `${counted(good, 'test')} passed, ${bad} failed`,
      share,
    );
  }
  if (bad > 0) return fail(`${bad} of ${good + bad} tests failed`, share);
  const unreported = report.unreported ?? [];
  if (unreported.length > 0) {
    return fail(
      `${counted(unreported.length, 'test')} in the answer neither ran nor is called left out: ` +
        unreported.slice(0, 5).join(', '),
      share,
    );
  }
  if (good === 0) {
    const skipped = count(report, 'skipped') + report.deselected.length;
    return fail(skipped === 0 ? 'no test was collected' : `all ${skipped} tests are skipped or deselected`);
  }
  if (!accepted.includes(execution.exitCode ?? -1)) {
    return fail(`all ${good} tests passed, but the process ended with ${endOf(execution)}`);
  }
  return passed(details);
}

function lastLines(execution: Execution): string {
  const text = execution.stderr.trim() || execution.stdout.trim();
  return text.split('\n').slice(-12).join('\n').slice(-2000);
}

/** What is known of tests whose process ended before its report was complete. */
function interruptedDetails(
  tool: string,
  attempt: TestAttempt,
  interrupted: Interrupted | null,
): Pick<Outcome, 'reason' | 'facts' | 'findings'> & { reason: string } {
  const end = endOf(attempt.execution);
  const facts = { passed: 0, failed: 0, skipped: 0 };
  if (interrupted === null) return { reason: `crashed: ${tool} left no complete report (${end})`, facts, findings: [] };
  for (const { status } of interrupted.tests) facts[status] += 1;
  const { running } = interrupted;
  const where = running === null ? '' : ` in ${running.name}`;
  const before = `${counted(facts.passed, 'test')} had passed before, ${facts.failed} had failed`;
  const reason = `crashed: ${tool} left no complete report (${end}${where}; ${before})`;
  const message = `${running?.name ?? 'the test process'} had begun and did not end: the process ${end}`;
  const place = { file: running?.file ?? null, line: running?.line ?? null };
  const findings = running === null ? [] : [finding({ tool, rule: 'test-interrupted', message, ...place })];
  return { reason, facts, findings: [...findings, ...failureFindings(tool, { ...interrupted, problems: [] })] };
}

/** The verdict on an attempt without a report: the control tells whose fault it is. */
async function judgeCrash(run: TestRun, attempt: TestAttempt, final: boolean): Promise<Outcome> {
  const evidence: Evidence[] = [evidenceOf(attempt.execution)];
  // Time and output are measured from outside; other limits are told from traces, which a broken layer could leave too.
  const beyondDoubt = ['cpu', 'wall', 'output'].includes(attempt.execution.limit ?? '');
  if (!beyondDoubt && !(await run.control())) {
    return errored({ reason: `${run.tool} left no report, and does not run a test of ours either`, evidence });
  }
  const ranOut = ['cpu', 'wall', 'memory'].includes(attempt.execution.limit ?? '') && attempt.execution.signal !== null;
  const interrupted = attempt.interrupted ?? (final && ranOut ? await run.trace?.() : null) ?? null;
  const { reason, facts, findings } = interruptedDetails(run.tool, attempt, interrupted);
  const message = lastLines(attempt.execution) || reason;
  return failed({
    reason,
    evidence,
    facts,
    findings: [
      finding({ tool: run.tool, rule: 'crashed', message }),
      ...findings,
      ...limitFindings(run.tool, 'the test process', message, { file: null, line: null }),
    ],
  });
}

/** The verdict on one attempt at running the tests; `final` when no other attempt follows. */
export async function judgeAttempt(run: TestRun, attempt: TestAttempt, final: boolean): Promise<Outcome> {
  const outcome =
    attempt.report === null
      ? await judgeCrash(run, attempt, final)
      : judgeReport(run.tool, { ...attempt, report: attempt.report });
  const stuck =
    outcome.status === 'failed' &&
    outcome.findings.some(({ message }) => portTraces.test(message)) &&
    !(await run.loopback());
  return stuck
    ? errored({
        reason: 'not measurable here: the tests want a port, and this sandbox has no private loopback',
        evidence: outcome.evidence,
        findings: outcome.findings,
      })
    : outcome;
}
