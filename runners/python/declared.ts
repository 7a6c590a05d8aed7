import { posix } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import type { AnswerFile } from '../../src/domain/grading/extraction.ts';
import type { Project } from '../../src/domain/grading/project.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import type { Refusal } from '../shared/dependencies.ts';
import { iniOf } from './configurations.ts';
import { setupPyPython, setupPyRequirements } from './older-manifests.ts';
import { ownPackage } from './own-package.ts';
import { condaEnvironment, scriptMetadata } from './rarer-manifests.ts';

/** One package that an answer asks for. */
export interface Requirement {
  /** As a resolver reads it (`fastapi>=0.115,<1`). */
  text: string;
  /** Normalised name of the package. */
  name: string;
  file: string;
  line: number | null;
}

/** What a Python project declares, statically: no manifest is ever executed. */
export interface Declared {
  requirements: Requirement[];
  /** Bounds on packages that something else may ask for (`-c constraints.txt`). */
  constraints: string[];
  refused: Refusal[];
  /** Manifests that could not be read, with the reason. */
  broken: Refusal[];
  /** `requires-python`, with the file that says so. */
  python: { specifier: string; file: string } | null;
  /** The file that asks conda for packages, where nothing else declares any. */
  conda: string | null;
}

const OUTSIDE = 'a package from a URL, a repository or a path outside of the project';
const INDEX = 'an index of its own';
/** The index that everybody uses, and `pipenv` writes into every Pipfile: it is no choice of the answer's. */
const usualIndex = /^https:\/\/pypi\.[a-z]+\/simple\/?$/;
const isUsual = (url: unknown): boolean => typeof url === 'string' && usualIndex.test(url);

