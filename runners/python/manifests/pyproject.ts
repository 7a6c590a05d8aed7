/** What a pyproject.toml asks for: the standard's tables, and those of Poetry, PDM, Hatch and uv. */
import { posix } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import { strings, table } from '../configurations.ts';
import type { Table } from '../configurations.ts';
import { OUTSIDE, OWN_INDEX, isProjectItself, isUsualIndex } from './collector.ts';
import type { Collector, LineOf } from './collector.ts';
import { linesOf } from './lines.ts';
import { readPoetry } from './package-tables.ts';
import type { RequirementsReader } from './requirements-file.ts';

/** A TOML file as data; null when it can't be read, which is noted. */
export function parsedToml(file: AnswerFile, into: Collector): Table | null {
  try {
    return parseToml(file.text);
  } catch (error) {
    const first = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    into.broken(posix.basename(file.path), file.path, null, first);
    return null;
  }
}

/** The strings of a list, without its other values. */
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
const tables = (value: unknown): Table[] => (Array.isArray(value) ? value.map(table) : []);

/** Lists of requirements by group; `{include-group = "x"}` names a group that is read anyway. */
function readGroups(groups: Table, file: string, into: Collector, lineOf: LineOf): void {
  for (const group of Object.values(groups))
    for (const requirement of texts(group)) into.add(requirement, file, lineOf(requirement));
}

/** Refuses further indexes in a list of sources, as Poetry, PDM and Pipenv have them. */
export function refuseSources(sources: unknown, heading: string, file: string, into: Collector, lineOf: LineOf): void {
  const hasOwnIndex = tables(sources).some(
    ({ name, url, type }) =>
      type === 'find_links' || (!isUsualIndex(url) && !(url === undefined && /^pypi$/i.test(String(name)))),
  );
  if (hasOwnIndex) into.refuse(heading, file, lineOf(heading), OWN_INDEX);
}

const placesOfSources = ['git', 'path', 'url', 'workspace'];

/** uv's settings: further packages, places to take packages from, and indexes. */
function readUv(uv: Table, file: string, into: Collector, lineOf: LineOf): void {
  for (const requirement of texts(uv['dev-dependencies'])) into.add(requirement, file, lineOf(requirement));
  for (const constraint of texts(uv['constraint-dependencies'])) into.constrain(constraint, file, lineOf(constraint));
  for (const name of ['override-dependencies', 'build-constraint-dependencies'])
    for (const text of texts(uv[name])) into.inspect(text, file, lineOf(text));
  for (const [name, source] of Object.entries(table(uv['sources']))) {
    const entries = (Array.isArray(source) ? source : [source]).map(table);
    if (entries.some((entry) => placesOfSources.some((key) => key in entry)))
      into.refuse(name, file, lineOf(name), OUTSIDE);
  }
  const settings = [uv, table(uv['pip'])];
  const indexes = settings.flatMap((part) => [
    ...[part['index']].flat().map((index) => table(index)['url'] ?? index),
    part['index-url'],
    ...[part['extra-index-url']].flat(),
  ]);
  const otherwise = settings.some((part) => part['no-index'] === true || texts(part['find-links']).length > 0);
  if (otherwise || indexes.some((url) => url !== undefined && !isUsualIndex(url)))
    into.refuse('[tool.uv] index', file, lineOf('index'), OWN_INDEX);
}

/** PDM's settings; its development packages may be lines of a requirements file (`-e …`). */
function readPdm(pdm: Table, file: string, reader: RequirementsReader, into: Collector, lineOf: LineOf): void {
  for (const group of Object.values(table(pdm['dev-dependencies'])))
    for (const text of texts(group)) reader.line(text, file, lineOf(text));
  for (const [name, version] of Object.entries(table(table(pdm['resolution'])['overrides'])))
    if (typeof version === 'string' && /[:/@]/.test(version)) into.refuse(name, file, lineOf(name), OUTSIDE);
  refuseSources(pdm['source'], '[[tool.pdm.source]]', file, into, lineOf);
}

/** Reads all of a pyproject.toml that names packages. */
export function readPyproject(file: AnswerFile, reader: RequirementsReader, into: Collector): void {
  const lineOf = linesOf(file);
  const toml = parsedToml(file, into);
  if (toml === null) return;
  const project = table(toml['project']);
  const specifier = project['requires-python'];
  if (typeof specifier === 'string') into.declared.python ??= { specifier, file: file.path };
  for (const requirement of texts(project['dependencies'])) into.add(requirement, file.path, lineOf(requirement));
  readGroups(table(project['optional-dependencies']), file.path, into, lineOf);
  readGroups(table(toml['dependency-groups']), file.path, into, lineOf);
  for (const text of texts(table(toml['build-system'])['requires'])) into.inspect(text, file.path, lineOf(text));
  readTools(table(toml['tool']), file.path, reader, into, lineOf);
}

function readTools(tools: Table, file: string, reader: RequirementsReader, into: Collector, lineOf: LineOf): void {
  const poetry = table(tools['poetry']);
  readPoetry(poetry, file, into, lineOf);
  refuseSources(poetry['source'], '[[tool.poetry.source]]', file, into, lineOf);
  readPdm(table(tools['pdm']), file, reader, into, lineOf);
  for (const environment of Object.values(table(table(tools['hatch'])['envs'])).map(table)) {
    const lists = [environment['dependencies'], environment['extra-dependencies']];
    for (const text of lists.flatMap(texts)) if (!isProjectItself(text)) into.add(text, file, lineOf(text));
  }
  const setuptools = table(tools['setuptools']);
  for (const link of strings(setuptools['dependency-links'])) into.refuse(link, file, lineOf(link), OWN_INDEX);
  readUv(table(tools['uv']), file, into, lineOf);
}
