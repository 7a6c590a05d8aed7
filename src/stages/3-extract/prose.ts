/** The prose between the blocks, as units: what a name can stand in. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Nodes } from 'mdast';
import type { RawBlock } from './blocks.ts';

/** One heading, paragraph or the like. Lines are counted from 1. */
export interface Unit {
  kind: 'heading' | 'paragraph' | 'table' | 'other';
  /** It is the text of a list item. */
  listItem: boolean;
  line: number;
  endLine: number;
  /** Its source lines without heading, list and quotation marks. */
  rows: string[];
}

/**
 * The units outside of all blocks. The blocks are blanked out first: their fences were found already (and repaired, which
 * a Markdown parser cannot), and prose is a tenth of an answer.
 */
export function proseUnits(lines: string[], blocks: RawBlock[]): Unit[] {
  const shadow = [...lines];
  for (const block of blocks) {
    for (let i = block.line - 1; i < block.endLine; i += 1) shadow[i] = i === block.line - 1 ? block.prose : '';
  }
  const units: Unit[] = [];
  collect(fromMarkdown(shadow.map(dropIndent).join('\n')), false, shadow, units);
  return units;
}

// Four columns of indentation make a line code in Markdown; prose that far in is a label over-indented in a list.
const dropIndent = (line: string): string => line.replace(/^[ \t]+(?=[`*\w#<.]|\d)/, (space) => (space.length > 3 ? '   ' : space));

function collect(node: Nodes, listItem: boolean, lines: string[], units: Unit[]): void {
  if (node.type === 'root' || node.type === 'list' || node.type === 'blockquote') {
    for (const child of node.children) collect(child, false, lines, units);
  } else if (node.type === 'listItem') {
    for (const [index, child] of node.children.entries()) collect(child, index === 0, lines, units);
  } else if (node.position !== undefined) {
    const { start, end } = node.position;
    const rows = lines.slice(start.line - 1, end.line).map((row, index) => bareRow(row, index === 0, node.type));
    units.push({ kind: kindOf(node.type), listItem, line: start.line, endLine: end.line, rows });
  }
}

const kindOf = (type: string): Unit['kind'] =>
  type === 'heading' ? 'heading' : type === 'paragraph' || type === 'html' || type === 'code' ? 'paragraph' : type === 'table' ? 'table' : 'other';

function bareRow(row: string, first: boolean, type: string): string {
  let text = row.trim();
  if (first) text = text.replace(/^(?:>[ \t]?|[-*+][ \t]+|\d{1,9}[.)][ \t]+)+/, '');
  else text = text.replace(/^(?:>[ \t]?)+/, '');
  return type === 'heading' ? text.replace(/^#{1,6}[ \t]*/, '').replace(/[ \t]+#+$/, '') : text;
}
