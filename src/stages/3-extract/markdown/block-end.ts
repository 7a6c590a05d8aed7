/**
 * Decides where a block ends: CommonMark's answer where the fences are sound, the likely meaning where they are not.
 */
import { followerOf, type Follower } from './constructs.ts';
import type { Fence } from './fences.ts';
import { innerFences, type Inner, type Inners } from './inner-fences.ts';
import { isKnownTag, kindOfTag } from '../lexicon/languages.ts';
import { looksLikePath, mentions } from '../lexicon/paths.ts';
import { faultsAfter, faultsWithin, fullBudget, isLabel, textTags, type Budget } from './order.ts';

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
  /** What could not be told about this end, in a sentence, or null. */
  doubt: string | null;
}

const end = (last: number, next: number, how: End['how'], trim = 0): End => ({
  last,
  next,
  how,
  trim,
  stray: false,
  doubt: null,
});

/** A block whose end is looked for. */
interface Opened {
  lines: string[];
  /** The line of its opener. */
  at: number;
  open: Fence;
  language: string | null;
  fences: Inners;
  budget: Budget;
}

/** The end of the block that `open` opens on line `at`. Each line that could end it is tried in turn. */
export function endOfBlock(
  lines: string[],
  at: number,
  open: Fence,
  language: string | null,
  budget: Budget = fullBudget(),
): End {
  const fences = innerFences(lines, at, open);
  if (isMarkdown(lines, at, open, language)) return endOfMarkdown(lines, fences);
  const block: Opened = { lines, at, open, language, fences, budget };
  // A longer fence than usual was chosen for what the block holds: then the first that matches it is its end.
  const follower = open.length > 3 ? null : followerOf(language, pathAbove(lines, at));
  let read = at + 1;
  let doubt: string | null = null;
  for (let index = 0; ; index += 1) {
    const fence = fences.get(index);
    if (fence === undefined) return { ...end(lines.length - 1, lines.length, 'unclosed'), doubt };
    if (fence.at < read) continue;
    follower?.read(lines.slice(read, fence.at));
    read = fence.at;
    if (fence.outside) return { ...end(fence.at - 1, fence.at, 'unclosed'), doubt };
    const here = endHere(block, index, fence);
    if (here === null) continue;
    if (follower === null) return here;
    const inside = insideConstruct(block, fence, here, follower);
    const resume = inside.resume ?? insidePair(block, index, here);
    doubt = inside.doubt ?? doubt;
    if (resume === null) return { ...here, doubt: doubt ?? here.doubt };
    follower.read(lines.slice(read, resume));
    read = resume;
  }
}

/** How the block ends if it ends at this fence; null when the fence can only be content. */
function endHere({ lines, at, open, language, fences, budget }: Opened, index: number, fence: Inner): End | null {
  if (fence.glued > 0) {
    const closes =
      fences.after(index)?.info !== '' ||
      faultsAfter(lines, fence.at + 1, null, budget) < faultsAfter(lines, fence.at + 1, open, budget);
    return closes ? end(fence.at, fence.at + 1, 'closed', fence.glued) : null;
  }
  if (fence.info === '') return end(fence.at - 1, fence.at + 1, 'closed');
  if (closesWithInfo(lines, fences, index, language)) return closedBeforeWords(fence);
  return swallowed(lines, at, fence.at, language);
}

/** The end of a block whose fence has text behind it: a sentence is a doubt, a tag is a broken fence. */
function closedBeforeWords({ at, info }: Inner): End {
  const isSentence = /^\p{L}+,?\s+\p{L}/u.test(info) && !/[={]/.test(info);
  if (!isSentence) return end(at - 1, at + 1, 'tagged');
  const doubt = `The fence on line ${at + 1} is read as the block's end, though words stand behind it.`;
  return { ...end(at - 1, at + 1, 'closed'), doubt };
}

/**
 * Whether the fence stands in a comment or literal that ends further down: then reading goes on behind it, unless the
 * rest of the answer is in better order when the block ends here. `doubt` says what could not be told.
 */
function insideConstruct(
  { lines, open, budget }: Opened,
  fence: Inner,
  here: End,
  follower: Follower,
): { resume: number | null; doubt: string | null } {
  const construct = follower.open();
  if (construct === null) return { resume: null, doubt: null };
  const over = follower.endFrom(lines, fence.at);
  const warning = `The fence on line ${fence.at + 1} is read as the block's end, but ${construct.kind} is open there.`;
  if (over === null) return { resume: null, doubt: construct.isDoubtful ? null : warning };
  const isOverBefore = over.line === fence.at && (construct.endsBefore || fence.glued > 0);
  if (isOverBefore) return { resume: null, doubt: null };
  const resume = construct.endsBefore ? over.line : over.line + 1;
  const ends = 1 + (here.how === 'closed' ? 0 : 1) + faultsAfter(lines, here.next, null, budget);
  const goesOn = faultsWithin(lines, fence.at, resume, open) + faultsAfter(lines, resume, open, budget);
  if (goesOn + (construct.isDoubtful && !construct.endsBefore ? 1 : 0) < ends) return { resume, doubt: null };
  return { resume: null, doubt: construct.isDoubtful ? null : warning };
}

/**
 * Text and blocks without a language may show blocks of their own: a pair of fences is skipped if the answer is in
 * better order then.
 */
function insidePair({ lines, open, language, fences, budget }: Opened, index: number, here: End): number | null {
  const kind = kindOfTag(language);
  if ((kind !== null && kind !== 'text') || here.trim > 0) return null;
  const partner = fences.after(index);
  if (partner === undefined || partner.info !== '' || partner.outside) return null;
  const ends = (here.how === 'closed' ? 0 : 1) + faultsAfter(lines, here.next, null, budget);
  if (ends < 1) return null;
  const goesOn =
    faultsWithin(lines, here.next - 1, partner.at + 1, open) + faultsAfter(lines, partner.at + 1, open, budget);
  return goesOn + 1 < ends ? partner.at + 1 : null;
}

/** The file that the lines just above a block name, whose ending tells the language of a block without one. */
function pathAbove(lines: string[], at: number): string | null {
  const above = lines.slice(Math.max(0, at - 2), at).findLast((line) => line.trim() !== '');
  return above === undefined || above.length > 200 ? null : (mentions(above).at(-1)?.path ?? null);
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
 * A bare fence inside Markdown opens a block when code follows at once, a bare fence closes it, and another one is left
 * for the Markdown itself; where a blank line or a colon introduces it, that may also be the opener of a further block.
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
