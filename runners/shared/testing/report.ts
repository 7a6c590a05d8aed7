import type { Execution } from '../../../src/ports/sandbox.ts';

export type TestStatus = 'passed' | 'failed' | 'skipped';

/** One test that the answer's tests report, as the framework names it. */
export interface TestCase {
  name: string;
  status: TestStatus;
  /** Path relative to the answer's root, null when unknown. */
  file: string | null;
  line: number | null;
  message: string;
  /** How long it took, in milliseconds; absent where that is not reported. */
  durationMs?: number | null;
}

/** What a test framework reported, in machine-readable form. */
export interface TestReport {
  tests: readonly TestCase[];
  /** Errors outside of any test: a module that cannot be imported, a suite that does not compile. */
  problems: readonly Omit<TestCase, 'status'>[];
  /** Tests that the answer's configuration leaves out of this command. */
  deselected: readonly string[];
  /** Test files that the answer's configuration keeps for another command. */
  notRun: readonly string[];
  /** Tests that are there and of which nothing is reported, not even that they are left out. */
  unreported?: readonly string[];
}

/** What a test process reported before it ended in the middle of its work. */
export interface Interrupted {
  tests: readonly TestCase[];
  /** The test that had begun and not ended; null when it is not known. */
  running: { name: string; file: string | null; line: number | null } | null;
}

/** One attempt at running the tests. `report` is null when it is missing or torn. */
export interface TestAttempt {
  execution: Execution;
  report: TestReport | null;
  /** Exit statuses that the framework uses when every test passed. */
  accepted: readonly number[];
  /**
   * Where `report` is null: what was reported before the process ended, for a runner whose framework reports as it
   * goes.
   */
  interrupted?: Interrupted | null;
}

/** How many tests of a report have a status. */
export function count(report: Pick<TestReport, 'tests'>, status: TestStatus): number {
  return report.tests.filter((test) => test.status === status).length;
}
