/** The prose between the blocks, as units: what a name can stand in. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Nodes } from 'mdast';
import type { RawBlock } from './blocks.ts';

/** One heading, paragraph or the like. Lines are counted from 1. */
export interface Unit {
  kind: 'heading' | 'paragraph' | 'table' | 'other';
  /** Of a heading, 1 to 6; else 0. */
  depth: number;
  /** It is the text of a list item. */
  listItem: boolean;
  /** Its number in a numbered list; null for all other text. */
  number: number | null;
  line: number;
  endLine: number;
  /** Its source lines without heading, list and quotation marks. */
  rows: string[];
}

/** The answer's lines without its blocks: a run of blank lines and each block is one blank line. */
interface Shadow {
  rows: string[];
  /** The answer's line of each row, counted from 1. */
  numbers: number[];
}

/**
 * The units outside of all blocks. The blocks are taken out first: their fences were found already (and repaired, which
 * a Markdown parser cannot), and prose is a tenth of an answer.
 */
export function proseUnits(lines: string[], blocks: RawBlock[]): Unit[] {
  const shadow = withoutBlocks(lines, blocks);
  const units: Unit[] = [];
  collect(fromMarkdown(shadow.rows.map(tame).join('\n'), { extensions: [blocksOnly] }), false, shadow, units);
  return units;
}

function withoutBlocks(lines: string[], blocks: RawBlock[]): Shadow {
  const shadow: Shadow = { rows: [], numbers: [] };
  const add = (row: string, number: number): void => {
    if (row.trim() === '' && shadow.rows.at(-1) === '') return;
    shadow.rows.push(row.trim() === '' ? '' : row);
    shadow.numbers.push(number);
  };
  let at = 1;
  let end = -below;
  for (const block of blocks) {
    for (; at < block.line; at += 1)
      add(block.line - at <= window || at - end <= below ? (lines[at - 1] ?? '') : relevant(lines[at - 1]), at);
    add(block.prose, block.line);
    add('', block.line);
    at = block.endLine + 1;
    end = block.endLine;
  }
  for (; at <= lines.length; at += 1) add(at - end <= below ? (lines[at - 1] ?? '') : relevant(lines[at - 1]), at);
  return shadow;
}

/** So many lines before a block can name it. */
const window = 60;

/** So many lines after a block can still name it ("save it as …"). */
const below = 8;

/** A word for an empty file. */
export const emptyBefore = /\b(?:empty|blank|zero-byte|0-byte)\b/i;

/** Prose far from any block names none: only what may create an empty file matters. */
const relevant = (line = ''): string => (emptyBefore.test(line) ? line : '');

/** Names are looked for in the source of a paragraph, so that what is inside of it need not be parsed. */
const blocksOnly = {
  disable: {
    null: [
      'attention',
      'autolink',
      'characterEscape',
      'characterReference',
      'codeText',
      'definition',
      'hardBreakEscape',
      'htmlText',
      'labelEnd',
      'labelStartImage',
      'labelStartLink',
    ],
  },
};

/** Of a line the parser only needs the start; but HTML ends where it says so. */
const longestRow = 80;
const deepest = 8;
const nesting = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/;

/**
 * A line as the parser gets it. Four columns of indentation make a line code in Markdown; prose that far in is a label
 * over-indented in a list. Nesting beyond all reason is left out: the parser's time and stack grow with it.
 */
function tame(line: string): string {
  const row = (/^\s*</.test(line) ? line.slice(0, 50 * longestRow) : line.slice(0, longestRow))
    .replace(/^[ \t]+(?=[`*\w#<.])/, (space) => (space.length > 3 ? '   ' : space))
    .replace(/^[ \t]{16,}/, ' '.repeat(16));
  const marks = nesting.exec(row)?.[0].replace(/\s|\d/g, '').length ?? 0;
  return marks > deepest ? '' : row;
}

function collect(node: Nodes, listItem: boolean, shadow: Shadow, units: Unit[]): void {
  if (node.type === 'root' || node.type === 'list' || node.type === 'blockquote') {
    for (const child of node.children) collect(child, false, shadow, units);
  } else if (node.type === 'listItem') {
    for (const [index, child] of node.children.entries()) collect(child, index === 0, shadow, units);
  } else if (node.position !== undefined) {
    const [first, last] = [node.position.start.line - 1, node.position.end.line - 1];
    const rows = shadow.rows.slice(first, last + 1).map((row, index) => bareRow(row, index === 0, node.type));
    if (node.type === 'heading' && rows.length > 1) rows.pop(); // the underline
    units.push({
      kind: kindOf(node.type, rows),
      depth: node.type === 'heading' ? node.depth : 0,
      listItem,
      number: listItem ? numberOf(shadow.rows[first]) : null,
      line: shadow.numbers[first] ?? 1,
      endLine: shadow.numbers[last] ?? 1,
      rows,
    });
  }
}

function numberOf(row = ''): number | null {
  const number = /^\s*(?:>[ \t]?)*(\d{1,2})[.)](?=[ \t])/.exec(row)?.[1];
  return number === undefined ? null : Number(number);
}

function kindOf(type: string, rows: string[]): Unit['kind'] {
  if (type === 'heading') return 'heading';
  if (type !== 'paragraph' && type !== 'html' && type !== 'code') return 'other';
  return rows.length > 1 && /^\|?\s*:?-+:?\s*\|/.test(rows[1] ?? '') ? 'table' : 'paragraph';
}

function bareRow(row: string, first: boolean, type: string): string {
  let text = row.trim().replace(/\s{2,}/g, ' ');
  if (first) text = text.replace(/^(?:>[ \t]?|[-*+][ \t]+|\d{1,9}[.)][ \t]+)+/, '');
  else text = text.replace(/^(?:>[ \t]?)+/, '');
  return type === 'heading' ? text.replace(/^#{1,6}[ \t]*/, '').replace(/[ \t]+#+$/, '') : text;
}
