/** The extraction stage: an answer's Markdown becomes files, and says why each is called what it is called. */
import type { Extraction, Flag } from '../../domain/grading/extraction.ts';
import { collectFiles } from './files/collect.ts';
import { decideBlocks } from './decide.ts';
import { emptyFiles } from './files/empty-files.ts';
import { findBlocks } from './markdown/blocks.ts';
import { kindOfTag } from './lexicon/languages.ts';
import { splitLines } from './markdown/lines.ts';
import { mentions } from './lexicon/paths.ts';
import { proseUnits } from './markdown/prose.ts';
import { withoutReasoning } from './markdown/reasoning.ts';
import { readTrees } from './naming/tree.ts';

/**
 * Takes the files out of an answer (Markdown). Pure and deterministic; never throws, whatever the text. Where the
 * answer is unclear the result says so with a flag and its line, and no file is made up.
 */
export function extract(answer: string): Extraction {
  const withoutThoughts = withoutReasoning(splitLines(answer));
  const { lines, found } = unwrap(withoutThoughts.lines);
  const units = proseUnits(lines, found.blocks);
  const decided = decideBlocks(found.blocks, units);
  const collected = collectFiles(decided.drafts, readTrees(found.blocks), emptyFiles(units));
  const flags = [...withoutThoughts.flags, ...found.flags, ...decided.flags, ...collected.flags];
  if (collected.files.length === 0) {
    flags.push({ code: 'no-files', line: 1, path: null, detail: 'The answer holds no file that could be named.' });
  }
  return { blocks: collected.blocks, files: collected.files, flags: flags.sort(byLine) };
}

/** Reads the inside of an answer that stands as a whole in one Markdown block; its lines keep their numbers. */
function unwrap(lines: string[]): { lines: string[]; found: ReturnType<typeof findBlocks> } {
  const blocks = findBlocks(lines);
  const [only, second] = blocks.blocks;
  const outside = lines.filter(
    (line, i) => line.trim() !== '' && (only === undefined || i + 1 < only.line || i + 1 > only.endLine),
  );
  const wraps =
    only !== undefined &&
    second === undefined &&
    kindOfTag(only.language) === 'markdown' &&
    outside.length <= 2 &&
    only.info.path === null;
  if (!wraps || mentions(outside.join('\n')).length > 0 || !namesFiles(only.content)) return { lines, found: blocks };
  const inner = lines.map((line, i) => (i + 1 === only.line || (i + 1 === only.endLine && only.closed) ? '' : line));
  const detail = 'The whole answer stands in a Markdown block: its inside is read.';
  const inside = findBlocks(inner);
  return {
    lines: inner,
    found: {
      blocks: inside.blocks,
      flags: [{ code: 'swallowed-fence', line: only.line, path: null, detail }, ...inside.flags],
    },
  };
}

/** Whether Markdown holds at least two blocks that are named: an answer, not a README. */
function namesFiles(content: string[]): boolean {
  const { blocks } = findBlocks(content);
  const { drafts } = decideBlocks(blocks, proseUnits(content, blocks));
  return drafts.filter((draft) => draft.role === 'file' && draft.name !== null).length >= 2;
}

const byLine = (a: Flag, b: Flag): number => a.line - b.line || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
