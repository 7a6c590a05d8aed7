/** An answer that begins inside of a block, because the prompt had already written the opening fence. */
import { pathComment } from '../lexicon/comments.ts';
import { isKnownTag } from '../lexicon/languages.ts';
import { openingFence } from './fences.ts';
import { faultsAfter, looksLikeCode, type Budget } from './order.ts';

/** The block at the start of such an answer. */
export interface Prefilled {
  /** Index of the first line of code: the tag of the missing fence may stand before it. */
  first: number;
  /** Index of the fence that closes it. */
  close: number;
  language: string | null;
}

/**
 * The block that an answer begins in, or null. The text before its first fence must read as code, and the rest must be
 * in better order when that fence closes a block than when it opens one.
 */
export function prefilledBlock(lines: string[], budget: Budget): Prefilled | null {
  const close = lines.findIndex((line) => openingFence(line) !== null);
  const fence = openingFence(lines[close] ?? '');
  if (close < 1 || fence === null || fence.info !== '' || fence.prose !== '' || fence.indent > 0) return null;
  const start = lines.findIndex((line) => line.trim() !== '');
  if (start < 0 || start >= close) return null;
  const tag = (lines[start] ?? '').trim().toLowerCase();
  const hasTag = isKnownTag(tag) && start + 1 < close;
  const first = hasTag ? start + 1 : start;
  if (!isCode(lines.slice(first, close))) return null;
  if (faultsAfter(lines, close + 1, null, budget) >= faultsAfter(lines, close, null, budget)) return null;
  return { first, close, language: hasTag ? tag : null };
}

/**
 * Whether most lines are code: by their form, or because they are indented. A first comment that is a path counts too.
 */
function isCode(lines: string[]): boolean {
  const full = lines.filter((line) => line.trim() !== '');
  const code = full.filter((line) => looksLikeCode(line) || /^(?: {2,}|\t)\S/.test(line)).length;
  const begins = pathComment(full[0] ?? '') !== null ? 1 : 0;
  const prose = full.filter((line) => /^[A-Z][^(){};=]*[a-z]{2} [a-z]+ [^(){};=]*[.:!?]$/.test(line.trim())).length;
  return code >= 2 && code + begins > prose && (code + begins) * 5 >= full.length * 2;
}
