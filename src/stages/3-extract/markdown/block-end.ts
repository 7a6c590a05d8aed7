/** Decides where a block ends: CommonMark's answer where the fences are sound, the likely meaning where they are not. */
import type { Fence } from './fences.ts';
import { innerFences, type Inners } from './inner-fences.ts';
import { isKnownTag, kindOfTag } from '../lexicon/languages.ts';
import { looksLikePath, mentions } from '../lexicon/paths.ts';
import { stringEnd, stringState, type StringState } from './strings.ts';

/** Where a block ends. Indices are of `lines`, from 0. */
export interface End {
  /** Last line of the content. */
  last: number;
  /** Where reading goes on. */
  next: number;
  /** By a bare fence, by a fence with an info string, by the next block's opener, or not at all. */
  how: 'closed' | 'tagged' | 'swallowed' | 'unclosed';
  /** Length of a closing fence that is glued to the last line of code. */
  trim: number;
  /** The opener was a stray closer: there is no block. */
  stray: boolean;
}

const end = (last: number, next: number, how: End['how'], trim = 0): End => ({ last, next, how, trim, stray: false });
const textTags = new Set(['text', 'plaintext', 'txt', 'plain', 'output', 'none']);

/** The end of the block that `open` opens on line `at`. */
export function endOfBlock(lines: string[], at: number, open: Fence, language: string | null): End {
  const fences = innerFences(lines, at, open);
  if (isMarkdown(lines, at, open, language)) return endOfMarkdown(lines, fences);
  const state = stringState(language);
  let read = at + 1;
  for (let index = 0; ; index += 1) {
    const fence = fences.get(index);
    if (fence === undefined) return end(lines.length - 1, lines.length, 'unclosed');
    if (fence.at < read) continue;
    state?.read(lines.slice(read, fence.at));
    read = fence.at;
    const resume = state === null ? null : insideString(lines, fences, index, state);
    if (resume !== null) {
      read = resume;
      continue;
    }
    if (fence.outside) return end(fence.at - 1, fence.at, 'unclosed');
    if (fence.glued > 0) {
      if (fences.after(index)?.info === '') continue;
      return end(fence.at, fence.at + 1, 'closed', fence.glued);
    }
    if (fence.info === '') return end(fence.at - 1, fence.at + 1, 'closed');
    if (closesWithInfo(lines, fences, index, language)) return end(fence.at - 1, fence.at + 1, 'tagged');
    return swallowed(lines, at, fence.at, language);
  }
}

/** The line at which a string literal that holds this fence is over, or null when the fence is not in one. */
function insideString(lines: string[], fences: Inners, index: number, state: StringState): number | null {
  const fence = fences.get(index);
  if (fence === undefined || fence.outside) return null;
  const opensPair =
    fence.info !== '' || ((lines[fence.at + 1] ?? '').trim() !== '' && fences.after(index)?.info === '');
  const over = opensPair ? stringEnd(lines, fence.at, state) : null;
  if (over === null) return null;
  let within = 1;
  for (let i = index + 1; (fences.get(i)?.at ?? over) < over; i += 1) if (fences.get(i)?.glued === 0) within += 1;
  return within % 2 === 0 ? over : null;
}

/** Whether a fence with an info string closes the block (```` ```text ````) rather than opening the next. */
function closesWithInfo(lines: string[], fences: Inners, index: number, language: string | null): boolean {
  const fence = fences.get(index);
  if (fence === undefined) return false;
  const tag = fence.info.split(/\s/, 1)[0]?.toLowerCase() ?? '';
  const next = fences.after(index);
  const pairs = next !== undefined && next.info === '' && !next.outside;
  const blankAfter = (lines[fence.at + 1] ?? '').trim() === '';
  if (textTags.has(tag)) return !pairs && (next !== undefined || blankAfter);
  if (tag === language) return !pairs && blankAfter;
  if (isKnownTag(tag) || looksLikePath(tag, true)) return false;
  return !pairs;
}

