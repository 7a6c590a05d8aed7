/** Import statements of a piece of code, and the names that they bring in. */
import type { Dialect } from './dialects.ts';

/** A statement may go on over this many lines. */
const longestStatement = 40;

/** Lines that import something, and all other lines. A statement that goes on in brackets is one import. */
export function splitImports(
  content: readonly string[],
  { imports }: Dialect,
): { statements: string[]; others: string[] } {
  const statements: string[] = [];
  const otherStatements: string[] = [];
  for (let at = 0; at < content.length; at += 1) {
    const line = content[at] ?? '';
    if (imports?.test(line) !== true) {
      otherStatements.push(line);
      continue;
    }
    let statement = line;
    const last = Math.min(content.length - 1, at + longestStatement);
    while (at < last && opens(statement)) {
      at += 1;
      statement += `\n${content[at]}`;
    }
    statements.push(statement);
  }
  return { statements, others: otherStatements };
}

const opens = (text: string): boolean => /[({]/.test(text) && !/[)}]/.test(text);

/** The names that a statement brings into the code. */
export function importedNames(statement: string, { id }: Dialect): string[] {
  const text = statement.replace(/\s+/g, ' ').trim();
  if (id === 'python') return words(text.replace(/^(?:from \S+ )?import /, ''));
  if (id === 'script') {
    const bindings =
      /^(?:import|export)\s+(?:type\s+)?(.*?)\s+from\s/.exec(text)?.[1] ??
      /^(?:const|let|var)\s+(.*?)\s*=/.exec(text)?.[1];
    return words(bindings ?? '');
  }
  if (id === 'java') return words(/([\w]+);?$/.exec(text)?.[1] ?? '');
  if (id === 'rust')
    return words((/\{([^]*)\}/.exec(text)?.[1] ?? /(\w+);?$/.exec(text)?.[1] ?? '').replace(/\w+::/g, ''));
  if (id === 'go') return words(/([\w-]+)"?$/.exec(text)?.[1] ?? '');
  return [];
}

/** The names of a list; of "a as b" the second. */
const words = (list: string): string[] =>
  list
    .replace(/[(){}]/g, ' ')
    .split(',')
    .map((part) => /(\w+)\s*$/.exec(part.replace(/#.*$/, ''))?.[1] ?? '')
    .filter((name) => name !== '');

/** Files that are imported by the name of their folder. */
const entryNames = new Set(['index', '__init__', 'mod', 'lib', 'main']);

/** Whether an import statement names the module that a path is. */
export function namesModule(statement: string, path: string): boolean {
  const parts = path.replace(/\.[^./]*$/, '').split('/');
  const last = parts.at(-1) ?? '';
  const stem = entryNames.has(last) ? parts.at(-2) : last;
  if (stem === undefined) return true;
  return new RegExp(String.raw`(?<![\w-])${stem.replace(/[^\w-]/g, '.')}(?![\w-])`).test(statement);
}
