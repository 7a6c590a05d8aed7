/** Puts the files together: paths through the jail, later versions over earlier ones, edits applied, clashes flagged. */
import type { AnswerFile, Block, Flag, FlagCode, Naming } from '../../../domain/grading/extraction.ts';
import type { Draft } from '../naming/draft.ts';
import { applyEdit, readEdits, type Edit, type Text } from './edits.ts';
import type { EmptyFile } from './empty-files.ts';
import { begins, looksWhole } from '../lexicon/cues.ts';
import { inferName } from '../naming/infer.ts';
import { kindOfTag } from '../lexicon/languages.ts';
import { jail } from './jail.ts';
import type { Judged } from '../naming/roles.ts';
import { reroot, type Tree } from '../naming/tree.ts';

interface Entry {
  text: Text;
  line: number;
  namedBy: Naming;
}

/** What is put together so far. */
interface State {
  files: Map<string, Entry>;
  flags: Flag[];
  tree: Tree;
  labels: string[];
}

/** A block's outcome: what is reported of it. */
interface Outcome extends Judged {
  path: string | null;
  namedBy: Naming | null;
  nameLine: number | null;
}

/** The files, blocks and flags of an answer whose blocks are decided. */
export function collectFiles(
  drafts: Draft[],
  tree: Tree,
  empty: EmptyFile[],
): { files: AnswerFile[]; blocks: Block[]; flags: Flag[] } {
  const labels = drafts.flatMap((draft) => draft.name?.paths ?? []);
  const state: State = { files: new Map(), flags: [], tree, labels };
  const outcomes = drafts.map((draft) => place(draft, state));
  inferMissing(drafts, outcomes, state);
  for (const file of empty) addEmpty(file, state);
  const blocks = drafts.map((draft, i) => report(draft, outcomes[i]));
  for (const block of blocks)
    if (block.role === 'unnamed') flag(state, 'unnamed-block', block.line, null, 'Nothing names this block of code.');
  return { files: withoutClashes(state), blocks, flags: state.flags };
}

const flag = (state: State, code: FlagCode, line: number, path: string | null, detail: string): void => {
  state.flags.push({ code, line, path, detail });
};

const unnamed = ({ role, why }: Judged): Outcome => ({ role, why, path: null, namedBy: null, nameLine: null });

function place(draft: Draft, state: State): Outcome {
  if (draft.edit) return placeEdits(draft, state);
  if (draft.name === null) return unnamed(draft);
  if (draft.parts !== null) return placeParts(draft, state);
  const paths = draft.name.paths
    .map((path) => safe(path, draft.name?.line ?? draft.block.line, state, draft.topic))
    .filter((path) => path !== null);
  const [first] = paths;
  if (first === undefined) return unnamed(draft.otherwise());
  const from = draft.name.dropFirst ? draft.block.content.findIndex((line) => line.trim() !== '') + 1 : 0;
  const text = { content: draft.block.content.slice(from), lines: draft.block.lines.slice(from) };
  const { role, why } = draft.role === 'file' && isLesser(first, text, draft, state) ? lesser : draft;
  const namedBy = first === stripDot(draft.name.paths[0] ?? '') ? draft.name.namedBy : 'tree';
  if (role === 'file') for (const path of paths) put(path, { text, line: draft.block.line, namedBy }, state);
  return { role, why, path: first, namedBy, nameLine: draft.name.line };
}

const stripDot = (path: string): string => path.trim().replace(/^(?:\.\/)+/, '');

const lesser: Judged = {
  role: 'fragment',
  why: 'an earlier block is the whole of this file, and this one quotes it or does not begin like it',
};

/** Whether a text is nothing but some lines of another, in a row. */
function quotes(text: Text, whole: Text): boolean {
  const [part = '', all = ''] = [text, whole].map(({ content }) =>
    content
      .map((line) => `${line.trim()}\n`)
      .filter((line) => line !== '\n')
      .join(''),
  );
  return part.length < all.length && `\n${all}`.includes(`\n${part}`);
}

/** A later block under the same name that quotes the earlier one, or does not begin like a whole file where the earlier one did. */
function isLesser(path: string, text: Text, draft: Draft, state: State): boolean {
  const earlier = state.files.get(path);
  if (earlier === undefined || draft.name?.extent === 'whole') return false;
  if (quotes(text, earlier.text)) return true;
  if (!begins(path, earlier.text.content)) return false;
  const whole = looksWhole(path, earlier.text.content) ? looksWhole : begins;
  return !whole(path, text.content) && text.content.length < earlier.text.content.length;
}

/** The path's form in the project, or null with a flag. */
function safe(written: string, line: number, state: State, topic: ReadonlySet<string>): string | null {
  const jailed = jail(reroot(written.trim(), state, topic));
  if (jailed.ok) return jailed.path;
  flag(state, 'unsafe-path', line, written, `Not written: ${jailed.reason}.`);
  return null;
}

function put(path: string, entry: Entry, state: State): void {
  const earlier = state.files.get(path);
  if (earlier !== undefined) {
    flag(state, 'duplicate-path', entry.line, path, `Replaces the version on line ${earlier.line}.`);
    state.files.delete(path);
  }
  state.files.set(path, entry);
}

