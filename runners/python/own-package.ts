import { posix } from 'node:path';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { AnswerFile } from '../../src/domain/grading/extraction.ts';
import type { Project } from '../../src/domain/grading/project.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import { iniOf, strings, table, textOf, tomlOf } from './configurations.ts';
import type { Table } from './configurations.ts';

/** What a project says of itself as a package, and what `pip install --editable .` would make of it. */
export interface OwnPackage {
  /** Folders, relative to the project's root, whose modules can be imported; the root itself always can. */
  roots: string[];
  /** Null when it is not a package. */
  name: string | null;
  version: string;
  /** Targets (`module:function`) by name, by group; the group of its programs is `console_scripts`. */
  entryPoints: Record<string, Record<string, string>>;
}

/** Of a project that says nothing. */
export const noPackage: OwnPackage = { roots: [], name: null, version: '0.0.0', entryPoints: {} };

const tables = (value: unknown): Table[] => (Array.isArray(value) ? value.map(table) : []);
const text = (value: unknown): string | null => (typeof value === 'string' && /^[^\n\r]+$/.test(value) ? value : null);

/** What the build backends are told of folders that hold packages. */
function configuredRoots(project: Project): string[] {
  const tools = table(tomlOf(project, 'pyproject.toml')['tool']);
  const setuptools = table(tools['setuptools']);
  const wheel = table(table(table(table(tools['hatch'])['build'])['targets'])['wheel']);
  const setupCfg = iniOf(project, 'setup.cfg');
  const setupPy = textOf(project, 'setup.py') ?? '';
  return [
    ...strings(table(table(setuptools['packages'])['find'])['where']),
    ...strings(table(setuptools['package-dir'])['']),
    ...strings(wheel['packages']).map((folder) => posix.dirname(folder)),
    ...tables(table(tools['poetry'])['packages']).flatMap(({ from }) => strings(from)),
    ...strings(table(table(tools['pdm'])['build'])['package-dir']),
    ...strings(setupCfg['options.packages.find']?.['where']),
    ...[...(setupCfg['options']?.['package_dir'] ?? '').matchAll(/^\s*=\s*(\S+)/gm)].map(([, folder]) => folder ?? ''),
    ...[
      ...setupPy.matchAll(
        /package_dir\s*=\s*\{\s*["']["']\s*:\s*["']([^"']+)|find_packages\(\s*(?:where\s*=\s*)?["']([^"']+)/g,
      ),
    ].map(([, a, b]) => a ?? b ?? ''),
  ];
}

/** Folders that a Makefile, a tox.ini or the instructions put on Python's path. */
function pathsSaid(files: readonly AnswerFile[]): string[] {
  const settings = files
    .filter(({ path }) => !path.endsWith('.py'))
    .flatMap((file) => [...file.text.matchAll(/\bPYTHONPATH\s*[=:]\s*["']?([^\s"';`]+)/g)]);
  return settings.flatMap(([, value]) =>
    (value ?? '').split(':').map((path) => path.replace(/^(?:\$\(pwd\)|\$\{?PWD\}?|\{toxinidir\})\//, '')),
  );
}

type Points = Record<string, string>;
const points = (value: unknown): Points =>
  Object.fromEntries(
    Object.entries(table(value)).flatMap(([name, target]) => (typeof target === 'string' ? [[name, target]] : [])),
  );

const pairs = (written: string, pattern: RegExp): Points =>
  Object.fromEntries([...written.matchAll(pattern)].map(([, name = '', target = '']) => [name, target]));

/** The programs and plugins that an installer would make known. */
function entryPointsOf(project: Project): OwnPackage['entryPoints'] {
  const manifest = tomlOf(project, 'pyproject.toml');
  const [standard, poetry] = [table(manifest['project']), table(table(manifest['tool'])['poetry'])];
  const setupCfg = Object.entries(iniOf(project, 'setup.cfg')['options.entry_points'] ?? {});
  const groups: Record<string, Points> = {
    ...Object.fromEntries(setupCfg.map(([group, lines]) => [group, pairs(lines, /^\s*([\w.-]+)\s*=\s*(\S+)/gm)])),
    ...Object.fromEntries(
      [...Object.entries(table(poetry['plugins'])), ...Object.entries(table(standard['entry-points']))].map(
        ([group, targets]) => [group, points(targets)],
      ),
    ),
  };
  const setupPy = pairs(textOf(project, 'setup.py') ?? '', /["']([\w.-]+)\s*=\s*([\w.]+:\w+)["']/g);
  return {
    ...groups,
    console_scripts: {
      ...groups['console_scripts'],
      ...setupPy,
      ...points(poetry['scripts']),
      ...points(standard['scripts']),
    },
  };
}

/**
 * A version that a build would read from the code: `__version__`, or what setuptools is told (`attr =
 * "package.VERSION"`).
 */
function versionInCode(project: Project): string | null {
  const dynamic = table(
    table(table(table(tomlOf(project, 'pyproject.toml')['tool'])['setuptools'])['dynamic'])['version'],
  )['attr'];
  const name = typeof dynamic === 'string' ? (/\w+$/.exec(dynamic)?.[0] ?? '__version__') : '__version__';
  const assigned = new RegExp(`^${name}(?:\\s*:\\s*\\w+)?\\s*=\\s*["']([^"'\\n]+)["']`, 'm');
  return (
    project.files
      .filter(({ path }) => path.endsWith('.py'))
      .map(({ text: code }) => assigned.exec(code)?.[1])
      .find((found) => found !== undefined) ?? null
  );
}

/** Reads pyproject.toml, setup.cfg and setup.py as data, and what any file of the answer says of PYTHONPATH. */
export function ownPackage({ project, files }: Pick<CheckContext, 'project' | 'files'>): OwnPackage {
  const manifest = tomlOf(project, 'pyproject.toml');
  const poetry = table(table(manifest['tool'])['poetry']);
  const setup = iniOf(project, 'setup.cfg')['metadata'] ?? {};
  const setupPy = textOf(project, 'setup.py');
  const readField = (field: string): string | null =>
    text(table(manifest['project'])[field]) ??
    text(poetry[field]) ??
    text(setup[field]) ??
    new RegExp(`\\b${field}\\s*=\\s*["']([^"']+)`).exec(setupPy ?? '')?.[1] ??
    null;
  const isPackage =
    ['project', 'build-system'].some((part) => part in manifest) ||
    'name' in poetry ||
    'name' in setup ||
    setupPy !== null;
  const folders = new Set(project.files.flatMap(({ path }) => ancestors(withinProject(project, path))));
  const roots = [...(isPackage ? [...configuredRoots(project), 'src'] : []), ...pathsSaid(files)].map((path) =>
    posix.normalize(`${path}/`).slice(0, -1),
  );
  const isPackageItself = (folder: string): boolean =>
    project.files.some(({ path }) => withinProject(project, path) === `${folder}/__init__.py`);
  return {
    roots: [...new Set(roots)].filter((folder) => folders.has(folder) && !isPackageItself(folder)),
    name: isPackage ? readField('name') : null,
    version: readField('version') ?? versionInCode(project) ?? noPackage.version,
    entryPoints: isPackage ? entryPointsOf(project) : {},
  };
}

/** The folders that a path goes through. */
function ancestors(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
