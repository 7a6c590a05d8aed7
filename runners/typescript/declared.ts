import { posix } from 'node:path';
import type { Project } from '../../src/domain/grading/project.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import type { Refusal } from '../shared/dependencies.ts';
import { lineIn, parseJson } from '../shared/report.ts';
import { isOfRegistry, isPackageName } from './specifiers.ts';
import { membersOf, pnpmWorkspace } from './workspaces/members.ts';
import type { Member } from './workspaces/members.ts';

/** One package that an answer asks for. */
export interface Requirement {
  name: string;
  /** Range, version or tag of the registry. */
  range: string;
  /** Null where no package.json asks for it. */
  file: string | null;
  line: number | null;
  /** Line of the answer, where only its words ask for it. */
  answerLine?: number;
}

/** What a package.json asks for, read as data: no script of it is run. */
export interface Declared {
  requirements: Requirement[];
  refused: Refusal[];
  broken: Refusal[];
  /** `engines.node`, with the file that says so. */
  node: { range: string; file: string } | null;
  /** What npm is given: only packages of the registry. Null when nothing is declared. */
  manifest: Record<string, unknown> | null;
  scripts: Readonly<Record<string, string>>;
  /** What npm is given of the packages of a workspace, by folder relative to the project's root. */
  members: Readonly<Record<string, Record<string, unknown>>>;
  /** The scripts of these packages, likewise. */
  memberScripts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The package.json; null when there is none. */
  file: string | null;
}

type Table = Record<string, unknown>;
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const table = (value: unknown): Table => (isTable(value) ? value : {});

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/**
 * Whether all that overrides ask for, however nested, comes from the registry; `$name` is the version that is declared.
 */
function overridesFromRegistry(value: unknown, name: string): boolean {
  if (typeof value === 'string') return /^\$(?:@[\w.-]+\/)?[\w.-]+$/.test(value) || isOfRegistry(name, value);
  return (
    isTable(value) &&
    Object.entries(value).every(([key, inner]) =>
      key === '.'
        ? overridesFromRegistry(inner, name)
        : isPackageName(key) && overridesFromRegistry(inner, nameOf(key)),
    )
  );
}

/** The name in a key of overrides (`foo@^1`). */
const nameOf = (key: string): string => key.slice(0, key.indexOf('@', 1) === -1 ? undefined : key.indexOf('@', 1));

function lineOf(text: string, name: string): number | null {
  const index = text.split('\n').findIndex((line) => line.includes(`"${name}"`));
  return index === -1 ? null : index + 1;
}

/** Whether a package is one that users may bring along or not: npm does not install it. */
const isOptionalPeer = (json: Table, kind: string, name: string): boolean =>
  kind === 'peerDependencies' && table(table(json['peerDependenciesMeta'])[name])['optional'] === true;

const OUTSIDE = 'a package from a URL, a repository or a path outside of the project';

/** What a workspace knows of ranges: its own packages by name, and what stands for others that they share. */
interface Workspace {
  own: ReadonlySet<string>;
  shared: ReturnType<typeof pnpmWorkspace>;
}

/** Words by which a package is another one of the workspace, wherever it lies. */
const ofWorkspace = /^(?:workspace|file|link|portal):/;

/** The range that stands in pnpm's catalog in the place of a value such as `catalog:` or `catalog:tests`. */
function fromCatalog(name: string, value: unknown, { shared }: Workspace): unknown {
  const catalog = typeof value === 'string' ? /^catalog:(.*)$/.exec(value)?.[1] : undefined;
  if (catalog === undefined) return value;
  const named = catalog === '' || catalog === 'default' ? shared?.catalog : shared?.catalogs?.get(catalog);
  return named?.get(name) ?? value;
}

/** Reads one kind of dependencies; what npm may be given of it. */
function readKind(
  json: Table,
  kind: string,
  file: { path: string; text: string },
  workspace: Workspace,
  into: Declared,
): Table {
  const accepted: Table = {};
  for (const [name, written] of Object.entries(table(json[kind]))) {
    const line = lineOf(file.text, name);
    const value = fromCatalog(name, written, workspace);
    if (workspace.own.has(name) && typeof value === 'string') {
      if (ofWorkspace.test(value) || isOfRegistry(name, value)) accepted[name] = ofWorkspace.test(value) ? '*' : value;
      else into.refused.push({ text: `${name}: ${value}`, file: file.path, line, why: OUTSIDE });
    } else if (typeof value !== 'string' || !isOfRegistry(name, value)) {
      const range = typeof value === 'string' ? value : JSON.stringify(value);
      into.refused.push({ text: `${name}: ${range}`, file: file.path, line, why: OUTSIDE });
    } else if (!isOptionalPeer(json, kind, name)) {
      accepted[name] = value;
      into.requirements.push({ name, range: value, file: file.path, line });
    }
  }
  return accepted;
}

