/**
 * Whether what follows a place in an answer makes sense: fences that open and close in step, labels outside of blocks,
 * code inside.
 */
import { innerFence, openingFence, type Fence } from './fences.ts';
import { isKnownTag } from '../lexicon/languages.ts';
import { looksLikePath, mentions } from '../lexicon/paths.ts';

/** How much may still be looked at in one answer, so that reading it takes linear time. */
export interface Budget {
  lines: number;
}

/** Enough for every fence of an ordinary answer. */
export const fullBudget = (): Budget => ({ lines: 200_000 });

const farthest = 400;
const mostFences = 16;
/** Tags under which models also close blocks. */
export const textTags = new Set(['text', 'plaintext', 'txt', 'plain', 'output', 'none']);

/** Whether a line is a heading, a bold line, a code span or a list item that names one file. */
export const isLabel = (line: string): boolean =>
  /^\s*(?:#{1,6} |\*\*|`|\d+\. )/.test(line) && line.length < 120 && mentions(line).length === 1;

/**
 * A line of prose that names one file and little else ("File: `a.py`"), or introduces it with a colon; no comment of a
 * language with `#`.
 */
function isClearLabel(line: string): boolean {
  if (line.length >= 120 || /^\s*(?:# |\/\/|\*)/.test(line)) return false;
  const [named, more] = mentions(line);
  if (named === undefined || more !== undefined) return false;
  const words =
    line
      .replace(named.path, ' ')
      .replaceAll(/<[^<>]*>/g, ' ')
      .match(/\p{L}+/gu) ?? [];
  return isLabel(line) || words.length <= 2 || /[:：]\W*$/.test(line);
}

/** Lines that are code in many languages, and hardly ever prose. */
const code =
  /[;{]\s*$|^\s*[}\])]+[;,)]*\s*$|^\s*(?:def \w+\(|class \w+[:({]|import [\w.{*"']+|from \S+ import |return\b.*[)\]\w];?$|func |package \w+$|fn \w+|const \w+ =|let \w+ =|#include\b|\*\/\s*$|"""\s*$)/;

/** Whether a line is code in most languages, and hardly ever prose. */
export const looksLikeCode = (line: string): boolean => line.length < 300 && code.test(line);

interface Walk {
  lines: string[];
  /** The block that is open, or null. */
  open: Fence | null;
  faults: number;
  strayCode: number;
  hasLabel: boolean;
}

/**
 * The faults that appear when reading goes on at line `from`, inside of the block that `open` opened, or outside of any
 * (null). 0 is an answer in step; each fault is about 1.
 */
export function faultsAfter(lines: string[], from: number, open: Fence | null, budget: Budget): number {
  const walk: Walk = { lines, open, faults: 0, strayCode: 0, hasLabel: false };
  let fences = 0;
  const last = Math.min(lines.length, from + Math.min(farthest, budget.lines));
  for (let at = from; at < last && fences < mostFences; at += 1) {
    budget.lines -= 1;
    if (walk.open === null ? readOutside(walk, at) : readInside(walk, walk.open, at)) fences += 1;
  }
  if (walk.open !== null && last === lines.length && fences < mostFences) walk.faults += 1;
  return walk.faults + Math.min(2, walk.strayCode / 2);
}

/** Reads a line outside of any block; true when it is a fence. */
function readOutside(walk: Walk, at: number): boolean {
  const line = walk.lines[at] ?? '';
  const fence = openingFence(line);
  if (fence === null) {
    if (looksLikeCode(line)) walk.strayCode += 1;
    return false;
  }
  if (fence.info === '' && fence.prose === '') walk.faults += doubtOfOpener(walk.lines, at);
  walk.open = fence;
  walk.hasLabel = false;
  return true;
}

/** How little a bare fence outside of a block looks like the opener of one. */
function doubtOfOpener(lines: string[], at: number): number {
  const isBlankBelow = (lines[at + 1] ?? '').trim() === '';
  if (isIntroduced(lines, at)) return isBlankBelow ? 0.5 : 0;
  if (isBlankBelow) return 1;
  return (lines[at - 1] ?? '').trim() === '' ? 0.25 : 0.75;
}

/** Whether the text above a fence announces a block: a colon at its end, or a label. */
function isIntroduced(lines: string[], at: number): boolean {
  const above = lines.slice(Math.max(0, at - 3), at).findLast((line) => line.trim() !== '');
  return above !== undefined && (/[:：]\W*$/.test(above) || isLabel(above));
}

/** Reads a line of the block that `open` opened; true when it is a fence. */
function readInside(walk: Walk, open: Fence, at: number): boolean {
  const line = walk.lines[at] ?? '';
  const info = innerFence(line, open);
  if (info === null) {
    if (!walk.hasLabel && (walk.lines[at - 1] ?? '').trim() === '' && isClearLabel(line)) {
      walk.faults += 1;
      walk.hasLabel = true;
    }
    return false;
  }
  const tag = info.split(/\s/, 1)[0]?.toLowerCase() ?? '';
  if (info === '' || textTags.has(tag)) walk.open = null;
  else if (isKnownTag(tag) || looksLikePath(tag, true)) {
    walk.faults += 1;
    walk.open = openingFence(line) ?? open;
  } else walk.faults += 0.5;
  return true;
}

/**
 * The faults of lines that are taken for the inside of a comment or literal of a block: fences in it come in pairs, and
 * no label of another file stands between them.
 */
export function faultsWithin(lines: string[], from: number, to: number, open: Fence): number {
  let isNested = false;
  let faults = 0;
  for (let at = from; at < to; at += 1) {
    const line = lines[at] ?? '';
    const info = innerFence(line, open);
    if (info === null) {
      const isFence = openingFence(line)?.prose === '';
      if (isFence || ((lines[at - 1] ?? '').trim() === '' && isClearLabel(line))) faults += 1;
    } else if (info === '') {
      if (!isNested) faults += doubtOfOpener(lines, at);
      else if ((lines[at - 1] ?? '').trim() === '' && isIntroduced(lines, at)) faults += 1;
      isNested = !isNested;
    } else {
      if (isNested) faults += 1;
      isNested = true;
    }
  }
  return faults + (isNested ? 0.5 : 0);
}
