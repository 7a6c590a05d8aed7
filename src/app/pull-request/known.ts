/** Graded answers of the base that need not be made again: by what they are, whatever commit they come from. */
import type { CellSummary, RunSummary } from '../../domain/runs/summary.ts';
import { toolChanges } from '../../compare/changes.ts';
import { baselineNames, readBaseline } from '../../store/runs/baselines.ts';
import { runIds } from '../../store/runs/run-store.ts';
import { summaryOf } from '../gate.ts';
import type { IdentifiedCell } from './identity.ts';
import { identityOf } from './sides.ts';

/** How many of the latest runs are looked through. */
const RUNS = 20;

async function candidates(root: string, baseRoot: string): Promise<RunSummary[]> {
  const sources = [
    ...(await baselineNames(root)).map((name) => () => readBaseline(root, name)),
    ...(await baselineNames(baseRoot)).map((name) => () => readBaseline(baseRoot, name)),
    ...(await runIds(root))
      .slice(-RUNS)
      .toReversed()
      .map((run) => () => summaryOf(root, run)),
  ];
  const read = await Promise.all(sources.map((source) => source().catch(() => null))); // a damaged one says nothing
  return read.filter((summary) => summary !== null);
}

/**
 * Graded cells that are, by identity, some of the base's: asked and judged alike, by this grader and these tools.
 * Recordings are not among them: to grade one again asks nobody.
 */
export async function knownCells(
  wanted: readonly IdentifiedCell[],
  { root, baseRoot }: { root: string; baseRoot: string },
  { grader, tools }: Pick<RunSummary, 'grader' | 'tools'>,
): Promise<Map<string, CellSummary>> {
  const asked = new Set(wanted.filter(({ cell }) => cell.model !== 'recorded').map(({ identity }) => identity));
  const known = new Map<string, CellSummary>();
  if (asked.size === 0) return known;
  for (const summary of await candidates(root, baseRoot)) {
    if (summary.grader !== grader || toolChanges(summary.tools, tools).length > 0) continue;
    for (const cell of summary.cells) {
      const { answer: _answer, dependencies: _dependencies, lots: _lots, ...planned } = cell.fingerprint;
      const identity = identityOf(planned, cell.cell.model, cell.cell.repeat);
      if (asked.has(identity) && !known.has(identity) && cell.verdict !== 'ungraded') known.set(identity, cell);
    }
  }
  return known;
}
