import { PromptError } from '../errors.ts';
import type { Source } from './parse.ts';

/** How a template uses a variable: prints it or hands it on, only asks whether it is there, or looks into it. */
export type Use = 'printed' | 'asked' | 'entered';

export interface Uses {
  readonly variables: ReadonlyMap<string, ReadonlySet<Use>>;
  /** True when the template also uses all values at once (`{{json this}}`). */
  readonly all: boolean;
}

/** Helpers by the number of their parameters: Handlebars' own without `log`, and dotprompt's. */
const INLINE: Readonly<Record<string, number>> = { json: 1, role: 1, section: 1, history: 0, media: 0, lookup: 2 };
const BLOCK: Readonly<Record<string, number>> = {
  if: 1,
  unless: 1,
  each: 1,
  with: 1,
  ifEquals: 2,
  unlessEquals: 2,
  role: 1,
  section: 1,
};
/** What a helper does with its first parameter, where it does not print it. */
const USE: Readonly<Record<string, Use>> = {
  if: 'asked',
  unless: 'asked',
  each: 'entered',
  with: 'entered',
  lookup: 'entered',
};
const DATA = ['index', 'key', 'first', 'last'];

/** What names mean at a place: the values' names, or an item's. */
interface Scope {
  readonly root: boolean;
  readonly params: readonly string[];
}

/** The level around everything: its names are those of the values. */
const OUTERMOST: Scope = { root: true, params: [] };

/**
 * The variables of a template. Throws `PromptError` at whatever is not a part of dotprompt, or cannot be resolved from
 * one file: partials, helpers that a program would have to define.
 */
export function usesOf(program: hbs.AST.Program, source: Source): Uses {
  const reader = new Reader(source);
  reader.statements(program, [OUTERMOST]);
  return { variables: reader.variables, all: reader.all };
}

/**
 * Walks through a template. `scopes` are the levels around a place, the outermost first; `at` is the tag that an error
 * is about.
 */
class Reader {
  readonly variables = new Map<string, Set<Use>>();
  all = false;
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  statements(part: hbs.AST.Program, scopes: readonly Scope[]): void {
    for (const node of part.body) {
      if (isKind(node, 'BlockStatement')) this.#block(node, scopes);
      else if (isKind(node, 'MustacheStatement')) this.#mustache(node, scopes);
      else if (node.type.startsWith('Partial'))
        this.#refuse(node, 'a prompt in one file', "Write the partial's text in its place.");
      else if (node.type.startsWith('Decorator')) this.#refuse(node, 'a template without decorators', 'Take it out.');
    }
  }