/**
 * Lists of versions that are to replace those that packages ask for, by the names that npm, yarn and pnpm have for
 * them.
 */
function replacements(json: Table): [string, Table][] {
  return [
    ['overrides', table(json['overrides'])],
    ['resolutions', table(json['resolutions'])],
    ['pnpm', table(table(json['pnpm'])['overrides'])],
  ];
}

function readReplacements(json: Table, file: { path: string; text: string }, into: Declared): void {
  for (const [key, values] of replacements(json)) {
    // Keys of yarn and pnpm may be paths of names, which npm does not know: there the values count.
    const fine =
      key === 'overrides'
        ? overridesFromRegistry(values, '')
        : Object.values(values).every((value) => overridesFromRegistry(value, 'package'));
    if (!fine) {
      const why = 'versions that come from outside of the registry';
      into.refused.push({ text: key, file: file.path, line: lineOf(file.text, key), why });
    }
  }
}

/** All kinds of dependencies of a package.json that npm may be given. */
function acceptedOf(json: Table, file: { path: string; text: string }, workspace: Workspace, into: Declared): Table {
  const read = kinds.map((kind) => [kind, readKind(json, kind, file, workspace, into)] as const);
  return Object.fromEntries(read.filter(([, accepted]) => Object.keys(accepted).length > 0));
}

/** The scripts of a package.json. */
const scriptsOf = (json: Table): Record<string, string> =>
  Object.fromEntries(
    Object.entries(table(json['scripts'])).flatMap(([name, script]) =>
      typeof script === 'string' ? [[name, script]] : [],
    ),
  );

/** What the packages of a workspace declare, each in its own package.json. */
function readMembers(members: readonly Member[], workspace: Workspace, into: Declared): void {
  for (const { folder, name, version, file } of members) {
    const json = parsed(file, into);
    if (json === null) continue;
    const manifest = { name, version, private: true, ...acceptedOf(json, file, workspace, into) };
    into.members = { ...into.members, [folder]: manifest };
    into.memberScripts = { ...into.memberScripts, [folder]: scriptsOf(json) };
  }
}

function readManifest(json: Table, file: { path: string; text: string }, project: Project, into: Declared): void {
  const members = membersOf(project);
  const workspace = {
    own: new Set(members.map(({ name }) => name)),
    shared: pnpmWorkspace(project.files, project.root),
  };
  const manifest: Table = {
    name: 'answer',
    version: '0.0.0',
    private: true,
    ...acceptedOf(json, file, workspace, into),
  };
  readMembers(members, workspace, into);
  if (members.length > 0) manifest['workspaces'] = members.map(({ folder }) => folder);
  readReplacements(json, file, into);
  const overrides = table(json['overrides']);
  if (Object.keys(overrides).length > 0) manifest['overrides'] = overrides;
  if (into.requirements.length > 0 || members.length > 0) into.manifest = manifest;
  const node = table(json['engines'])['node'];
  if (typeof node === 'string') into.node = { range: node, file: file.path };
  into.scripts = scriptsOf(json);
}

/** The registry that everybody uses: to name it is no choice of the answer's. */
const usualRegistry = /^https?:\/\/registry\.npmjs\.[a-z]+$/;

/**
 * `registry=` and `@scope:registry=` of an .npmrc: nothing is fetched from there, unless it is the one that everybody
 * uses.
 */
function refuseRegistries(file: { path: string; text: string }, into: Declared): void {
  for (const [index, line] of file.text.split('\n').entries()) {
    const [, address] = /^\s*(?:@[\w.-]+:)?registry\s*=(.*)$/.exec(line) ?? [];
    if (address !== undefined && !usualRegistry.test(address.replaceAll(/["'\s]|\/\s*$/g, '')))
      into.refused.push({ text: line.trim(), file: file.path, line: index + 1, why: 'a registry of its own' });
  }
}

/** A package.json as data; null, and said, where it is none. */
function parsed(file: { path: string; text: string }, into: Declared): Table | null {
  try {
    return table(parseJson(file.text));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const line = lineIn(/\(line (\d+) /.exec(why)?.[1]);
    into.broken.push({ text: posix.basename(file.path), file: file.path, line, why });
    return null;
  }
}

/** What the package.json and the .npmrc of a project's root declare, and the packages of its workspace. */
export function readDeclared(project: Project): Declared {
  const into: Declared = {
    requirements: [],
    refused: [],
    broken: [],
    node: null,
    manifest: null,
    scripts: {},
    members: {},
    memberScripts: {},
    file: null,
  };
  const settings = project.files.find(({ path }) => withinProject(project, path) === '.npmrc');
  if (settings !== undefined) refuseRegistries(settings, into);
  const file = project.files.find(({ path }) => withinProject(project, path) === 'package.json');
  if (file === undefined) return into;
  into.file = file.path;
  const json = parsed(file, into);
  if (json !== null) readManifest(json, file, project, into);
  return into;
}
