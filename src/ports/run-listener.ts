import type { Cell } from '../domain/grading/cell.ts';
import type { CheckResult } from '../domain/grading/check.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Manifest, Results } from '../domain/runs/run.ts';

/** Where a finished run's artifacts are: absolute paths by what they hold. */
export type Artifacts = Readonly<Record<string, string>>;

/** Is told how a run goes on. A function of it that throws does not stop the run. */
export interface RunListener {
  /** Called before the first check. `secondsLeft` says at any time how long the rest will probably take, or null. */
  timeLeft?(secondsLeft: () => number | null): void;
  runStarted?(run: Manifest): void;
  checkStarted?(cell: Cell, id: string): void;
  /** `cached`: the outcome was kept from an earlier run. */
  checkEnded?(cell: Cell, result: CheckResult, cached: boolean): void;
  cellEnded?(grade: Grade): void;
  runEnded?(results: Results, artifacts: Artifacts): void;
}
