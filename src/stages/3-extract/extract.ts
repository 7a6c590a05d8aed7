/** The extraction stage: an answer's Markdown becomes files, and says why each is called what it is called. */
import type { Extraction, Flag } from '../../domain/extraction.ts';
import { collectFiles } from './collect.ts';
import { decideBlocks } from './decide.ts';
import { emptyFiles } from './empty-files.ts';
import { findBlocks } from './blocks.ts';
import { splitLines } from './lines.ts';
import { proseUnits } from './prose.ts';
import { readTrees } from './tree.ts';

/**
 * Takes the files out of an answer (Markdown). Pure and deterministic; never throws, whatever the text. Where the answer is
 * unclear the result says so with a flag and its line, and no file is made up.
 */
export function extract(answer: string): Extraction {
  const lines = splitLines(answer);
  const found = findBlocks(lines);
  const units = proseUnits(lines, found.blocks);
  const decided = decideBlocks(found.blocks, units);
  const collected = collectFiles(decided.drafts, readTrees(found.blocks), emptyFiles(units));
  const flags = [...found.flags, ...decided.flags, ...collected.flags];
  if (collected.files.length === 0) {
    flags.push({ code: 'no-files', line: 1, path: null, detail: 'The answer holds no file that could be named.' });
  }
  return { blocks: collected.blocks, files: collected.files, flags: flags.sort(byLine) };
}

const byLine = (a: Flag, b: Flag): number => a.line - b.line || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
