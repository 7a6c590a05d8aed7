/**
 * Puts the files together: paths through the jail, later versions over earlier ones, edits applied, clashes flagged.
 */
import type { AnswerFile, Block, Flag, Naming } from '../../../domain/grading/extraction.ts';
import { dialectOf } from '../code/dialects.ts';
import type { Draft } from '../naming/draft.ts';
import { within } from '../naming/folders.ts';
import type { Judged } from '../naming/roles.ts';
import type { Tree } from '../naming/tree.ts';
import { applyEdit, readEdits, type Edit, type Text } from './edits.ts';
import type { EmptyFile } from './empty-files.ts';
import { judgeAgain } from './again.ts';
import { aliasFolder } from './aliases.ts';
import { layOut } from './layout.ts';
import { continueText, trimEnd } from './merge.ts';
import { decideUnnamed } from '../unnamed/decide.ts';
import { addFlag, putFile, safePath, textOf, withoutName, type Entry, type Outcome, type State } from './state.ts';

/** The files, blocks and flags of an answer whose blocks are decided. */
export function collectFiles(
  drafts: Draft[],
  tree: Tree,
  empty: EmptyFile[],
): { files: AnswerFile[]; blocks: Block[]; flags: Flag[] } {
  const labels = drafts.flatMap((draft) => draft.name?.paths ?? []);
  const state: State = { files: new Map(), flags: [], tree, labels, alias: aliasFolder(drafts) };
  const outcomes = drafts.map((draft) => place(draft, state));
  decideUnnamed(drafts, outcomes, state);
  for (const file of empty) addEmpty(file, state);
  const blocks = drafts.map((draft, i) => report(draft, outcomes[i]));
  for (const block of blocks)
    if (block.role === 'unnamed')
      addFlag(state, 'unnamed-block', block.line, null, 'Nothing names this block of code.');
  return { files: layOut(state), blocks, flags: state.flags };
}

function place(draft: Draft, state: State): Outcome {
  if (draft.edit) return placeEdits(draft, state);
  if (draft.name === null) return withoutName(draft);
  if (draft.parts !== null) return placeParts(draft, state);
  const { folder } = draft.name;
  const isFolder = folder !== undefined && knowsFolder(folder, state);
  const paths = draft.name.paths
    .map((path) => (isFolder ? within(folder, path) : path))
    .map((path) => safePath(path, draft.name?.line ?? draft.block.line, state, draft.topic))
    .filter((path) => path !== null);
  const [first] = paths;
  if (first === undefined) return withoutName(draft.otherwise());
  const from = draft.name.dropFirst ? draft.block.content.findIndex((line) => line.trim() !== '') + 1 : 0;
  const text = textOf(draft, from);
  const earlier = state.files.get(first);
  const namedBy = first === stripDot(draft.name.paths[0] ?? '') ? draft.name.namedBy : 'tree';
  if (earlier !== undefined && isRest(draft)) return placeRest(first, draft, text, { earlier, namedBy }, state);
  const again =
    draft.role === 'file' && earlier !== undefined ? judgeAgain(first, text, earlier.text, draft, state.files) : null;
  const { role, why } = again ?? draft;
  if (role === 'file') for (const path of paths) putFile(path, { text, line: draft.block.line, namedBy }, state);
  return { role, why, path: first, namedBy, nameLine: draft.name.line };
}

/** Whether a label or a tree of the answer has the folder. */
const knowsFolder = (folder: string, { labels, tree }: State): boolean =>
  tree.folders.has(folder.slice(0, -1)) || labels.some((label) => label.replace(/^\.\//, '').startsWith(folder));

const stripDot = (path: string): string => path.trim().replace(/^(?:\.\/)+/, '');

/** Whether the words around its name call the block the rest of a file that an earlier block began. */
const isRest = (draft: Draft): boolean => draft.role === 'file' && draft.name?.extent === 'rest';

function placeRest(path: string, draft: Draft, text: Text, { earlier, namedBy }: PlacedRest, state: State): Outcome {
  const whole = continueText(earlier.text, text, dialectOf(null, path));
  state.files.set(path, { ...earlier, text: whole });
  const detail = `The words around its name call it the rest of the file on line ${earlier.line}: it is put behind it.`;
  addFlag(state, 'continued-file', draft.block.line, path, detail);
  const why = 'the words around its name call it the rest of the file';
  return { role: 'fragment', why, path, namedBy, nameLine: draft.name?.line ?? null };
}

interface PlacedRest {
  earlier: Entry;
  namedBy: Naming;
}

function placeParts(draft: Draft, state: State): Outcome {
  let first: Outcome | null = null;
  for (const part of draft.parts ?? []) {
    const nameLine = draft.block.lines[part.from] ?? draft.block.line;
    const path = safePath(part.path, nameLine, state, draft.topic);
    if (path === null) continue;
    const text = trimEnd({
      content: draft.block.content.slice(part.from, part.to),
      lines: draft.block.lines.slice(part.from, part.to),
    });
    putFile(path, { text, line: draft.block.line, namedBy: 'comment' }, state);
    first ??= {
      role: 'file',
      why: 'comments that are paths split it into several files',
      path,
      namedBy: 'comment',
      nameLine,
    };
  }
  return first ?? withoutName(draft.otherwise());
}

function placeEdits(draft: Draft, state: State): Outcome {
  const edits = readEdits(draft.block);
  const outcomes = edits.map((edit) => placeEdit(draft, edit, state));
  return outcomes.find((outcome) => outcome.role === 'file') ?? outcomes[0] ?? withoutName(draft);
}

function placeEdit(draft: Draft, edit: Edit, state: State): Outcome {
  const writtenPath = edit.path ?? draft.name?.paths[0] ?? null;
  const line = edit.path === null ? (draft.name?.line ?? draft.block.line) : draft.block.line;
  const path = writtenPath === null ? null : safePath(writtenPath, line, state, draft.topic);
  if (path === null) {
    addFlag(state, 'unapplied-edit', draft.block.line, writtenPath, 'The edit names no file that could be changed.');
    return withoutName(draft);
  }
  const earlier = state.files.get(path);
  const namedBy = draft.name?.namedBy ?? 'comment';
  const text = applyEdit(edit, earlier?.text ?? null);
  if (text === null) {
    const why =
      earlier === undefined ? 'The file is not in the answer.' : 'The lines to be replaced are not in the file.';
    addFlag(state, 'unapplied-edit', draft.block.line, path, why);
    return { role: 'fragment', why: draft.why, path, namedBy, nameLine: line };
  }
  if (earlier === undefined) state.files.set(path, { text, line: draft.block.line, namedBy });
  else state.files.set(path, { ...earlier, text });
  const decision: Judged = earlier === undefined ? { role: 'file', why: 'an edit that makes a new file' } : draft;
  return { role: decision.role, why: decision.why, path, namedBy, nameLine: line };
}

function addEmpty(file: EmptyFile, state: State): void {
  const path = safePath(file.path, file.line, state, new Set());
  if (path === null || state.files.has(path)) return;
  state.files.set(path, { text: { content: [], lines: [] }, line: file.line, namedBy: 'sentence' });
}

function report(draft: Draft, outcome: Outcome = withoutName(draft)): Block {
  const { block } = draft;
  return { line: block.line, endLine: block.endLine, language: block.language, ...outcome };
}
