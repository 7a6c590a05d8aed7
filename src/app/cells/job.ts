import { cellKey } from '../../domain/grading/cell.ts';
import type { Cell } from '../../domain/grading/cell.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { Judging } from '../../domain/grading/question.ts';
import type { Fingerprint } from '../../domain/runs/run.ts';
import type { CellReference } from '../../ports/cell-queue.ts';
import type { Generated } from '../../stages/2-generate/generate.ts';
import { hashOf } from '../../store/files/hash.ts';

/** One cell to take to its grade. */
export interface CellJob {
  cell: Cell;
  /** By what its answer is judged. */
  judging: Judging;
  /** Languages that its answer probably has: the forecast counts their checks. */
  languages: readonly string[];
  /** What the grade depends on before there is an answer. */
  planned: Omit<Fingerprint, 'answer' | 'dependencies' | 'lots'>;
  /** Key from which lots were drawn when the answer was graded before; null for a new one. */
  lots: string | null;
  /** Whether its tests are run against the wrong programs of its scenario, too. */
  testsCatch?: boolean | undefined;
  /** Asks the model, or reads the answer that is stored. */
  answer(signal: AbortSignal): Promise<Generated>;
}

/** A grade, and the hashes of everything that it rests on. */
export interface GradedCell {
  grade: Grade;
  fingerprint: Fingerprint;
}

/** Hash of what a job asks: an answer that is kept belongs to this question. */
export const questionHash = ({ planned }: CellJob): string => hashOf([planned.request, planned.settings]);

/** What a queue is given of a job. */
export function referenceOf({ cell, planned }: CellJob): CellReference {
  return { cell: cellKey(cell), plan: hashOf(planned), blobs: {} };
}
