/** Everything that a Python project's manifests ask for, read as data. */
import { posix } from 'node:path';
import { satisfies, validRange } from '@renovatebot/pep440';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import type { Project } from '../../../src/domain/grading/project.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import { iniOf, table } from '../configurations.ts';
import { ownPackage } from '../own-package.ts';
import { Collector, OWN_INDEX } from './collector.ts';
import type { Declared } from './collector.ts';
import { linesOf } from './lines.ts';
import { readTables } from './package-tables.ts';
import { parsedToml, readPyproject, refuseSources } from './pyproject.ts';
import { condaEnvironment, scriptMetadata } from './rarer.ts';
import { normalise } from './requirement.ts';
import { RequirementsReader } from './requirements-file.ts';
import type { SetupPy } from './setup-py.ts';

function readPipfile(file: AnswerFile, into: Collector): void {
  const toml = parsedToml(file, into);
  if (toml === null) return;
  const lineOf = linesOf(file);
  const other = Object.keys(toml).filter((key) => !['source', 'requires', 'scripts', 'pipenv'].includes(key));
  readTables(
    other.map((key) => toml[key]),
    file.path,
    into,
    lineOf,
  );
  const { python_version: version } = table(toml['requires']);
  if (typeof version === 'string') into.declared.python ??= { specifier: `==${version}`, file: file.path };
  const sources = Array.isArray(toml['source']) ? toml['source'].map(table) : [];
  refuseSources(
    sources.filter(({ url }) => url !== undefined),
    '[[source]]',
    file.path,
    into,
    lineOf,
  );
}

const listed = (value: string | undefined): string[] =>
  (value ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

function readSetupCfg(project: Project, file: AnswerFile, into: Collector): void {
  const { options = {}, 'options.extras_require': extras = {} } = iniOf(project, 'setup.cfg');
  const lists = [options['install_requires'], options['tests_require'], ...Object.values(extras)];
  const lineOf = linesOf(file);
  for (const text of lists.flatMap(listed)) {
    // A file that setuptools reads the requirements from is read by its own name.
    if (!/^file:\s*[\w./ ,-]+\.(?:txt|in)$/.test(text)) into.add(text, file.path, lineOf(text));
  }
  for (const text of listed(options['setup_requires'])) into.inspect(text, file.path, lineOf(text));
  for (const link of listed(options['dependency_links'])) into.refuse(link, file.path, lineOf(link), OWN_INDEX);
  if (options['python_requires'] !== undefined)
    into.declared.python ??= { specifier: options['python_requires'], file: file.path };
}

/**
 * Packages that tox installs for the tests, as lines of a requirements file; what tox fills in is read where it stands.
 */
function readTox(project: Project, file: AnswerFile, reader: RequirementsReader): void {
  for (const text of listed(iniOf(project, 'tox.ini')['testenv']?.['deps'])) {
    const line = linesOf(file)(text);
    const here = text.replace('{toxinidir}/', './').replace(/^[\w{},-]+:\s+/, '');
    if (/^\{[^}]*\}$/.test(here) || /^-[rc]/.test(here)) continue; // another section; files are read anyway
    reader.line(here, file.path, line);
  }
}

function addSetupPy(file: AnswerFile, setup: SetupPy, into: Collector): void {
  if ('unreadable' in setup) {
    into.broken('setup.py', file.path, null, setup.unreadable);
    return;
  }
  for (const text of setup.requirements) into.add(text, file.path, linesOf(file)(text));
  if (setup.python !== null) into.declared.python ??= { specifier: setup.python, file: file.path };
}

function readScript(file: AnswerFile, into: Collector): void {
  const metadata = scriptMetadata(file.text);
  const toml = metadata === null ? null : parsedToml({ ...file, text: metadata }, into);
  if (toml === null) return;
  const dependencies = Array.isArray(toml['dependencies']) ? toml['dependencies'] : [];
  for (const requirement of dependencies)
    if (typeof requirement === 'string') into.add(requirement, file.path, linesOf(file)(requirement));
  if (typeof toml['requires-python'] === 'string')
    into.declared.python ??= { specifier: toml['requires-python'], file: file.path };
}

function readConda(file: AnswerFile, reader: RequirementsReader, into: Collector): void {
  const { conda = [], pip = [] } = condaEnvironment(file.text) ?? {};
  if (conda.length > 0) into.declared.conda ??= file.path;
  else for (const requirement of pip) reader.line(requirement, file.path, linesOf(file)(requirement));
}

const isRequirements = (path: string): boolean => {
  const name = posix.basename(path);
  return (
    /^(?:[\w.-]*[-_.])?requirements[\w.-]*\.(?:txt|in)$/.test(name) ||
    /(?:^|\/)requirements\/[\w.-]+\.(?:txt|in)$/.test(path)
  );
};

/**
 * Everything that the project's manifests ask for: all extras, all groups. Scripts and conda are asked where nobody
 * else says anything.
 */
export function readDeclared(project: Project, setup: SetupPy | null = null): Declared {
  const { name } = ownPackage({ project, files: [] });
  const into = new Collector(name === null ? null : normalise(name));
  const reader = new RequirementsReader(new Map(project.files.map((file) => [file.path, file])), into);
  for (const file of project.files) {
    const path = withinProject(project, file.path);
    if (path === 'pyproject.toml') readPyproject(file, reader, into);
    else if (path === 'Pipfile') readPipfile(file, into);
    else if (path === 'setup.cfg') readSetupCfg(project, file, into);
    else if (path === 'setup.py' && setup !== null) addSetupPy(file, setup, into);
    else if (path === 'tox.ini') readTox(project, file, reader);
    else if (isRequirements(path)) reader.read(file);
  }
  if (into.declared.requirements.length > 0) return into.declared;
  for (const file of project.files) {
    if (file.path.endsWith('.py')) readScript(file, into);
    else if (/^environment\.ya?ml$/.test(withinProject(project, file.path))) readConda(file, reader, into);
  }
  return into.declared;
}

/** Releases that a minor version may come to have. */
const PATCHES = 60;

/**
 * Whether some release of a minor version (`3.11`) meets a PEP 440 specifier (`>=3.11,<3.13`). What is no specifier is
 * met.
 */
export function meetsPython(minor: string, specifier: string): boolean {
  if (!validRange(specifier)) return true;
  const releases = [minor, ...Array.from({ length: PATCHES }, (_, patch) => `${minor}.${patch}`)];
  return releases.some((release) => satisfies(release, specifier));
}
