import { count } from './report.ts';
import type { TestReport } from './report.ts';

/** Names that are listed at most in a fact or as findings. */
export const MOST_NAMES = 50;

/** What a complete report says of the tests, for the facts of the check. */
export function reportFacts(report: TestReport): Record<string, number | string[] | string> {
  return {
    passed: count(report, 'passed'),
    failed: count(report, 'failed'),
    skipped: count(report, 'skipped'),
    skipped_names: report.tests
      .filter((test) => test.status === 'skipped')
      .map((test) => test.name)
      .slice(0, MOST_NAMES),
    deselected: report.deselected.length,
    deselected_names: report.deselected.slice(0, MOST_NAMES),
    files_not_run: [...report.notRun],
    source: 'self-reported by the test process; cross-checked with its exit status, its counts and a counter-run',
  };
}
