/** Edits instead of files: unified diffs and SEARCH/REPLACE blocks, applied to the file that they name. */
import type { RawBlock } from '../markdown/blocks.ts';
import { kindOfTag } from '../lexicon/languages.ts';

/** A file's lines, each with the answer's line that it came from (0 for none). */
export interface Text {
  content: string[];
  lines: number[];
}

/** One replacement: `before` must be found as it stands, once from the start. */
interface Hunk {
  before: Text;
  after: Text;
  /** Where the diff says that it begins (index from 0): of several places that fit the nearest is meant. */
  near: number;
}

/** What a block of edits wants changed. */
export interface Edit {
  /** The file that the block itself names (a diff's `+++` line), or null. */
  path: string | null;
  /** The edit makes the file anew, whatever was there. */
  fresh: boolean;
  hunks: Hunk[];
}

const search = /^<{5,9} ?(?:SEARCH|ORIGINAL|HEAD)\b/;
const divider = /^={5,9}\s*$/;
const replace = /^>{5,9} ?(?:REPLACE|UPDATED)\b/;
const hunkHead = /^@@ .*@@|^@@\s*$/;

/** Whether a block is an edit, whatever its tag. */
export const isEdit = (block: RawBlock): boolean =>
  kindOfTag(block.language) === 'diff' ||
  block.content.some((line) => search.test(line)) ||
  (/^--- \S/.test(block.content[0] ?? '') && /^\+\+\+ \S/.test(block.content[1] ?? ''));

/** The edits of a block, one for each file. An edit without hunks could not be understood. */
export function readEdits(block: RawBlock): Edit[] {
  return block.content.some((line) => search.test(line)) ? [readSearchReplace(block)] : readDiff(block);
}

const empty = (): Text => ({ content: [], lines: [] });

function push(text: Text, line: string, at: number): void {
  text.content.push(line);
  text.lines.push(at);
}

function readSearchReplace(block: RawBlock): Edit {
  const hunks: Hunk[] = [];
  let hunk: Hunk | null = null;
  let side: 'before' | 'after' = 'before';
  for (const [i, line] of block.content.entries()) {
    if (search.test(line)) {
      hunk = { before: empty(), after: empty(), near: 0 };
      side = 'before';
    } else if (hunk !== null && divider.test(line) && side === 'before') side = 'after';
    else if (hunk !== null && replace.test(line) && side === 'after') {
      hunks.push(hunk);
      hunk = null;
    } else if (hunk !== null) push(hunk[side], line, block.lines[i] ?? 0);
  }
  return { path: null, fresh: false, hunks: hunk === null ? hunks : [] };
}

function readDiff(block: RawBlock): Edit[] {
  const edits: Edit[] = [];
  let hunk: Hunk | null = null;
  const begin = (near: number): Hunk => {
    if (edits.length === 0) edits.push({ path: null, fresh: false, hunks: [] });
    const newHunk: Hunk = { before: empty(), after: empty(), near };
    edits.at(-1)?.hunks.push(newHunk);
    return newHunk;
  };
  for (const [i, line] of block.content.entries()) {
    const next = block.content[i + 1] ?? '';
    if (line.startsWith('--- ') && next.startsWith('+++ ')) {
      edits.push({ path: diffPath(next) ?? diffPath(line), fresh: line.startsWith('--- /dev/null'), hunks: [] });
      hunk = null;
    } else if (line.startsWith('+++ ') && (block.content[i - 1] ?? '').startsWith('--- ')) continue;
    else if (/^(?:diff --git|index [0-9a-f]|new file|deleted file|similarity|rename )/.test(line)) hunk = null;
    else if (hunkHead.test(line)) hunk = begin(Number(/^@@ -(\d+)/.exec(line)?.[1] ?? 1) - 1);
    else if (hunk !== null || line.trim() !== '') readDiffLine((hunk ??= begin(0)), line, block.lines[i] ?? 0);
  }
  return edits.length === 0 ? [{ path: null, fresh: false, hunks: [] }] : edits;
}

function readDiffLine(hunk: Hunk, line: string, at: number): void {
  if (line.startsWith('\\')) return;
  const text = /^[-+ ]/.test(line) ? line.slice(1) : line;
  if (!line.startsWith('+')) push(hunk.before, text, 0);
  if (!line.startsWith('-')) push(hunk.after, text, line.startsWith('+') ? at : 0);
}

function diffPath(line: string): string | null {
  const path =
    line
      .slice(4)
      .split('\t', 1)[0]
      ?.trim()
      .replace(/^[ab]\//, '') ?? '';
  return path === '' || path === '/dev/null' ? null : path;
}

/** The text that an edit makes of `base` (null: the file does not exist yet), or null when it does not apply. */
export function applyEdit(edit: Edit, base: Text | null): Text | null {
  let text = edit.fresh ? empty() : (base ?? empty());
  if (edit.hunks.length === 0) return null;
  for (const hunk of edit.hunks) {
    const at = hunk.before.content.length === 0 ? (text.content.length === 0 ? 0 : null) : find(text.content, hunk);
    if (at === null) return null;
    text = splice(text, at, hunk);
  }
  return text;
}

function find(content: string[], hunk: Hunk): number | null {
  const linesBefore = hunk.before.content.map((line) => line.trimEnd());
  let best: number | null = null;
  for (let at = 0; at + linesBefore.length <= content.length; at += 1) {
    const closer = best === null || Math.abs(at - hunk.near) < Math.abs(best - hunk.near);
    if (closer && linesBefore.every((line, i) => (content[at + i] ?? '').trimEnd() === line)) best = at;
  }
  return best;
}

/** Puts the hunk's new lines in place of its old ones; a line that stays keeps the answer's line that it came from. */
function splice(text: Text, at: number, hunk: Hunk): Text {
  const size = hunk.before.content.length;
  const old = { content: text.content.slice(at, at + size), lines: text.lines.slice(at, at + size) };
  let from = 0;
  const lines = hunk.after.content.map((line, i) => {
    const unchangedAt = hunk.after.lines[i] === 0 ? old.content.indexOf(line, from) : -1;
    if (unchangedAt >= 0) from = unchangedAt + 1;
    return unchangedAt >= 0 ? (old.lines[unchangedAt] ?? 0) : (hunk.after.lines[i] ?? 0);
  });
  return {
    content: [...text.content.slice(0, at), ...hunk.after.content, ...text.content.slice(at + size)],
    lines: [...text.lines.slice(0, at), ...lines, ...text.lines.slice(at + size)],
  };
}
