import type { Cell } from '../domain/grading/cell.ts';
import type { CheckResult } from '../domain/grading/check.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Manifest, Results } from '../domain/runs/run.ts';

/** Where a finished run's artifacts are: absolute paths by what they hold. */
export type Artifacts = Readonly<Record<string, string>>;

/** Something that shows a run while it goes on and when it is done. A hook that throws does not stop the run. */
export interface Reporter {
  runStarted?(run: Manifest): void;
  checkStarted?(cell: Cell, id: string): void;
  checkEnded?(cell: Cell, result: CheckResult, cached: boolean): void;
  cellEnded?(grade: Grade): void;
  runEnded?(results: Results, artifacts: Artifacts): void;
}
