import { Visitor, parseSync } from 'rolldown/utils';
import { linesOf } from './sources.ts';
import type { Source } from './sources.ts';

/** A function that has a name: a declaration, a method, or the value of a variable or of a property. */
export interface NamedFunction {
  path: string;
  name: string;
  /** The line on which it begins, from 1. */
  line: number;
  /** How many lines it has, its head included. */
  lines: number;
}

/** What is read of a file of TypeScript or JavaScript. */
export interface Parsed {
  functions: NamedFunction[];
  /** What it imports, in whatever way, as it is written there. */
  imports: string[];
}

interface Node {
  type: string;
  start: number;
  end: number;
}

/** The name of a key of an object or a class, or of a variable. */
function nameOf(node: { type: string; name?: unknown; value?: unknown }): string {
  if (typeof node.name === 'string') return node.name;
  return typeof node.value === 'string' ? node.value : '(computed)';
}

const isFunction = (node: Node | null | undefined): boolean =>
  node?.type === 'FunctionExpression' || node?.type === 'ArrowFunctionExpression';

/** Whether a file can be parsed here. */
export const parses = ({ path }: Source): boolean => /\.(?:ts|mjs|cjs|js)$/.test(path);

/** Reads a file. Throws when it is not in the language that its ending says. */
export function parsed({ path, text }: Source): Parsed {
  const { program, errors } = parseSync(path, text, { lang: path.endsWith('.ts') ? 'ts' : 'js' });
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const functions: NamedFunction[] = [];
  const imports: string[] = [];
  const lineAt = (offset: number): number => linesOf(text.slice(0, offset + 1)).length;
  const add = (name: string, node: Node): void => {
    const line = lineAt(node.start);
    functions.push({ path, name, line, lines: lineAt(node.end - 1) - line + 1 });
  };
  const source = (node: { type: string; value?: unknown } | null): void => {
    if (typeof node?.value === 'string') imports.push(node.value);
  };
  new Visitor({
    FunctionDeclaration: (node) => add(node.id?.name ?? '(default)', node),
    MethodDefinition: (node) => add(nameOf(node.key), node),
    PropertyDefinition: (node) => isFunction(node.value) && add(nameOf(node.key), node),
    Property: (node) => isFunction(node.value) && add(nameOf(node.key), node),
    VariableDeclarator: (node) => isFunction(node.init) && add(nameOf(node.id), node),
    ImportDeclaration: (node) => source(node.source),
    ExportNamedDeclaration: (node) => source(node.source),
    ExportAllDeclaration: (node) => source(node.source),
    ImportExpression: (node) => source(node.source),
    TSImportType: (node) => source(node.source),
  }).visit(program);
  return { functions, imports };
}
