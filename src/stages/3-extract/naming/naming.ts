/** Binds a path to a block: the rules in the order in which they are believed. */
import type { Flag, Naming } from '../../../domain/grading/extraction.ts';
import type { RawBlock } from '../markdown/blocks.ts';
import { headComment } from '../lexicon/comments.ts';
import { extentOfIntroduction, looksWhole, type Extent } from '../lexicon/cues.ts';
import { closest, fits, kindOfTag } from '../lexicon/languages.ts';
import { saysRest } from '../lexicon/versions.ts';
import { labelOf } from './labels.ts';
import { distinct, longer, looksLikePath } from '../lexicon/paths.ts';
import type { Name } from './name.ts';
import { emptyBefore, type Unit } from '../markdown/prose.ts';
import { lastSentence, nameInSentence, pointsAt } from './sentence-name.ts';

/**
 * The block's name, or null, and the flag of a conflict. `above` are the units between the block and the one before it.
 */
export function nameOf(block: RawBlock, above: Unit[]): { name: Name | null; flag: Flag | null } {
  if (block.info.path !== null)
    return {
      name: simple([block.info.path], 'info-string', block.line, block.info.part === true ? 'part' : 'unsaid'),
      flag: null,
    };
  const label = nameAbove(block, above);
  const inside = nameInside(block);
  if (label === null || inside === null) return { name: inside ?? label, flag: null };
  return reconcile(label, inside);
}

const simple = (
  paths: string[],
  namedBy: Naming,
  line: number,
  extent: Extent = 'unsaid',
  dropFirst = false,
): Name => ({
  paths,
  namedBy,
  line,
  extent,
  dropFirst,
});

/**
 * Label and comment both name a file: the longer of two spellings, the comment where they differ. A bare first line
 * that differs belongs to the file.
 */
function reconcile(label: Name, inside: Name): { name: Name; flag: Flag | null } {
  const [a = '', b = ''] = [label.paths[0], inside.paths[0]];
  const extent = inside.extent === 'part' ? 'part' : label.extent;
  const merged = { dropFirst: inside.dropFirst, extent };
  const long = longer(strip(a), strip(b));
  if (label.paths.length > 1) return { name: { ...label, ...merged }, flag: null };
  if (long !== null) return { name: { ...(long === strip(a) ? label : inside), ...merged }, flag: null };
  const weak = label.namedBy === 'sentence';
  if (inside.dropFirst && (!weak || label.extent === 'whole')) return { name: label, flag: null };
  const detail = `The label on line ${label.line} says ${a}, the block's first line ${b}: the block is believed.`;
  const flag: Flag = { code: 'name-conflict', line: inside.line, path: b, detail };
  return { name: { ...inside, extent: inside.extent }, flag: weak ? null : flag };
}

