/** Single lines that open or close a fenced block, by CommonMark's rules, a little more forgiving about indentation. */
import { indentOf } from './lines.ts';
import { isKnownTag } from '../lexicon/languages.ts';

/** A line that is a fence. */
export interface Fence {
  /** '`' or '~'. */
  char: string;
  length: number;
  /** What stands after the fence, trimmed. */
  info: string;
  /** Column of the fence: up to this many columns of indentation belong to the block, not to its content. */
  indent: number;
  /** How many block quotes it stands in. */
  quotes: number;
  /** Prose before an opener that was glued to it. */
  prose: string;
}

// List markers and quotation marks may precede an opener on its line ("- ```js").
const opening = /^((?:[ \t]|>|[-*+][ \t]|\d{1,9}[.)][ \t])*)(`{3,}|~{3,})(.*)$/;

/** The fence that a line opens a block with, or null. A line such as "```x```" is inline code. */
export function openingFence(line: string): Fence | null {
  if (!line.includes('```') && !line.includes('~~~')) return null;
  const match = opening.exec(line);
  if (match === null) return gluedFence(line);
  const [, prefix = '', fence = '', info = ''] = match;
  const char = fence[0] ?? '`';
  if (char === '`' && info.includes('`')) return null;
  const quotes = prefix.split('>').length - 1;
  return { char, length: fence.length, info: info.trim(), indent: columns(prefix, quotes), quotes, prose: '' };
}

/** Width of what precedes a fence, list markers included, within its innermost block quote. */
function columns(prefix: string, quotes: number): number {
  const inner = quotes === 0 ? prefix : prefix.slice(prefix.lastIndexOf('>') + 1).replace(/^ /, '');
  return indentOf(inner.replace(/[^ \t]/g, ' '));
}

/** "Here is the code:```python": prose, then the only run of backticks of the line, then a language or nothing. */
function gluedFence(line: string): Fence | null {
  const at = line.indexOf('```');
  const end = at + (/^`+/.exec(line.slice(at))?.[0].length ?? 0);
  const prose = line.slice(0, at);
  const info = line.slice(end).trim();
  if (at <= 0 || line.indexOf('`', end) >= 0 || prose.split('`').length % 2 === 0) return null;
  if (!(info === '' ? /:\s*$/.test(prose) : isKnownTag(info.toLowerCase()))) return null;
  return { char: '`', length: end - at, info, indent: 0, quotes: 0, prose };
}

/** Removes the marks of up to `quotes` block quotes; null when the line is outside them. */
export function unquote(line: string, quotes: number): string | null {
  let rest = line;
  for (let i = 0; i < quotes; i += 1) {
    const match = /^ {0,3}> ?/.exec(rest);
    if (match === null) return null;
    rest = rest.slice(match[0].length);
  }
  return rest;
}

/**
 * A line inside a block that could end it: the same mark, long enough, not indented beyond it. Its info string, or
 * null.
 */
export function innerFence(line: string, open: Fence): string | null {
  const start = line.search(/[^ \t]/);
  if (start < 0 || line[start] !== open.char || indentOf(line) > open.indent + 3) return null;
  let end = start;
  while (line[end] === open.char) end += 1;
  const info = line.slice(end).trim();
  return end - start < open.length || info.includes('`') ? null : info;
}
