import type { RawBlock } from '../markdown/blocks.ts';
import type { Unit } from '../markdown/prose.ts';
import type { Name } from './name.ts';
import type { Judged } from './roles.ts';
import type { Part } from './several.ts';

/** A block with what was decided about it, before paths are checked. */
export interface Draft extends Judged {
  block: RawBlock;
  name: Name | null;
  /** The prose between it and the block before. */
  above: Unit[];
  /** The words of the headings above. */
  topic: ReadonlySet<string>;
  /** The files of a block that holds several, else null. */
  parts: Part[] | null;
  edit: boolean;
  /** What the block is when its name turns out to be unusable. */
  otherwise: () => Judged;
}
