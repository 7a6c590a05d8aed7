/** Decides for each block, on its own and its surroundings, what it is and what it is called. */
import type { BlockRole, Flag } from '../../domain/extraction.ts';
import type { RawBlock } from './blocks.ts';
import { isEdit } from './edits.ts';
import { kindOfTag } from './languages.ts';
import type { Name } from './name.ts';
import { nameOf, nameOfSection } from './naming.ts';
import type { Unit } from './prose.ts';
import { roleOfNamed, roleOfUnnamed } from './roles.ts';
import { severalFiles, type Part } from './several.ts';

/** A block with what was decided about it, before paths are checked. */
export interface Draft {
  block: RawBlock;
  role: BlockRole;
  name: Name | null;
  /** The files of a block that holds several, else null. */
  parts: Part[] | null;
  edit: boolean;
  /** What the block is when its name turns out to be unusable. */
  otherwise: () => BlockRole;
}

/** Decides all blocks, in order. */
export function decideBlocks(blocks: RawBlock[], units: Unit[]): { drafts: Draft[]; flags: Flag[] } {
  const flags: Flag[] = [];
  let next = 0;
  let hadCode = false;
  let section: Unit[] = [];
  const drafts = blocks.map((block) => {
    const above: Unit[] = [];
    for (let unit = units[next]; unit !== undefined && unit.line <= block.line; unit = units[next]) {
      above.push(unit);
      next += 1;
    }
    const { name: own, flag } = nameOf(block, above);
    const name = own ?? nameOfSection(block, section);
    if (flag !== null) flags.push(flag);
    const seen = hadCode;
    const otherwise = (): BlockRole => roleOfUnnamed(block, above, seen);
    const draft = decide(block, name, otherwise);
    section = draft.role === 'shell' || (draft.role === 'example' && draft.name === null) ? [...section, ...above] : [];
    hadCode ||= kindOfTag(block.language) === 'code' || draft.role === 'file' || draft.role === 'unnamed';
    return draft;
  });
  return { drafts, flags };
}

function decide(block: RawBlock, name: Name | null, otherwise: () => BlockRole): Draft {
  const edit = isEdit(block);
  if (edit) return { block, role: 'fragment', name, parts: null, edit, otherwise: () => 'fragment' };
  if (name === null) return { block, role: otherwise(), name, parts: null, edit, otherwise };
  const role = roleOfNamed(block, name);
  const isNamed = role === 'file' || role === 'fragment';
  const parts = role === 'file' ? severalFiles(block, name.paths[0] ?? null) : null;
  return { block, role, name: isNamed ? name : null, parts, edit, otherwise };
}
