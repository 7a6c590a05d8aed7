/**
 * Several blocks under one label are one file: a block without a name may go on with the file that was begun above it.
 */
import { identifiersIn } from '../code/definitions.ts';
import type { CodeFile } from '../code/delivered.ts';
import { dialectOf, type Dialect } from '../code/dialects.ts';
import { importedNames, namesModule, splitImports } from '../code/imports.ts';
import { continueText } from '../files/merge.ts';
import { addFlag, textOf, type Outcome } from '../files/state.ts';
import { fits } from '../lexicon/languages.ts';
import { saysDiscussed, saysExample } from '../lexicon/versions.ts';
import type { Draft } from '../naming/draft.ts';
import { itemOf, stepOf, type Section } from './sections.ts';
import { wordsAbove, type Answer, type UnnamedBlock } from './unnamed-block.ts';

/** Puts the block behind the text of its section's file; null when nothing ties it to that file. */
export function goOn(block: UnnamedBlock, answer: Answer): Outcome | null {
  const { draft, section } = block;
  const { state } = answer;
  const entry = section === null ? undefined : state.files.get(section.path);
  if (section === null || entry === undefined || !isTied(block, section, answer)) return null;
  const text = continueText(entry.text, textOf(draft), dialectOf(null, section.path));
  state.files.set(section.path, { ...entry, text });
  const detail = `Nothing names this block: it is read as the continuation of the file on line ${entry.line}.`;
  addFlag(state, 'continued-file', draft.block.line, section.path, detail);
  const why = 'it goes on with the file that was begun above it';
  return { role: 'fragment', why, path: section.path, namedBy: entry.namedBy, nameLine: null };
}

/** Whether the block belongs to the file: others expect it there, the file needs it, or the steps are counted. */
function isTied(block: UnnamedBlock, section: Section, { delivered }: Answer): boolean {
  const { draft, dialect, relation } = block;
  const file = delivered.files.find(({ path }) => path === section.path);
  if (file === undefined || dialect === null || file.dialect !== dialect) return false;
  if (!fits(section.path, draft.block.language)) return false;
  const { statements } = splitImports(draft.block.content, dialect);
  if (statements.some((statement) => namesModule(statement, file.path))) return false;
  const isExpected = relation.needs.some(({ imports, callers }) =>
    dialect.id === 'go' ? callers.length > 0 : imports.some((statement) => namesModule(statement, file.path)),
  );
  if (isExpected) return true;
  const { introduction, before } = wordsAbove(block);
  if (relation.needs.length > 0 || saysDiscussed(before) || saysExample(introduction)) return false;
  const [step, item] = [stepOf(draft.above), itemOf(draft.above)];
  return (
    (step !== null && section.step !== null && step === section.step + 1) ||
    (section.isHeading && item !== null && section.item !== null && item === section.item + 1) ||
    closesBrackets(file, draft, section) ||
    usesIdleImport(file, draft, dialect) ||
    (section.isHeading && statements.length === 0 && relation.newNames.length > 0 && usesNamesOf(file, draft))
  );
}

function usesNamesOf(file: CodeFile, { block }: Draft): boolean {
  const words = identifiersIn(block.content);
  return [...file.names].some((name) => words.has(name));
}

/** The file imports something that it does not use yet, and the block does. */
function usesIdleImport({ content }: CodeFile, { block }: Draft, dialect: Dialect): boolean {
  const { statements, others } = splitImports(content, dialect);
  const used = identifiersIn(others);
  const words = identifiersIn(block.content);
  const imported = statements.flatMap((statement) => importedNames(statement, dialect));
  return imported.some((name) => name.length > 2 && !used.has(name) && words.has(name));
}

/** More opening brackets than closing ones; strings of one line and comments do not count. */
function openBrackets(content: readonly string[]): number {
  const text = content.map((line) => line.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/.*$/g, '')).join('\n');
  return (text.match(/[([{]/g) ?? []).length - (text.match(/[)\]}]/g) ?? []).length;
}

/** The file stops inside of a bracket that the block closes: a class whose methods come one by one. */
function closesBrackets(file: CodeFile, { block }: Draft, section: Section): boolean {
  if (block.language === null || block.language !== section.language || file.dialect?.indents === true) return false;
  return openBrackets(file.content) > 0 && openBrackets(block.content) <= 0;
}