/** The next block's opener ends this one, which lacked its closer: a label just above belongs to the next block. */
function swallowed(lines: string[], at: number, next: number, language: string | null): End {
  let last = next - 1;
  while (last > at && (lines[last] ?? '').trim() === '') last -= 1;
  const stray = language === null && (lines[at + 1] ?? '').trim() === '';
  if (stray) return { ...end(at, at + 1, 'swallowed'), stray };
  if (last > at + 1 && isLabel(lines[last] ?? '')) {
    const label = last;
    last -= 1;
    while (last > at && (lines[last] ?? '').trim() === '') last -= 1;
    return end(last, label, 'swallowed');
  }
  return end(next - 1, next, 'swallowed');
}

const isLabel = (line: string): boolean =>
  /^\s*(?:#{1,6} |\*\*|`|\d+\. )/.test(line) && mentions(line).length === 1 && line.length < 120;

/** A block whose own fences are to be expected: Markdown by its tag, or by the name just above it. */
function isMarkdown(lines: string[], at: number, open: Fence, language: string | null): boolean {
  if (open.char !== '`' || kindOfTag(language) === 'markdown') return kindOfTag(language) === 'markdown';
  if (language !== null && language !== 'text') return false;
  const above =
    lines
      .slice(Math.max(0, at - 2), at)
      .filter((line) => line.trim() !== '')
      .at(-1) ?? '';
  return /\.(?:md|markdown)\b/i.test(above) && above.length < 120;
}

/** Markdown in Markdown: fences inside are paired off, so that the block ends with its own closer. */
function endOfMarkdown(lines: string[], fences: Inners): End {
  let nested = false;
  let lastBare: number | null = null;
  let beforeLabel: number | null = null;
  for (let index = 0; ; index += 1) {
    const fence = fences.get(index);
    if (fence === undefined) break;
    if (fence.glued > 0) continue;
    if (fence.outside) return end(fence.at - 1, fence.at, 'unclosed');
    if (fence.info !== '') {
      if (!nested && closesWithInfo(lines, fences, index, null)) return end(fence.at - 1, fence.at + 1, 'tagged');
      if (!nested && beforeLabel === null && lastBare !== null && labelAbove(lines, fence.at)) beforeLabel = lastBare;
      nested = true;
    } else if (nested) {
      nested = false;
      lastBare = fence.at;
    } else if (opensInside(lines, fences, index)) {
      nested = true;
    } else {
      return end(fence.at - 1, fence.at + 1, 'closed');
    }
  }
  const closer = beforeLabel ?? (nested ? null : lastBare);
  if (closer !== null) return end(closer - 1, closer + 1, 'unclosed');
  return end(lines.length - 1, lines.length, 'unclosed');
}

/**
 * A bare fence inside Markdown opens a block when code follows at once, a bare fence closes it, and another one is left for the
 * Markdown itself; where a blank line or a colon introduces it, that may also be the opener of a further block.
 */
function opensInside(lines: string[], fences: Inners, index: number): boolean {
  const fence = fences.get(index);
  if (fence === undefined) return false;
  if ((lines[fence.at + 1] ?? '').trim() === '' || fences.after(index)?.at === fence.at + 1) return false;
  const introduced = /^$|:$/.test((lines[fence.at - 1] ?? '').trim());
  let more = 0;
  for (let i = index + 1; more < 2; i += 1) {
    const other = fences.get(i);
    if (other === undefined || other.outside) return false;
    if (other.info !== '' && (more === 0 || !introduced)) return false;
    if (other.glued === 0) more += 1;
  }
  return true;
}

function labelAbove(lines: string[], at: number): boolean {
  const above =
    lines
      .slice(Math.max(0, at - 2), at)
      .filter((line) => line.trim() !== '')
      .at(-1) ?? '';
  return isLabel(above);
}
