/** The code that an answer delivers under names, read once so that blocks without a name can be compared with it. */
import { comparable } from './compare.ts';
import { allNames, definitionsIn, identifiersIn, isTelling, lastPart, type Definition } from './definitions.ts';
import { dialectOf, type Dialect } from './dialects.ts';
import { importedNames, splitImports } from './imports.ts';
import { mentions } from '../lexicon/paths.ts';

/** One delivered file. */
export interface CodeFile {
  path: string;
  dialect: Dialect | null;
  content: readonly string[];
  /** Its lines as they are compared. */
  lines: readonly string[];
  /** The same in one text, for short excerpts. */
  text: string;
  /** All of it. */
  source: string;
  /** What it defines at its margin. */
  definitions: readonly Definition[];
  /** The telling names among those. */
  telling: readonly string[];
  /** Names that it defines anywhere. */
  names: ReadonlySet<string>;
}

/** All delivered files. */
export interface Delivered {
  files: CodeFile[];
  /** The names under which the answer's own packages and modules are imported. */
  modules: ReadonlySet<string>;
  /** Sources that a manifest starts and that the answer does not hold, by their dialect. */
  missing: ReadonlySet<Dialect>;
  /** What may still be compared, so that reading an answer takes linear time. */
  budget: { lines: number };
}

/** Enough for many blocks beside many long files. */
const fullBudget = 3_000_000;

export function readDelivered(files: Iterable<readonly [string, readonly string[]]>): Delivered {
  const read = [...files].map(([path, content]) => readFile(path, content));
  return { files: read, modules: moduleNames(read), missing: missingSources(read), budget: { lines: fullBudget } };
}

/** Takes over a file that was added or changed. */
export function updateDelivered(delivered: Delivered, path: string, content: readonly string[]): void {
  const at = delivered.files.findIndex((file) => file.path === path);
  delivered.files[at < 0 ? delivered.files.length : at] = readFile(path, content);
}

function readFile(path: string, content: readonly string[]): CodeFile {
  const dialect = dialectOf(null, path);
  const lines = comparable(content, dialect);
  const definitions = dialect === null ? [] : definitionsIn(content, dialect);
  return {
    path,
    dialect,
    content,
    lines,
    text: lines.join(' '),
    source: content.join('\n'),
    definitions,
    telling: tellingNames(definitions),
    names: dialect === null ? new Set() : new Set([...allNames(content, dialect)].map(lastPart)),
  };
}

/** The telling names that code defines at its margin. */
export const tellingNames = (definitions: readonly Definition[]): string[] => [
  ...new Set(definitions.map(({ name }) => lastPart(name)).filter(isTelling)),
];

/** How delivered code asks for a name that no file defines. */
export interface Need {
  /** Import statements that bring the name in. */
  imports: string[];
  /** Files that call it without an import of their own. */
  callers: string[];
}

/** Who needs a name: files that import or call it, where none defines it. Null when nobody does. */
export function needOf(name: string, { files, budget }: Delivered): Need | null {
  if (files.some(({ names }) => names.has(name))) return null;
  const called = new RegExp(String.raw`(?<![.\w$])${escaped(name)}\s*(?:\(|::|\.\w|<\w)|\bnew\s+${escaped(name)}\b`);
  const need: Need = { imports: [], callers: [] };
  for (const { path, content, dialect, source } of files) {
    if (dialect === null || !source.includes(name)) continue;
    budget.lines -= content.length;
    if (budget.lines < 0) break;
    const { statements, others } = splitImports(content, dialect);
    const importing = statements.filter((statement) => importedNames(statement, dialect).includes(name));
    if (importing.length > 0) need.imports.push(...importing);
    else if (others.some((line) => called.test(line))) need.callers.push(path);
  }
  return need.imports.length + need.callers.length > 0 ? need : null;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const built = /(?:^|\/)(?:dist|build|out|target|lib|bin|coverage|node_modules|static|public)\//;
const starts =
  /(?:^|\/)(?:package\.json|Dockerfile|Containerfile|Makefile|Procfile|(?:docker-)?compose[\w.-]*\.ya?ml|pyproject\.toml|setup\.cfg)$/;
const longestManifest = 20_000;

function missingSources(files: readonly CodeFile[]): Set<Dialect> {
  const bases = new Set(files.map(({ path }) => baseOf(path)));
  const named = files
    .filter(({ path }) => starts.test(path))
    .flatMap(({ source }) => mentions(source.slice(0, longestManifest)));
  const missing = named.filter(({ path }) => !built.test(path) && !bases.has(baseOf(path)));
  return new Set(missing.map(({ path }) => dialectOf(null, path)).filter((dialect) => dialect !== null));
}

function moduleNames(files: readonly CodeFile[]): Set<string> {
  const names = new Set<string>();
  for (const { path, content } of files) {
    const base = baseOf(path);
    const head = content.slice(0, 40).join('\n');
    const stem = base.replace(/\.[^.]*$/, '');
    if (isTelling(stem) && stem.length > 1 && stem !== 'index') names.add(stem);
    const ownName = packageName(base, head);
    if (ownName !== undefined) for (const spelling of [ownName, ownName.replaceAll('-', '_')]) names.add(spelling);
  }
  return names;
}

function packageName(base: string, head: string): string | undefined {
  if (base === 'package.json') return /"name"\s*:\s*"([^"]+)"/.exec(head)?.[1];
  if (base === 'go.mod') return /^module\s+(\S+)/m.exec(head)?.[1];
  return /^(?:pyproject|Cargo)\.toml$/.test(base) ? /^name\s*=\s*"([^"]+)"/m.exec(head)?.[1] : undefined;
}

/** The names of delivered code that some code uses: what it calls or imports and does not define itself. */
export function usesOf(content: readonly string[], dialect: Dialect, { files, modules }: Delivered): string[] {
  const words = identifiersIn(content);
  const ownNames = new Set(definitionsIn(content, dialect).map(({ name }) => lastPart(name)));
  const code = content.join('\n');
  const called = files
    .filter((file) => file.dialect === dialect)
    .flatMap(({ telling }) => telling)
    .filter((name) => words.has(name) && !ownNames.has(name))
    .filter((name) => name.length > 2 || new RegExp(String.raw`(?<![.\w$])${escaped(name)}\(`).test(code));
  const { statements } = splitImports(content, dialect);
  const text = statements.join('\n');
  const imported = [...modules].filter(
    (name) => text.includes(name) && new RegExp(String.raw`(?<![\w-])${escaped(name)}(?![\w-])`).test(text),
  );
  return [...new Set([...called, ...imported])];
}
