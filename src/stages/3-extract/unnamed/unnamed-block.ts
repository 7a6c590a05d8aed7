/** A block of code that nothing names, with all that is known of its surroundings. */
import type { Delivered } from '../code/delivered.ts';
import type { Dialect } from '../code/dialects.ts';
import type { Relation } from '../code/relation.ts';
import type { State } from '../files/state.ts';
import type { Draft } from '../naming/draft.ts';
import { lastSentence } from '../naming/sentence-name.ts';
import type { Habit } from './habit.ts';
import type { Section } from './sections.ts';

export interface UnnamedBlock {
  draft: Draft;
  dialect: Dialect | null;
  relation: Relation;
  /** The file whose label still holds above it. */
  section: Section | null;
  /** A heading stands between it and the last named file. */
  isApart: boolean;
}

/** What the blocks are compared with. */
export interface Answer {
  state: State;
  delivered: Delivered;
  habit: Habit;
  /** The content of every block. */
  blocks: readonly string[][];
}

/** The words between the block before and this one, and the sentence that introduces it. */
export function wordsAbove({ draft }: UnnamedBlock): { introduction: string; before: string } {
  const near = draft.above.at(-1);
  const before = draft.above
    .slice(-3)
    .map(({ rows }) => rows.join(' '))
    .join('\n');
  return { introduction: near === undefined ? '' : lastSentence(near), before };
}