  #mustache(node: hbs.AST.MustacheStatement, scopes: readonly Scope[]): void {
    const bare = node.params.length === 0 && node.hash === undefined && isPath(node.path) ? node.path : null;
    const isHelper =
      bare !== null && isSimple(bare) && (Object.hasOwn(INLINE, bare.original) || Object.hasOwn(BLOCK, bare.original));
    if (bare === null || isHelper) this.#call(node, INLINE, scopes, node);
    else this.#path(bare, 'printed', scopes, node);
  }

  #block(node: hbs.AST.BlockStatement, scopes: readonly Scope[]): void {
    const name = this.#call(node, BLOCK, scopes, node);
    const [param] = node.params;
    const same =
      name === 'with' && param !== undefined && isPath(param) && param.parts.length === 0 && param.depth === 0;
    const params = node.program?.blockParams ?? [];
    const around = scopes.at(-1) ?? OUTERMOST;
    // Only what changes the context is a level of `../`.
    const inner =
      (name === 'each' || name === 'with') && !same
        ? [...scopes, { root: false, params }]
        : [...scopes.slice(0, -1), { root: around.root, params: [...around.params, ...params] }];
    // The types leave out that either may be missing.
    const parts: [hbs.AST.Program | undefined, readonly Scope[]][] = [
      [node.program, inner],
      [node.inverse, scopes],
    ];
    for (const [part, its] of parts) if (part) this.statements(part, its);
  }

  /** Checks a helper's name and parameters, and looks through the latter. Returns the name. */
  #call(node: Call, helpers: Readonly<Record<string, number>>, scopes: readonly Scope[], at: hbs.AST.Node): string {
    const name =
      isPath(node.path) && isSimple(node.path) && Object.hasOwn(helpers, node.path.original)
        ? node.path.original
        : null;
    if (name === null || helpers[name] !== node.params.length) {
      const names = Object.keys(helpers).map((helper) => `\`${helper}\``);
      return this.#refuse(
        at,
        `one of dotprompt's helpers (${names.join(', ')}) with its parameters`,
        'Write it with these, or let a variable hold the result.',
      );
    }
    node.params.forEach((param, index) =>
      this.#expression(param, index === 0 ? (USE[name] ?? 'printed') : 'printed', scopes, at),
    );
    for (const pair of node.hash?.pairs ?? []) this.#expression(pair.value, 'printed', scopes, at);
    return name;
  }

  #expression(node: hbs.AST.Expression, use: Use, scopes: readonly Scope[], at: hbs.AST.Node): void {
    if (isPath(node)) this.#path(node, use, scopes, at);
    else if (isCall(node)) this.#call(node, INLINE, scopes, at);
  }

  #path(path: hbs.AST.PathExpression, use: Use, scopes: readonly Scope[], at: hbs.AST.Node): void {
    const { data, depth, parts } = path;
    const [first, ...rest] = data && parts[0] === 'root' ? parts.slice(1) : parts;
    if (data && parts[0] !== 'root') {
      if (!DATA.includes(parts[0] ?? ''))
        this.#refuse(at, `@root, ${DATA.map((name) => `@${name}`).join(', ')}`, 'Make it a variable of the prompt.');
      return;
    }
    const scope = data ? scopes[0] : scopes[scopes.length - 1 - depth];
    if (scope === undefined) return this.#refuse(at, 'a path no higher than the values', 'Take away a `../`.');
    const named = !data && depth === 0 && scopes.some(({ params }) => first !== undefined && params.includes(first));
    if (!scope.root || named) return;
    if (first === undefined) this.all = true;
    else this.variables.set(first, (this.variables.get(first) ?? new Set()).add(rest.length > 0 ? 'entered' : use));
  }

  #refuse(node: hbs.AST.Node, expected: string, todo: string): never {
    const { start } = node.loc;
    const { text, path, line } = this.#source;
    const tag = text
      .split('\n')
      .slice(start.line - 1)
      .join('\n')
      .slice(start.column);
    throw new PromptError({
      code: 'unsupported',
      path,
      line: line + start.line - 1,
      expected,
      found: `\`${/^\{\{[^\n]*?\}\}+/.exec(tag)?.[0] ?? tag.split('\n')[0]}\``,
      todo,
    });
  }
}

type Call = Pick<hbs.AST.MustacheStatement | hbs.AST.SubExpression, 'path' | 'params' | 'hash'>;

interface Kinds {
  BlockStatement: hbs.AST.BlockStatement;
  MustacheStatement: hbs.AST.MustacheStatement;
  ContentStatement: hbs.AST.ContentStatement;
  CommentStatement: hbs.AST.CommentStatement;
}

/** Tells one kind of statement from the others. */
export const isKind = <K extends keyof Kinds>(node: hbs.AST.Node, kind: K): node is Kinds[K] => node.type === kind;

const isCall = (node: hbs.AST.Node): node is hbs.AST.SubExpression => node.type === 'SubExpression';

export const isPath = (node: hbs.AST.Node): node is hbs.AST.PathExpression => node.type === 'PathExpression';

/** A name alone; only that can be a helper's. */
export const isSimple = ({ data, depth, parts, original }: hbs.AST.PathExpression): boolean =>
  !data && depth === 0 && parts.length === 1 && original === parts[0];
