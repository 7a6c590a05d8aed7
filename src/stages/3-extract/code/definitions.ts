/** What a piece of code defines at its margin, where each definition begins and ends, and what it uses. */
import type { Dialect } from './dialects.ts';

/** A function, type, table or the like. */
export interface Definition {
  name: string;
  /** Index of its first line, with the comments and decorators above it, and of the line after its last. */
  from: number;
  to: number;
  /** Index of the line that names it. */
  at: number;
}

/** Longer lines are data: no pattern is tried on them. */
const longest = 400;

/** The code without the indentation that all its lines share. */
export function atMargin(content: readonly string[]): string[] {
  const indents = content.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const shared = indents.reduce((least, indent) => Math.min(least, indent), Infinity);
  return shared === 0 || shared === Infinity ? [...content] : content.map((line) => line.slice(shared));
}

/** The name that a line defines, or null. */
export function definedBy(line: string, { definitions }: Dialect): string | null {
  if (line.length > longest) return null;
  for (const pattern of definitions) {
    const match = pattern.exec(line);
    if (match !== null) return match.slice(1).join('.');
  }
  return null;
}

/** What code defines at its margin, in order. */
export function definitionsIn(content: readonly string[], dialect: Dialect): Definition[] {
  const definitions: Definition[] = [];
  for (const [at, line] of content.entries()) {
    const name = /^\s/.test(line) ? null : definedBy(line, dialect);
    if (name === null) continue;
    definitions.push({ name, at, from: firstLine(content, at, dialect), to: lastLine(content, at) });
  }
  return definitions;
}

/** Names that are defined anywhere in a file, in classes too. */
export function allNames(content: readonly string[], dialect: Dialect): Set<string> {
  return new Set(content.map((line) => definedBy(line.trimStart(), dialect)).filter((name) => name !== null));
}

/** Decorators, attributes and comments directly above belong to a definition. */
function firstLine(content: readonly string[], at: number, { comment }: Dialect): number {
  let from = at;
  while (from > 0) {
    const above = content[from - 1] ?? '';
    if (!/^(?:@|#\[)/.test(above) && !(comment.test(above) && above.trim() !== '')) break;
    from -= 1;
  }
  return from;
}

/** A definition goes on while lines are indented, blank, or close a bracket; blank lines at its end are not its own. */
function lastLine(content: readonly string[], at: number): number {
  let to = at + 1;
  for (let line = at + 1; line < content.length; line += 1) {
    const text = content[line] ?? '';
    if (text.trim() === '') continue;
    if (!/^(?:\s|[{}\])]|(?:end|fi|done|esac)\b|\$\w*\$)/.test(text)) break;
    to = line + 1;
  }
  return to;
}

const identifier = /[A-Za-z_$][\w$]*/g;
/** Words that many files hold without meaning the same thing. */
const common = new Set([
  'main',
  'self',
  'this',
  'init',
  '__init__',
  'new',
  'setup',
  'run',
  'test',
  'config',
  'default',
]);

/** The identifiers of some lines. */
export function identifiersIn(content: readonly string[]): Set<string> {
  const words = new Set<string>();
  for (const line of content) {
    if (line.length > 4 * longest) continue;
    for (const [word] of line.matchAll(identifier)) words.add(word);
  }
  return words;
}

/** Whether a name is telling enough to find its definition by it: `User`, not `main`. */
export const isTelling = (name: string): boolean => !common.has(name.toLowerCase());

/** The last part of a defined name: the method of `Cart.add`, the type of `impl Display for Cart`. */
export const lastPart = (name: string): string => name.split(/[.\s]|::/).at(-1) ?? name;