/** PEP 503: runs of `-`, `_` and `.` are one hyphen. */
export function normalise(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

const NAME = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?/;

class Collector {
  /** The project's own name, null when it says none. */
  readonly own: string | null;
  readonly declared: Declared = {
    requirements: [],
    constraints: [],
    refused: [],
    broken: [],
    python: null,
    conda: null,
  };

  constructor(own: string | null) {
    this.own = own;
  }

  add(text: string, file: string, line: number | null): void {
    const trimmed = text.trim();
    const name = NAME.exec(trimmed)?.[1];
    if (name !== undefined && normalise(name) === this.own) return; // its own extras, which are read anyway
    if (name === undefined) this.declared.broken.push({ text: trimmed, file, line, why: 'not a requirement' });
    else if (/@\s*(\w+\+)?\w+:|@\s*[./]/.test(trimmed)) this.refuse(trimmed, file, line, OUTSIDE);
    else this.declared.requirements.push({ text: trimmed, name: normalise(name), file, line });
  }

  refuse(text: string, file: string, line: number | null, why: string): void {
    this.declared.refused.push({ text, file, line, why });
  }
}

/** Logical lines of a requirements file with the number of their first line: continuations joined, comments gone. */
function logicalLines(text: string): { text: string; line: number }[] {
  const lines: { text: string; line: number }[] = [];
  let pending: { text: string; line: number } | null = null;
  for (const [index, raw] of text.split('\n').entries()) {
    const part = raw.replace(/(^|\s)#.*$/, '').trimEnd();
    const current: { text: string; line: number } = pending ?? { text: '', line: index + 1 };
    current.text += part.replace(/\\$/, ' ');
    pending = part.endsWith('\\') ? current : null;
    if (pending === null && current.text.trim() !== '') lines.push({ ...current, text: current.text.trim() });
  }
  return lines;
}

function readRequirements(
  file: AnswerFile,
  known: ReadonlyMap<string, AnswerFile>,
  seen: Set<string>,
  into: Collector,
): void {
  if (seen.has(file.path)) return;
  seen.add(file.path);
  for (const { text, line } of logicalLines(file.text)) {
    const include = /^(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)/.exec(text);
    if (include?.[1] !== undefined) {
      const target = posix.join(posix.dirname(file.path), include[1]);
      const included = known.get(target);
      if (included === undefined)
        into.declared.broken.push({ text, file: file.path, line, why: `there is no ${target} in the answer` });
      else if (/^(?:-r|--requirement)/.test(text)) readRequirements(included, known, seen, into);
      else
        into.declared.constraints.push(
          ...logicalLines(included.text)
            .map((bound) => bound.text)
            .filter((bound) => NAME.test(bound) && !bound.includes('@')),
        );
    } else if (/^(?:-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host)\b/.test(text)) {
      if (!isUsual(text.split(/[\s=]+/)[1])) into.refuse(text, file.path, line, INDEX);
    } else if (/^(?:(?:-e|--editable)[\s=]+)?(["']?)\.\/?(?:\[[^\]]*\])?\1$/.test(text)) {
      continue; // the project itself: its own manifest is read
    } else if (/^(?:-e|--editable)\b|^(\w+\+)?\w+:\/\/|^\.{0,2}\//.test(text)) {
      into.refuse(text, file.path, line, OUTSIDE);
    } else if (!text.startsWith('-')) {
      into.add(text.replace(/\s+--[a-z-]+[= ].*$/, ''), file.path, line);
    }
  }
}

type Table = Record<string, unknown>;
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const table = (value: unknown): Table => (isTable(value) ? value : {});
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Poetry's caret and tilde in the terms of PEP 440. Of alternatives (`^1 || ^2`) the last, which is the newest, is meant. */
export function fromPoetry(version: string): string {
  return (version.split('||').at(-1) ?? '')
    .split(/,|(?<=[\w*.])\s+(?=[<>=!~^])/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '*')
    .map((part) => {
      const operator = /^[\^~](?!=)/.exec(part)?.[0];
      if (operator === undefined) return /^\d/.test(part) ? `==${part}` : part.replaceAll(' ', '');
      const numbers = part.slice(1).replace(/^=/, '').split('.').map(Number);
      const firstSet = numbers.findIndex((number) => number !== 0);
      const kept = operator === '~' ? Math.min(1, numbers.length - 1) : firstSet === -1 ? numbers.length - 1 : firstSet;
      const upper = numbers.slice(0, kept + 1).map((number, index) => (index === kept ? number + 1 : number));
      return `>=${numbers.join('.')},<${upper.join('.')}`;
    })
    .join(',');
}

/** Tables of packages with their versions, as Poetry and Pipenv have them. */
function readTables(
  tables: readonly unknown[],
  file: string,
  into: Collector,
  lineOf: (text: string) => number | null,
): void {
  for (const [name, value] of tables.flatMap((packages) => Object.entries(table(packages)))) {
    const line = lineOf(name);
    const version = typeof value === 'string' ? value : table(value)['version'];
    if (isTable(value) && typeof value['path'] === 'string' && /^\.\/?$/.test(value['path'])) continue; // the project itself
    if (isTable(value) && ['git', 'path', 'file', 'url'].some((key) => key in value))
      into.refuse(name, file, line, OUTSIDE);
    else if (name === 'python') into.declared.python ??= { specifier: fromPoetry(String(version)), file };
    else {
      const extras = strings(table(value)['extras']);
      into.add(
        `${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}${fromPoetry(typeof version === 'string' ? version : '*')}`,
        file,
        line,
      );
    }
  }
}

function readPoetry(poetry: Table, file: string, into: Collector, lineOf: (text: string) => number | null): void {
  const groups = Object.values(table(poetry['group'])).map((group) => table(group)['dependencies']);
  readTables([poetry['dependencies'], poetry['dev-dependencies'], ...groups], file, into, lineOf);
}

/** Poetry and PDM name further indexes in a list of sources. */
function refuseSources(
  tool: Table,
  name: string,
  file: string,
  into: Collector,
  lineOf: (text: string) => number | null,
): void {
  const heading = `[[tool.${name}.source]]`;
  const sources = Array.isArray(tool['source']) ? tool['source'].map(table) : [];
  if (sources.some(({ name: own, url }) => !isUsual(url) && !(url === undefined && /^pypi$/i.test(String(own)))))
    into.refuse(heading, file, lineOf(heading), INDEX);
}

function readGroups(groups: Table, file: string, into: Collector, lineOf: (text: string) => number | null): void {
  for (const group of Object.values(groups)) {
    // {include-group = "x"} names a group that is read anyway.
    for (const requirement of strings(group)) into.add(requirement, file, lineOf(requirement));
  }
}

/** Finds the line on which a text stands as a string, or as a key, heading or item of a list at the start of its line. */
function linesOf(file: AnswerFile): (text: string) => number | null {
  const lines = file.text.split('\n').map((line) => line.replace(/^\s*(?:- )?\s*/, ''));
  return (text) => {
    const index = lines.findIndex(
      (line) =>
        [`"${text}"`, `'${text}'`].some((quoted) => line.includes(quoted)) ||
        (line.startsWith(text) && !/^\w/.test(line.slice(text.length))),
    );
    return index === -1 ? null : index + 1;
  };
}

/** A TOML file as data; null when it can't be read, which is noted. */
function parsed(file: AnswerFile, into: Collector): Table | null {
  try {
    return parseToml(file.text);
  } catch (error) {
    const first = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    into.declared.broken.push({ text: posix.basename(file.path), file: file.path, line: null, why: first });
    return null;
  }
}

function readPyproject(file: AnswerFile, into: Collector): void {
  const lineOf = linesOf(file);
  const toml = parsed(file, into);
  if (toml === null) return;
  const project = table(toml['project']);
  if (typeof project['requires-python'] === 'string') {
    into.declared.python ??= { specifier: project['requires-python'], file: file.path };
  }
  for (const requirement of strings(project['dependencies'])) into.add(requirement, file.path, lineOf(requirement));
  readGroups(table(project['optional-dependencies']), file.path, into, lineOf);
  readGroups(table(toml['dependency-groups']), file.path, into, lineOf);
  const tools = table(toml['tool']);
  readPoetry(table(tools['poetry']), file.path, into, lineOf);
  readGroups(table(table(tools['pdm'])['dev-dependencies']), file.path, into, lineOf);
  for (const environment of Object.values(table(table(tools['hatch'])['envs'])).map(table)) {
    readGroups({ own: environment['dependencies'], more: environment['extra-dependencies'] }, file.path, into, lineOf);
  }
  for (const name of ['poetry', 'pdm']) refuseSources(table(tools[name]), name, file.path, into, lineOf);
  const uv = table(tools['uv']);
  for (const requirement of strings(uv['dev-dependencies'])) into.add(requirement, file.path, lineOf(requirement));
  for (const [name, source] of Object.entries(table(uv['sources']))) {
    if (isTable(source) && ['git', 'path', 'url'].some((key) => key in source))
      into.refuse(name, file.path, lineOf(name), OUTSIDE);
  }
  const indexes = [
    ...[uv['index']].flat().map((index) => table(index)['url'] ?? index),
    uv['index-url'],
    ...[uv['extra-index-url']].flat(),
  ];
  if (indexes.some((url) => url !== undefined && !isUsual(url)))
    into.refuse('[tool.uv] index', file.path, lineOf('index'), INDEX);
}

function readPipfile(file: AnswerFile, into: Collector): void {
  const toml = parsed(file, into);
  if (toml === null) return;
  readTables([toml['packages'], toml['dev-packages']], file.path, into, linesOf(file));
  const { python_version: version } = table(toml['requires']);
  if (typeof version === 'string') into.declared.python ??= { specifier: `==${version}`, file: file.path };
  const sources = Array.isArray(toml['source']) ? toml['source'].map(table) : [];
  if (sources.some(({ url }) => url !== undefined && !isUsual(url)))
    into.refuse('[[source]]', file.path, linesOf(file)('[[source]]'), INDEX);
}

function readSetupCfg(project: Project, file: AnswerFile, into: Collector): void {
  const { options = {}, 'options.extras_require': extras = {} } = iniOf(project, 'setup.cfg');
  const lists = [options['install_requires'], options['tests_require'], ...Object.values(extras)];
  for (const text of lists.flatMap((list) => (list ?? '').split('\n')).map((line) => line.trim())) {
    if (text !== '' && !/^(?:file:|#)/.test(text)) into.add(text, file.path, linesOf(file)(text));
  }
  if (options['python_requires'] !== undefined)
    into.declared.python ??= { specifier: options['python_requires'], file: file.path };
}

/** Packages that tox installs for the tests; files and the project itself are read anyway. */
function readTox(project: Project, file: AnswerFile, into: Collector): void {
  for (const text of (iniOf(project, 'tox.ini')['testenv']?.['deps'] ?? '').split('\n').map((line) => line.trim())) {
    if (/^[A-Za-z]/.test(text) && !/[{}]|^\w+:/.test(text)) into.add(text, file.path, linesOf(file)(text));
  }
}

function readSetupPy(file: AnswerFile, into: Collector): void {
  for (const text of setupPyRequirements(file.text)) into.add(text, file.path, linesOf(file)(text));
  const specifier = setupPyPython(file.text);
  if (specifier !== null) into.declared.python ??= { specifier, file: file.path };
}

function readScript(file: AnswerFile, into: Collector): void {
  const metadata = scriptMetadata(file.text);
  const toml = metadata === null ? null : parsed({ ...file, text: metadata }, into);
  if (toml === null) return;
  for (const requirement of strings(toml['dependencies'])) into.add(requirement, file.path, linesOf(file)(requirement));
  if (typeof toml['requires-python'] === 'string')
    into.declared.python ??= { specifier: toml['requires-python'], file: file.path };
}

function readConda(file: AnswerFile, into: Collector): void {
  const { conda = [], pip = [] } = condaEnvironment(file.text) ?? {};
  if (conda.length > 0) into.declared.conda ??= file.path;
  else for (const requirement of pip) into.add(requirement, file.path, linesOf(file)(requirement));
}

const isRequirements = (path: string): boolean => {
  const name = posix.basename(path);
  return (
    /^(?:[\w.-]*[-_.])?requirements[\w.-]*\.(?:txt|in)$/.test(name) ||
    /(?:^|\/)requirements\/[\w.-]+\.(?:txt|in)$/.test(path)
  );
};

/** Everything that the project's manifests ask for: all extras, all groups. Scripts and conda are asked where nobody else says anything. */
export function readDeclared(project: Project): Declared {
  const { name } = ownPackage({ project, files: [] });
  const into = new Collector(name === null ? null : normalise(name));
  const known = new Map(project.files.map((file) => [file.path, file]));
  const seen = new Set<string>();
  for (const file of project.files) {
    const path = withinProject(project, file.path);
    if (path === 'pyproject.toml') readPyproject(file, into);
    else if (path === 'Pipfile') readPipfile(file, into);
    else if (path === 'setup.cfg') readSetupCfg(project, file, into);
    else if (path === 'setup.py') readSetupPy(file, into);
    else if (path === 'tox.ini') readTox(project, file, into);
    else if (isRequirements(path)) readRequirements(file, known, seen, into);
  }
  if (into.declared.requirements.length > 0) return into.declared;
  for (const file of project.files) {
    if (file.path.endsWith('.py')) readScript(file, into);
    else if (/^environment\.ya?ml$/.test(withinProject(project, file.path))) readConda(file, into);
  }
  return into.declared;
}

/** Whether a version (`3.11`) meets a PEP 440 specifier (`>=3.11,<3.13`). Clauses that are not understood are met. */
export function meetsPython(version: string, specifier: string): boolean {
  const parts = (text: string): number[] =>
    text
      .split('.')
      .map(Number)
      .filter((number) => !Number.isNaN(number));
  const order = (a: readonly number[], b: readonly number[]): number => {
    const length = Math.min(a.length, b.length, 2);
    for (let index = 0; index < length; index += 1) {
      const difference = (a[index] ?? 0) - (b[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  return specifier.split(',').every((clause) => {
    const match = /^\s*(~=|===?|!=|<=?|>=?)\s*([\d.]+)/.exec(clause);
    if (match?.[1] === undefined || match[2] === undefined) return true;
    const [bound, own] = [parts(match[2]), parts(version)];
    const difference = order(own, bound);
    switch (match[1]) {
      case '>=':
      case '~=':
        return difference >= 0;
      case '>':
        return difference > 0 || (difference === 0 && bound.length > 2);
      case '<':
        return difference < 0;
      case '<=':
      case '==':
      case '===':
        return match[1] === '<=' ? difference <= 0 : difference === 0;
      default:
        return true;
    }
  });
}
