/**
 * Which file the text of an answer is about at each block: the one whose label holds until another label or heading.
 */
import type { Unit } from '../markdown/prose.ts';
import type { Draft } from '../naming/draft.ts';
import type { Outcome } from '../files/state.ts';

/** The file that was named last before a block, in the same section. */
export interface Section {
  path: string;
  language: string | null;
  /** Its label is a heading, which holds for all below it. */
  isHeading: boolean;
  /** The number of the step in which it was shown ("Step 1: …"), or null. */
  step: number | null;
  /** The same in a numbered list. */
  item: number | null;
}

const stepNumber = /^\W*(?:\p{L}+\s+){0,2}(?:第\s*)?(\d{1,2})(?:\s*(?:[.:)\]：、,–—-]|步|$)|\s+(?:\p{L}|[-–—]))/u;

/** The number with which the text above a block begins: "Step 2: the sum", "2. …", "Schritt 2", "第2步". */
export function stepOf(above: readonly Unit[]): number | null {
  for (const unit of above.toReversed()) {
    const step = stepNumber.exec(unit.rows[0] ?? '')?.[1];
    if (step !== undefined) return Number(step);
  }
  return null;
}

/** The same where steps are the items of a numbered list, below a heading that names the file. */
export const itemOf = (above: readonly Unit[]): number | null =>
  above.findLast(({ number }) => number !== null)?.number ?? null;

/** The section of each block (by index), and whether a heading stands between the last named file and the block. */
export function sectionsOf(
  drafts: readonly Draft[],
  outcomes: readonly Outcome[],
): { section: Section | null; isApart: boolean }[] {
  let section: Section | null = null;
  let depth = 0;
  let isApart = false;
  return drafts.map((draft, i) => {
    for (const { kind, depth: below } of draft.above) {
      if (kind !== 'heading') continue;
      isApart = true;
      if (below <= depth) section = null;
    }
    const before = { section, isApart };
    const outcome = outcomes[i];
    if (outcome === undefined || outcome.path === null) return before;
    const isHeading = outcome.namedBy === 'heading';
    depth = isHeading ? (draft.above.find(({ line }) => line === outcome.nameLine)?.depth ?? 6) : 6;
    section =
      outcome.role === 'file'
        ? {
            path: outcome.path,
            language: draft.block.language,
            isHeading,
            step: stepOf(draft.above),
            item: itemOf(draft.above),
          }
        : null;
    isApart = false;
    return before;
  });
}
