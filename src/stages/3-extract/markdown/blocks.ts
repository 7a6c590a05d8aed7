/** Finds the fenced blocks of an answer, and repairs the ways in which answers break them. */
import type { Flag } from '../../../domain/grading/extraction.ts';
import { innerFence, openingFence, unquote, type Fence } from './fences.ts';
import { readInfo, type Info } from './info-string.ts';
import { dedent, indentOf } from './lines.ts';
import { endOfBlock, type End } from './block-end.ts';
import { fullBudget } from './order.ts';
import { prefilledBlock, type Prefilled } from './prefilled.ts';

/** A fenced block as it stands in the answer. Lines are counted from 1. */
export interface RawBlock {
  line: number;
  endLine: number;
  info: Info;
  language: string | null;
  /** The content's lines, and the answer's line of each. */
  content: string[];
  lines: number[];
  closed: boolean;
  /** Prose on the opener's line, before the fence. */
  prose: string;
}

/** All blocks in order, with what was wrong with their fences. */
export function findBlocks(lines: string[]): { blocks: RawBlock[]; flags: Flag[] } {
  const blocks: RawBlock[] = [];
  const flags: Flag[] = [];
  const budget = fullBudget();
  let at = 0;
  const prefilled = prefilledBlock(lines, budget);
  if (prefilled !== null) {
    blocks.push(withoutOpener(lines, prefilled));
    const detail =
      'The answer begins inside of a block, whose opening fence is missing: the prompt may have written it.';
    flags.push({ code: 'missing-opener', line: 1, path: null, detail });
    at = prefilled.close + 1;
  }
  while (at < lines.length) {
    const open = openingFence(lines[at] ?? '');
    if (open === null || (open.prose !== '' && !closesLater(lines, at, open))) {
      at += 1;
      continue;
    }
    const info = readInfo(open.info);
    const end = endOfBlock(lines, at, open, info.language, budget);
    flags.push(...flagsOf(at, end));
    if (!end.stray) blocks.push(cut(lines, at, open, info, end, blocks));
    at = end.next;
  }
  return { blocks, flags };
}

function withoutOpener(lines: string[], { first, close, language }: Prefilled): RawBlock {
  return {
    line: 1,
    endLine: close + 1,
    info: { language, path: null, code: null },
    language,
    content: lines.slice(first, close),
    lines: Array.from({ length: close - first }, (_, i) => first + i + 1),
    closed: true,
    prose: '',
  };
}

/** A glued opener is only believed when something closes it. */
const closesLater = (lines: string[], at: number, open: Fence): boolean =>
  lines.slice(at + 1).some((line) => innerFence(line, open) === '');

function flagsOf(at: number, end: End): Flag[] {
  const line = at + 1;
  const doubts: Flag[] = end.doubt === null ? [] : [{ code: 'unclear-fence', line, path: null, detail: end.doubt }];
  return [...doubts, ...brokenFence(line, end)];
}

function brokenFence(line: number, end: End): Flag[] {
  if (end.how === 'unclosed') {
    return [{ code: 'unclosed-fence', line, path: null, detail: 'The block is not closed before the answer ends.' }];
  }
  if (end.how === 'swallowed') {
    const detail = `The block is not closed before another begins on line ${end.next + 1}.`;
    return [{ code: 'swallowed-fence', line, path: null, detail }];
  }
  if (end.how === 'tagged') {
    return [
      {
        code: 'swallowed-fence',
        line: end.last + 2,
        path: null,
        detail: 'The block is closed by a fence with an info string.',
      },
    ];
  }
  return [];
}

/** Takes the block's content out of the lines, without its indentation and quotation marks. */
function cut(lines: string[], at: number, open: Fence, info: Info, end: End, before: RawBlock[]): RawBlock {
  const content: string[] = info.code === null ? [] : [info.code];
  const numbers: number[] = info.code === null ? [] : [at + 1];
  const indent = isLazy(lines, at, open, end, before) ? 0 : open.indent;
  for (let i = at + 1; i <= end.last; i += 1) {
    const line = lines[i] ?? '';
    const inner = unquote(line, open.quotes) ?? '';
    const text = dedent(inner, indent, line.length - inner.length);
    content.push(i === end.last && end.trim > 0 ? text.slice(0, text.trimEnd().length - end.trim) : text);
    numbers.push(i + 1);
  }
  const endLine =
    end.how === 'closed' || end.how === 'tagged' ? (end.trim > 0 ? end.last + 1 : end.last + 2) : end.next;
  return {
    line: at + 1,
    endLine: Math.max(at + 1, endLine),
    info,
    language: info.language,
    content,
    lines: numbers,
    closed: end.how === 'closed' || end.how === 'tagged',
    prose: open.prose,
  };
}

/** In a list item, code at the margin below an indented fence: the fence's indentation is none of the code's. */
function isLazy(lines: string[], at: number, open: Fence, end: End, before: RawBlock[]): boolean {
  const first = lines.slice(at + 1, end.last + 1).find((line) => line.trim() !== '') ?? ' ';
  if (open.indent === 0 || open.quotes > 0 || /^\s/.test(first)) return false;
  const item = lineAbove(lines, at, open.indent, before);
  return /^\s*(?:[-*+]|\d{1,9}[.)])\s/.test(item);
}

/** The nearest line above that is indented less, outside of the blocks before. */
function lineAbove(lines: string[], at: number, indent: number, before: RawBlock[]): string {
  let block = before.length - 1;
  for (let i = at - 1; i >= 0; i -= 1) {
    const other = before[block];
    if (other !== undefined && i < other.endLine) {
      i = other.line - 1;
      block -= 1;
      continue;
    }
    const line = lines[i] ?? '';
    if (line.trim() !== '' && indentOf(line) < indent) return line;
  }
  return '';
}
