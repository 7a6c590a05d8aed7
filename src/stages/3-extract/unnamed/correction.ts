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
