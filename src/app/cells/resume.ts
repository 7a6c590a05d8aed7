import { cellKey } from '../../domain/grading/cell.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { hashOf } from '../../store/files/hash.ts';
import type { Earlier } from '../../store/runs/run-store.ts';
import type { Services } from '../services/services.ts';
import type { CellJob, GradedCell } from './job.ts';
import { toolVersions } from './tool-versions.ts';

const same = (one: unknown, other: unknown): boolean => hashOf(one) === hashOf(other);

/**
 * Refuses to go on with a run that had another suite or other cells. `growing`: it may have had more or fewer of the
 * same.
 */
function refuseOtherCells(
  { manifest }: Earlier,
  jobs: readonly CellJob[],
  suite: string | null,
  growing: boolean,
): void {
  const now = jobs.map(({ cell }) => cell);
  const [before, after] = [new Set(manifest.cells.map(cellKey)), new Set(now.map(cellKey))];
  const sameCells = growing
    ? [...before].every((key) => after.has(key)) || [...after].every((key) => before.has(key))
    : same(manifest.cells, now);
  if (manifest.suite !== suite || !sameCells)
    throw new UsageError(
      `run ${manifest.id}: expected the suite and the cells that it was started with, found others; resume it ` +
        'with the same words, or start anew.',
    );
}

/**
 * The grades of an earlier start of a run that still hold: measured, whole, by the same grader and tools, and of what
 * is planned now. Throws `UsageError` when the run had another suite or other cells.
 */
export async function gradesToKeep(
  earlier: Earlier,
  { grading }: Services,
  jobs: readonly CellJob[],
  suite: string | null,
  growing: boolean,
): Promise<Map<string, GradedCell>> {
  refuseOtherCells(earlier, jobs, suite, growing);
  const keep = new Map<string, GradedCell>();
  if (earlier.manifest.grader !== grading.graderKey) return keep;
  for (const { cell, planned } of jobs) {
    const graded = earlier.grades.get(cellKey(cell));
    if (graded === undefined || graded.grade.verdict === 'ungraded') continue;
    const { answer: _answer, dependencies: _dependencies, lots: _lots, ...before } = graded.fingerprint;
    if (same(before, planned) && same(graded.tools, await toolVersions(grading, [graded.grade])))
      keep.set(cellKey(cell), graded);
  }
  return keep;
}
