/** Several files in one block, split by comments that are paths. */
import type { RawBlock } from '../markdown/blocks.ts';
import { headComment, isRule, pathComment } from '../lexicon/comments.ts';
import { fits, kindOfTag } from '../lexicon/languages.ts';

/** A run of a block's lines that is one file. */
export interface Part {
  path: string;
  /** Index of the part's first line, and of the line after its last, in the block's content. */
  from: number;
  to: number;
}

/**
 * The files of a block that holds more than one, or null. A comment splits where it stands at the margin at the block's
 * head or after a blank line; `label` names the lines before the first such comment.
 */
export function severalFiles(block: RawBlock, label: string | null): Part[] | null {
  const kind = kindOfTag(block.language);
  if (kind === 'diff' || kind === 'markdown') return null;
  const head = headComment(block.content, block.language);
  const starts: { path: string; at: number }[] = [];
  for (const [at, line] of block.content.entries()) {
    const isHead = head !== null && head.index === at;
    const path = isHead ? head.path : splitsAt(block, at, line);
    if (path !== null) starts.push({ path, at: isHead ? 0 : isRule(block.content[at - 1] ?? '') ? at - 1 : at });
  }
  if (head === null && label !== null && starts.length > 0) starts.unshift({ path: label, at: 0 });
  if (starts.length < 2 || starts[0]?.at !== 0 || new Set(starts.map((start) => start.path)).size !== starts.length)
    return null;
  return starts.map((start, i) => ({
    path: start.path,
    from: start.at,
    to: starts[i + 1]?.at ?? block.content.length,
  }));
}

function splitsAt(block: RawBlock, at: number, line: string): string | null {
  const above = isRule(block.content[at - 1] ?? '') ? at - 1 : at; // a banner begins with a rule
  if (above <= 0 || /^\s/.test(line) || !/^(?:---)?$/.test((block.content[above - 1] ?? '').trim())) return null;
  const comment = pathComment(line);
  if (comment === null || comment.partial) return null;
  const next = block.content.slice(at + 1).find((later) => later.trim() !== '');
  if (next === undefined || pathComment(next) !== null) return null;
  return fits(comment.path, block.language) ? comment.path : null;
}
