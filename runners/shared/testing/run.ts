import type { CheckContext } from '../../../src/ports/runner.ts';
import type { Interrupted, TestAttempt } from './report.ts';
import type { StartRounds } from './rounds.ts';
import type { Draw } from '../../../src/ports/runner.ts';

/** What a runner hands in to have its tests judged. */
export interface TestRun {
  tool: string;
  attempt(): Promise<TestAttempt>;
  /**
   * Says which test was running when the tests were ended from outside, by running them once more; for a framework that
   * writes its report at the end.
   */
  trace?(): Promise<Interrupted | null>;
  /** Runs one trivial test of ours in the same layer; true when it passed. */
  control(): Promise<boolean>;
  /** Whether programs have a loopback of their own here. */
  loopback(): Promise<boolean>;
  /** Whether coverage is to be measured once more, of a changed copy in which all tests pass. */
  measuresAgain?: boolean;
  /** What is done with tests that passed (`rounds.ts`). */
  rounds: StartRounds;
  /** Draws lots that no answer can foresee. */
  draw: Draw;
  alone<T>(run: () => Promise<T>): Promise<T>;
}

/** Whether programs have a loopback of their own, found by trying. */
export async function hasLoopback(context: CheckContext): Promise<boolean> {
  const { loopback } = await context.once('sandbox-probe', () => context.sandbox.probe());
  return loopback;
}
