/** A corrected version without a label takes the place of what it defines anew, if the words around it say so. */
import { definitionsIn, identifiersIn } from '../code/definitions.ts';
import type { CodeFile } from '../code/delivered.ts';
import type { Dialect } from '../code/dialects.ts';
import { importedNames, splitImports } from '../code/imports.ts';
import { replaceDefinitions } from '../files/merge.ts';
import { addFlag, putFile, textOf, type Outcome } from '../files/state.ts';
import { saysCorrected } from '../lexicon/versions.ts';
import { wordsAbove, type Answer, type UnnamedBlock } from './unnamed-block.ts';

/**
 * Puts the block in place of the file, or of its definitions; null when no words call it a correction, or it does not
 * fit.
 */
export function correct(block: UnnamedBlock, path: string, { state, delivered }: Answer): Outcome | null {
  const { introduction, before } = wordsAbove(block);
  const entry = state.files.get(path);
  const file = delivered.files.find((one) => one.path === path);
  const { draft, dialect } = block;
  if (entry === undefined || file === undefined || dialect === null || !saysCorrected(introduction, before))
    return null;
  const next = textOf(draft);
  const nameOfEntry = { path, namedBy: entry.namedBy, nameLine: null };
  if (coversAll(file, next.content, dialect)) {
    putFile(path, { text: next, line: draft.block.line, namedBy: entry.namedBy }, state);
    return { role: 'file', why: 'the words above call it the corrected version of this file', ...nameOfEntry };
  }
  const text = replaceDefinitions(entry.text, next, dialect);
  if (text === null) return null;
  addFlag(state, 'duplicate-path', draft.block.line, path, 'Replaces definitions of the same names in the file.');
  state.files.set(path, { ...entry, text });
  return {
    role: 'fragment',
    why: 'the words above call it the corrected version of a part of this file',
    ...nameOfEntry,
  };
}

/** The head of a line that gives a value to a name: `const two =`, `TIMEOUT: int =`, `limit :=`. */
const given =
  /^\s*((?:export\s+)?(?:(?:const|let|var|final|static|pub)\s+)*[A-Za-z_$][\w$]*)\s*(?::[^=]{0,80})?:?=(?![=>])/;

/** The names to which lines give values, one a line; null when any of the lines does something else or goes on. */
function headsOf(content: readonly string[]): string[] | null {
  const heads = content
    .filter((line) => line.trim() !== '')
    .map((line) => (line.length > longestLine || opensMore(line) ? null : (given.exec(line)?.[1] ?? null)));
  return heads.length > 0 && heads.every((head) => head !== null) ? heads : null;
}

const longestLine = 200;
const opensMore = (line: string): boolean =>
  line.split(/[([{]/).length !== line.split(/[)\]}]/).length || /\\$/.test(line);

/**
 * Puts lines that give other values to names in place of the lines of a file that do so; null when no words call them a
 * correction, or when it is not plain which lines are meant.
 */
export function correctLines(block: UnnamedBlock, { state, delivered }: Answer): Outcome | null {
  const { draft, dialect } = block;
  const { introduction, before } = wordsAbove(block);
  const heads = headsOf(draft.block.content);
  if (dialect === null || heads === null || !saysCorrected(introduction, before)) return null;
  const meant = delivered.files.filter(
    (file) =>
      file.dialect === dialect &&
      heads.every((head) => file.content.filter((line) => given.exec(line)?.[1] === head).length === 1),
  );
  const [file, other] = meant;
  const entry = file === undefined ? undefined : state.files.get(file.path);
  if (file === undefined || entry === undefined || other !== undefined) return null;
  const next = textOf(draft);
  const content = [...entry.text.content];
  const lines = [...entry.text.lines];
  for (const [index, line] of next.content.entries()) {
    const at = content.findIndex((old) => line.trim() !== '' && given.exec(old)?.[1] === given.exec(line)?.[1]);
    if (at < 0 || opensMore(content[at] ?? '')) continue;
    content[at] = (/^\s*/.exec(content[at] ?? '')?.[0] ?? '') + line.trimStart();
    lines[at] = next.lines[index] ?? 0;
  }
  state.files.set(file.path, { ...entry, text: { content, lines } });
  addFlag(state, 'duplicate-path', draft.block.line, file.path, 'Replaces lines that give values to the same names.');
  const why = 'the words above call its values the corrected ones of this file';
  return { role: 'fragment', why, path: file.path, namedBy: entry.namedBy, nameLine: null };
}

/** Whether a text can take the place of a whole file: it defines all that the file does, and imports what it uses. */
function coversAll(file: CodeFile, content: readonly string[], dialect: Dialect): boolean {
  const defined = new Set(definitionsIn(content, dialect).map(({ name }) => name));
  if (!file.definitions.every(({ name }) => defined.has(name))) return false;
  const { statements, others } = splitImports(content, dialect);
  const used = identifiersIn(others);
  const imported = new Set(statements.flatMap((statement) => importedNames(statement, dialect)));
  const before = splitImports(file.content, dialect).statements.flatMap((statement) =>
    importedNames(statement, dialect),
  );
  return before.every((name) => imported.has(name) || !used.has(name));
}