function placeParts(draft: Draft, state: State): Outcome {
  let first: Outcome | null = null;
  for (const part of draft.parts ?? []) {
    const nameLine = draft.block.lines[part.from] ?? draft.block.line;
    const path = safe(part.path, nameLine, state, draft.topic);
    if (path === null) continue;
    const text = trimEnd({
      content: draft.block.content.slice(part.from, part.to),
      lines: draft.block.lines.slice(part.from, part.to),
    });
    put(path, { text, line: draft.block.line, namedBy: 'comment' }, state);
    first ??= {
      role: 'file',
      why: 'comments that are paths split it into several files',
      path,
      namedBy: 'comment',
      nameLine,
    };
  }
  return first ?? unnamed(draft.otherwise());
}

/** Without the blank lines that set one part of a block off from the next. */
function trimEnd(text: Text): Text {
  let end = text.content.length;
  while (end > 0 && (text.content[end - 1] ?? '').trim() === '') end -= 1;
  return { content: text.content.slice(0, end), lines: text.lines.slice(0, end) };
}

function placeEdits(draft: Draft, state: State): Outcome {
  const edits = readEdits(draft.block);
  const outcomes = edits.map((edit) => placeEdit(draft, edit, state));
  return outcomes.find((outcome) => outcome.role === 'file') ?? outcomes[0] ?? unnamed(draft);
}

function placeEdit(draft: Draft, edit: Edit, state: State): Outcome {
  const written = edit.path ?? draft.name?.paths[0] ?? null;
  const line = edit.path === null ? (draft.name?.line ?? draft.block.line) : draft.block.line;
  const path = written === null ? null : safe(written, line, state, draft.topic);
  if (path === null) {
    flag(state, 'unapplied-edit', draft.block.line, written, 'The edit names no file that could be changed.');
    return unnamed(draft);
  }
  const earlier = state.files.get(path);
  const namedBy = draft.name?.namedBy ?? 'comment';
  const text = applyEdit(edit, earlier?.text ?? null);
  if (text === null) {
    const why =
      earlier === undefined ? 'The file is not in the answer.' : 'The lines to be replaced are not in the file.';
    flag(state, 'unapplied-edit', draft.block.line, path, why);
    return { role: 'fragment', why: draft.why, path, namedBy, nameLine: line };
  }
  if (earlier === undefined) state.files.set(path, { text, line: draft.block.line, namedBy });
  else state.files.set(path, { ...earlier, text });
  const made: Judged = earlier === undefined ? { role: 'file', why: 'an edit that makes a new file' } : draft;
  return { role: made.role, why: made.why, path, namedBy, nameLine: line };
}

/** Second pass: by now all that has a name is known, which some inferences need. */
function inferMissing(drafts: Draft[], outcomes: Outcome[], state: State): void {
  const blocks = drafts.map((draft) => draft.block.content);
  for (const [i, draft] of drafts.entries()) {
    const outcome = outcomes[i];
    if (outcome === undefined || outcome.path !== null || draft.name !== null || draft.edit) continue;
    const kind = kindOfTag(draft.block.language);
    if (outcome.role !== 'unnamed' && (outcome.role !== 'example' || kind === 'code')) continue;
    const files = new Map([...state.files].map(([path, entry]) => [path, entry.text.content]));
    const path = inferName(draft.block, { files, blocks });
    if (path === null || !jail(path).ok) continue;
    const text = { content: draft.block.content, lines: draft.block.lines };
    state.files.set(path, { text, line: draft.block.line, namedBy: 'inferred' });
    flag(
      state,
      'inferred-name',
      draft.block.line,
      path,
      'Nothing names this block; the name follows from what it holds.',
    );
    outcomes[i] = {
      role: 'file',
      why: 'the language or a tool decides the name of such a file',
      path,
      namedBy: 'inferred',
      nameLine: null,
    };
  }
}

function addEmpty(file: EmptyFile, state: State): void {
  const path = safe(file.path, file.line, state, new Set());
  if (path === null || state.files.has(path)) return;
  state.files.set(path, { text: { content: [], lines: [] }, line: file.line, namedBy: 'sentence' });
}

function report(draft: Draft, outcome: Outcome = unnamed(draft)): Block {
  const { block } = draft;
  return { line: block.line, endLine: block.endLine, language: block.language, ...outcome };
}

/** The files in the order of their lines; of two that cannot both be laid out the later is left out. */
function withoutClashes(state: State): AnswerFile[] {
  const kept = new Map<string, string>();
  const folders = new Map<string, string>();
  const files: AnswerFile[] = [];
  for (const [path, entry] of [...state.files].sort(([, a], [, b]) => a.line - b.line)) {
    const reason = clash(path, kept, folders);
    if (reason !== null) {
      flag(state, 'path-clash', entry.line, path, reason);
      continue;
    }
    kept.set(path.toLowerCase(), path);
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1))
      folders.set(path.slice(0, at).toLowerCase(), path.slice(0, at));
    files.push(toFile(path, entry));
  }
  return files;
}

function clash(path: string, kept: Map<string, string>, folders: Map<string, string>): string | null {
  const lower = path.toLowerCase();
  const twin = kept.get(lower);
  if (twin !== undefined) return `It differs from ${twin} only by case.`;
  if (folders.has(lower)) return 'It is the name of a folder that another file is in.';
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const part = path.slice(0, at);
    const file = kept.get(part.toLowerCase());
    if (file !== undefined) return `${file} is a file, not a folder.`;
    const folder = folders.get(part.toLowerCase());
    if (folder !== undefined && folder !== part) return `The folder ${part} differs from ${folder} only by case.`;
  }
  return null;
}

const toFile = (path: string, entry: Entry): AnswerFile => ({
  path,
  text: entry.text.content.length === 0 ? '' : `${entry.text.content.join('\n')}\n`,
  line: entry.line,
  lines: entry.text.lines,
  namedBy: entry.namedBy,
});
