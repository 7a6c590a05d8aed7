/** Decides for each block, on its own and its surroundings, what it is and what it is called. */
import type { Flag } from '../../domain/grading/extraction.ts';
import type { RawBlock } from './markdown/blocks.ts';
import type { Draft } from './naming/draft.ts';
import { isEdit } from './files/edits.ts';
import { folderOf, inFolder, type Folder } from './naming/folders.ts';
import { kindOfTag } from './lexicon/languages.ts';
import type { Name } from './naming/name.ts';
import { nameFromBelow } from './naming/name-below.ts';
import { nameOf, nameOfSection } from './naming/naming.ts';
import type { Unit } from './markdown/prose.ts';
import { roleOfNamed, roleOfUnnamed, type Judged } from './naming/roles.ts';
import { severalFiles } from './naming/several.ts';

/** Decides all blocks, in order. */
export function decideBlocks(blocks: RawBlock[], units: Unit[]): { drafts: Draft[]; flags: Flag[] } {
  const flags: Flag[] = [];
  const between: Unit[][] = [];
  let next = 0;
  let hadCode = false;
  let section: Unit[] = [];
  let previous: Draft | null = null;
  let folder: Folder | null = null;
  let headings: Unit[] = [];
  const drafts = blocks.map((block) => {
    const above: Unit[] = [];
    for (let unit = units[next]; unit !== undefined && unit.line <= block.line; unit = units[next]) {
      above.push(unit);
      next += 1;
    }
    between.push(above);
    const { name: own, flag } = nameOf(block, above);
    folder = folderOf(above, folder);
    const name = inFolder(
      own ?? nameOfSection(block, section) ?? nameOfBefore(previous, above),
      folder,
      above,
      previous?.name ?? null,
    );
    if (flag !== null) flags.push(flag);
    const hadCodeBefore = hadCode;
    const otherwise = (): Judged => roleOfUnnamed(block, above, hadCodeBefore);
    headings = headingsOf(above, headings);
    const draft: Draft = { ...decide(block, name, otherwise), above, topic: wordsOf(headings) };
    previous = draft;
    section = draft.role === 'shell' || (draft.role === 'example' && draft.name === null) ? [...section, ...above] : [];
    hadCode ||= kindOfTag(block.language) === 'code' || draft.role === 'file' || draft.role === 'unnamed';
    return draft;
  });
  between.push(units.slice(next));
  nameFromBelow(drafts, between);
  return { drafts, flags };
}

/** The headings that hold after these units, the outermost first. */
const headingsOf = (above: Unit[], before: Unit[]): Unit[] =>
  above
    .filter(({ kind }) => kind === 'heading')
    .reduce((open, heading) => [...open.filter(({ depth }) => depth < heading.depth), heading], before);

const wordsOf = (units: Unit[]): ReadonlySet<string> =>
  new Set(
    units.flatMap(
      ({ rows }) =>
        rows
          .join(' ')
          .toLowerCase()
          .match(/(?<![\w./-])[a-z][\w-]*(?![\w./-])/g) ?? [],
    ),
  );

/** "After:" below a part of a file is the same part. */
function nameOfBefore(previous: Draft | null, above: Unit[]): Name | null {
  const [only, more] = above;
  const isAfter =
    only !== undefined &&
    more === undefined &&
    /^\W*(?:after|new|to|with(?: this)?|replace(?: it)? with|becomes?)\W*$/i.test(only.rows.join(' '));
  return isAfter && previous?.role === 'fragment' && previous.name !== null
    ? { ...previous.name, extent: 'part' }
    : null;
}

const anEdit: Judged = { role: 'fragment', why: 'an edit of a file: a diff, or search and replace' };

function decide(block: RawBlock, name: Name | null, otherwise: () => Judged): Omit<Draft, 'topic' | 'above'> {
  const edit = isEdit(block);
  if (edit) return { block, ...anEdit, name, parts: null, edit, otherwise: () => anEdit };
  if (name === null) return { block, ...otherwise(), name, parts: null, edit, otherwise };
  const { role, why } = roleOfNamed(block, name);
  const isNamed = role === 'file' || role === 'fragment';
  const parts = role === 'file' ? severalFiles(block, name.paths[0] ?? null) : null;
  return { block, role, why, name: isNamed ? name : null, parts, edit, otherwise };
}