const strip = (path: string): string => path.replace(/^\.\//, '');

/**
 * The label of a section, for a block that shell commands or output stand before: "### `app.py`", install, then the
 * code.
 */
export function nameOfSection(block: RawBlock, section: Unit[]): Name | null {
  if (kindOfTag(block.language) !== 'code') return null;
  for (const unit of section.toReversed()) {
    const label = unit.kind === 'table' || unit.listItem ? null : labelFurtherUp(unit, block, []);
    if (label !== null) return label;
    if (unit.kind === 'heading') return null;
  }
  return null;
}

/** A first comment, or a bare first line, that is a path. */
function nameInside(block: RawBlock): Name | null {
  const kind = kindOfTag(block.language);
  if (kind === 'diff') return null;
  const comment = headComment(block.content, block.language);
  if (
    comment !== null &&
    (kind !== 'shell' || fits(comment.path, block.language) || looksWhole(comment.path, block.content))
  ) {
    const line = block.lines[comment.index] ?? block.line;
    return simple([comment.path], 'comment', line, comment.partial ? 'part' : 'unsaid');
  }
  const first = block.content.findIndex((line) => line.trim() !== '');
  const bare = (block.content[first] ?? '')
    .trim()
    .replace(/^(?:file(?:name)?|path)\s*:\s*/i, '')
    .replace(/:$/, '');
  const next = block.content.slice(first + 1).find((line) => line.trim() !== '');
  if (first < 0 || next === undefined || looksLikePath(next.trim()) || kind === 'shell') return null;
  // what a linter says of the file
  if ((block.language === null || kind === 'text') && /^\s*(?:line\s+)?\d+(?::\d+)?[:\s]/i.test(next)) return null;
  if (!looksLikePath(bare) || !fits(bare, block.language) || !/^[\w@-]*[./][\w./@-]*$/.test(bare)) return null;
  return simple([bare], 'plain-path', block.lines[first] ?? block.line, 'unsaid', true);
}

const reach = 8;

/** A name in the prose above, the nearest first. */
function nameAbove(block: RawBlock, above: Unit[]): Name | null {
  const near = above.at(-1);
  if (near === undefined) return null;
  if (near.listItem && listedLabels(above).length > 1 && !isOwnItem(near, above)) return null;
  const nearest = notContradicted(nameInNearest(block, near), block);
  const isAside = nearest?.namedBy === 'sentence' && !pointsAt(near, nearest.paths[0] ?? '');
  return (isAside ? labelledAbove(block, above) : null) ?? nearest ?? nameFurtherUp(block, above);
}

/** The label of the section, when the sentence just above only speaks of some other file. */
function labelledAbove(block: RawBlock, above: Unit[]): Name | null {
  for (const unit of above.slice(-reach, -1).reverse()) {
    const label = unit.kind === 'table' || unit.listItem ? null : labelFurtherUp(unit, block, above);
    if (label !== null) return label;
    if (unit.kind === 'heading') return null;
  }
  return null;
}

/** A block that begins like a Dockerfile is not one of the files beside it (`.dockerignore`, `docker-compose.yml`). */
function notContradicted(name: Name | null, block: RawBlock): Name | null {
  const [path = ''] = name?.paths ?? [];
  const isOther = /(?:^|\/)(?:\.[\w-]*ignore|(?:docker-)?compose[\w.-]*\.ya?ml|\.env[\w.]*)$/.test(path);
  return isOther && looksWhole('Dockerfile', block.content) ? null : name;
}

function nameInNearest(block: RawBlock, near: Unit): Name | null {
  if (near.kind === 'table' || near.kind === 'other') return null;
  const row = near.rows.at(-1) ?? '';
  const label = labelOf(row, near, mayHaveAnyEnding(block, row));
  if (label !== null && label.paths.every((path) => suits(path, block, label.described))) {
    return simple(
      closest(distinct(label.paths), block.language),
      label.namedBy,
      near.endLine,
      labelExtent(label.verb, row),
    );
  }
  return nameInSentence(near, block.language, true);
}

/** A label with prose between: up to the nearest heading, which may itself be one. */
function nameFurtherUp(block: RawBlock, above: Unit[]): Name | null {
  for (const unit of above.slice(-reach, -1).reverse()) {
    const label = unit.kind === 'table' ? null : notContradicted(labelFurtherUp(unit, block, above), block);
    if (label !== null) return label;
    const sentence =
      unit.kind === 'heading' || /\b(?:creat|named|called|file)/i.test(unit.rows.join(' '))
        ? notContradicted(nameInSentence(unit, block.language, false), block)
        : null;
    if (sentence !== null) return sentence;
    if (unit.kind === 'heading') return null;
  }
  return null;
}

/**
 * List items that are labels: more than one is a list of files, none of which names the block. An item of an empty file
 * needs no block.
 */
const listedLabels = (above: Unit[]): Unit[] =>
  above.filter((unit) => unit.listItem && !saysEmpty(unit) && labelOf(unit.rows.at(-1) ?? '', unit) !== null);

const saysEmpty = ({ rows }: Unit): boolean => emptyBefore.test(rows.join(' '));

/** The last of several items introduces the block with a colon, and no other does. */
function isOwnItem(near: Unit, above: Unit[]): boolean {
  const introduces = ({ rows }: Unit): boolean => /[:：]\W*$/.test(rows.at(-1) ?? '');
  return introduces(near) && listedLabels(above).filter(introduces).length === 1;
}

function labelFurtherUp(unit: Unit, block: RawBlock, above: Unit[]): Name | null {
  const row = unit.rows.at(-1) ?? '';
  const label = labelOf(row, unit, mayHaveAnyEnding(block, row));
  if (label === null || (label.described && unit.kind !== 'heading' && !isBold(unit))) return null;
  if (!label.paths.every((path) => fits(path, block.language))) return null;
  if (unit.listItem && listedLabels(above).length > 1) return null;
  return simple(
    closest(distinct(label.paths), block.language),
    label.namedBy,
    unit.endLine,
    extentFurtherUp(label.verb, unit, above),
  );
}

/**
 * Whether a label may have an ending that is not known: the block is in no known language, and does not use the word
 * itself.
 */
function mayHaveAnyEnding({ language, content }: RawBlock, row: string): boolean {
  const kind = kindOfTag(language);
  if (kind !== null && kind !== 'text' && kind !== 'data') return false;
  const word = /[\w@+-]+(?:\.[\w@+-]+)+/.exec(row)?.[0];
  return word !== undefined && !content.some((line) => line.includes(word));
}

/** What the label says of the block, or else the sentence that introduces it. */
function extentFurtherUp(verb: string, unit: Unit, above: Unit[]): Extent {
  const extent = labelExtent(verb, unit.rows.at(-1) ?? '');
  const near = above.at(-1);
  if (extent !== 'unsaid' || near === undefined || near === unit || near.kind !== 'paragraph') return extent;
  return extentOfIntroduction(lastSentence(near));
}

/**
 * A bold path that begins a paragraph of one line; what it says besides describes the file, as the text after it does.
 */
const isBold = (unit: Unit): boolean =>
  !unit.listItem && unit.rows.length === 1 && /^\*\*`?[^*`]+`?:?\*\*/.test(unit.rows[0] ?? '');

/** What is often tagged as shell. */
const taggedShell = /(?:^|\/)(?:requirements[\w.-]*\.txt|Makefile)$/;

/** A label just above is believed whatever the block's tag, except a program's name above shell commands. */
function suits(path: string, block: RawBlock, isDescribed: boolean): boolean {
  const kind = kindOfTag(block.language);
  if (kind === 'shell' || isDescribed) return fits(path, block.language) || taggedShell.test(path);
  return true;
}

function labelExtent(verb: string, row: string): Extent {
  if (saysRest(row)) return 'rest';
  if (/\blines?\s+\d|\b(?:changed|modified|new) (?:parts?|sections?|lines?)\b/i.test(row)) return 'part';
  if (/^(?:in|inside)$/.test(verb)) return 'unsaid';
  if (/^(?:add to|changes to)$/.test(verb)) return 'part';
  if (/^(?:update|modify|edit|change|extend)$/.test(verb)) return 'update';
  if (/(?:[-–—→:]\s*|\()(?:add|append|update)\b\W*$/i.test(row)) return 'update';
  if (/\((?:partial|excerpt|snippet|changes|updated section|relevant|additions?|add|append)\b/i.test(row))
    return 'part';
  return verb === '' ? 'unsaid' : 'whole';
}
