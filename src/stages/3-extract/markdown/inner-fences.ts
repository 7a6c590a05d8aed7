/** The lines after an opener that could end its block, read only as far as they are asked for. */
import { innerFence, unquote, type Fence } from './fences.ts';

/** A line that could end a block. */
export interface Inner {
  /** Index of the line, from 0. */
  at: number;
  info: string;
  /** Length of a fence that stands at the end of a line of code; 0 for a fence on a line of its own. */
  glued: number;
  /** The block quote that the block is in ends here. */
  outside: boolean;
}

/** The candidates in order. Reading is lazy, so that many small blocks do not each read the rest of the answer. */
export interface Inners {
  get(index: number): Inner | undefined;
  /** The first candidate after `index` that is a line of its own. */
  after(index: number): Inner | undefined;
}

/** Candidates after line `at`, which `open` opened. */
export function innerFences(lines: string[], at: number, open: Fence): Inners {
  const fences: Inner[] = [];
  const mark = open.char.repeat(open.length);
  let line = at + 1;
  const get = (index: number): Inner | undefined => {
    while (fences.length <= index && line < lines.length) {
      const inner = candidate(lines[line] ?? '', line, open, mark);
      line = inner?.outside === true ? lines.length : line + 1;
      if (inner !== null) fences.push(inner);
    }
    return fences[index];
  };
  const after = (index: number): Inner | undefined => {
    for (let i = index + 1; ; i += 1) {
      const inner = get(i);
      if (inner === undefined || inner.glued === 0) return inner;
    }
  };
  return { get, after };
}

function candidate(line: string, at: number, open: Fence, mark: string): Inner | null {
  const inner = unquote(line, open.quotes);
  if (inner === null) return { at, info: '', glued: 0, outside: true };
  if (!inner.includes(mark)) return null;
  const info = innerFence(inner, open);
  if (info !== null) return { at, info, glued: 0, outside: false };
  return open.char === '`' && gluedCloser(inner, mark) ? { at, info: '', glued: mark.length, outside: false } : null;
}

/**
 * What stands before a fence in a comment (`/// ```` `, ` * ```` `): the comment shows a fence, and none ends the
 * block.
 */
const onlyMark = /^\s*(?:\/\/[/!]?|\/\*+|\*|#+!?|--+|;+|%+|<!--|rem)?\s*$/i;

/** "}```": the last run of backticks of the line, at its end, behind code whose other backticks are in pairs. */
function gluedCloser(line: string, mark: string): boolean {
  const text = line.trimEnd();
  if (!text.endsWith(mark) || text.length > longestGlued) return false;
  const code = text.slice(0, -mark.length);
  if (code.endsWith('`') || code.endsWith('\\')) return false;
  if (code.replaceAll(quoted, '').split('`').length % 2 === 0) return false;
  return !onlyMark.test(code);
}

/** Texts in quotation marks, in which backticks stand for themselves. */
const quoted = /"(?:[^"\\`]|\\.|`)*"|'(?:[^'\\`]|\\.|`)*'/g;

/** Longer lines are data. */
const longestGlued = 2000;
