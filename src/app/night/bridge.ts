/** A new grader is bridged: it grades stored answers that the old one graded, and the line goes on if verdicts stay. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cellKey } from '../../domain/grading/cell.ts';
import type { Night } from '../../domain/runs/night.ts';
import type { RunSummary } from '../../domain/runs/summary.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import { toolChanges } from '../../compare/changes.ts';
import { summaryOf } from '../gate.ts';
import { gradeRunAgain } from '../grade.ts';
import type { Services } from '../services/services.ts';

/** Answers that both graders have to grade alike. */
export const BRIDGING = 30;

/** Whether the last night was graded by another grader or other tools. */
export const otherGrader = (last: Night, tonight: RunSummary): boolean =>
  last.grader !== tonight.grader || toolChanges(last.tools, tonight.tools).length > 0;

/**
 * Grades the last answers of a night's run again. Null where there are not enough of them: then nothing is known, and
 * new lines begin.
 */
export async function bridge(services: Services, last: Night, listener: RunListener): Promise<Night['bridge']> {
  const folder = join(services.root, 'reports', 'runs', last.run);
  if (!existsSync(join(folder, 'results.json'))) return null;
  const before = await summaryOf(services.root, last.run);
  const stored = before.cells.filter(
    ({ cell, verdict }) => verdict !== 'ungraded' && existsSync(join(folder, 'answers', `${cellKey(cell)}.json`)),
  );
  const chosen = stored.slice(-BRIDGING);
  if (chosen.length < BRIDGING) return null;
  services.notify({ kind: 'grading-again', side: 'base', run: last.run });
  const again = await gradeRunAgain(
    services,
    last.run,
    listener,
    chosen.map(({ cell }) => cell),
  );
  const verdicts = new Map(again.grades.map(({ cell, verdict }) => [cellKey(cell), verdict]));
  const changed = chosen.filter(({ cell, verdict }) => verdicts.get(cellKey(cell)) !== verdict).length;
  return { from: last.run, answers: chosen.length, changed };
}
