import type { Project } from '../../src/domain/grading/project.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import type { Refusal } from '../shared/dependencies.ts';

/** One package that an answer asks for. */
export interface Requirement {
  name: string;
  /** Range, version or tag of the registry. */
  range: string;
  file: string;
  line: number | null;
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
}

type Table = Record<string, unknown>;
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const table = (value: unknown): Table => (isTable(value) ? value : {});

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Ranges, versions, tags and aliases of the registry; everything else comes from outside of it. */
function fromRegistry(range: string): boolean {
  const target = range.startsWith('npm:') ? range.slice(4) : range;
  return !/^[a-z+]+:|^[./~]\/|^\/|^[\w-]+\/[\w.-]+(#.*)?$/i.test(target) || /^~?\d|^\^/.test(target);
}

/** Whether all that overrides ask for, however nested, comes from the registry; `$name` is the version that is declared. */
function overridesFromRegistry(value: unknown): boolean {
  return typeof value === 'string'
    ? value.startsWith('$') || fromRegistry(value)
    : isTable(value) && Object.values(value).every(overridesFromRegistry);
}

function lineOf(text: string, name: string): number | null {
  const index = text.split('\n').findIndex((line) => line.includes(`"${name}"`));
  return index === -1 ? null : index + 1;
}

/** Whether a package is one that users may bring along or not: npm does not install it. */
const isOptionalPeer = (json: Table, kind: string, name: string): boolean =>
  kind === 'peerDependencies' && table(table(json['peerDependenciesMeta'])[name])['optional'] === true;

function readManifest(json: Table, file: { path: string; text: string }, into: Declared): void {
  const manifest: Table = { name: 'answer', version: '0.0.0', private: true };
  for (const kind of kinds) {
    const accepted: Record<string, string> = {};
    for (const [name, value] of Object.entries(table(json[kind]))) {
      if (isOptionalPeer(json, kind, name)) continue;
      const range = String(value);
      const line = lineOf(file.text, name);
      if (typeof value === 'string' && fromRegistry(range)) {
        accepted[name] = range;
        into.requirements.push({ name, range, file: file.path, line });
      } else {
        into.refused.push({
          text: `${name}: ${range}`,
          file: file.path,
          line,
          why: 'a package from a URL, a repository or a path outside of the project',
        });
      }
    }
    if (Object.keys(accepted).length > 0) manifest[kind] = accepted;
  }
  const overrides = table(json['overrides']);
  if (overridesFromRegistry(overrides)) {
    if (Object.keys(overrides).length > 0) manifest['overrides'] = overrides;
  } else
    into.refused.push({
      text: 'overrides',
      file: file.path,
      line: lineOf(file.text, 'overrides'),
      why: 'overrides that come from outside of the registry',
    });
  if (into.requirements.length > 0) into.manifest = manifest;
  const node = table(json['engines'])['node'];
  if (typeof node === 'string') into.node = { range: node, file: file.path };
  for (const [name, script] of Object.entries(table(json['scripts'])))
    if (typeof script === 'string') into.scripts = { ...into.scripts, [name]: script };
}

/** The registry that everybody uses: to name it is no choice of the answer's. */
const usualRegistry = /^https?:\/\/registry\.npmjs\.[a-z]+$/;

/** `registry=` and `@scope:registry=` of an .npmrc: nothing is fetched from there, unless it is the one that everybody uses. */
function refuseRegistries(file: { path: string; text: string }, into: Declared): void {
  for (const [index, line] of file.text.split('\n').entries()) {
    const [, address] = /^\s*(?:@[\w.-]+:)?registry\s*=(.*)$/.exec(line) ?? [];
    if (address !== undefined && !usualRegistry.test(address.replaceAll(/["'\s]|\/\s*$/g, '')))
      into.refused.push({ text: line.trim(), file: file.path, line: index + 1, why: 'a registry of its own' });
  }
}

/** What the package.json and the .npmrc of a project's root declare. */
export function readDeclared(project: Project): Declared {
  const into: Declared = { requirements: [], refused: [], broken: [], node: null, manifest: null, scripts: {} };
  const settings = project.files.find(({ path }) => withinProject(project, path) === '.npmrc');
  if (settings !== undefined) refuseRegistries(settings, into);
  const file = project.files.find(({ path }) => withinProject(project, path) === 'package.json');
  if (file === undefined) return into;
  try {
    readManifest(table(JSON.parse(file.text)), file, into);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const line = /\(line (\d+) /.exec(why)?.[1];
    into.broken.push({ text: 'package.json', file: file.path, line: line === undefined ? null : Number(line), why });
  }
  return into;
}
