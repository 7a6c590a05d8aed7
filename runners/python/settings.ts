import { posix } from 'node:path';
import type { Project } from '../../src/domain/grading/project.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import { iniOf, strings, table, textOf, tomlOf } from './configurations.ts';
import type { Table } from './configurations.ts';
import { isTest } from './files.ts';

/** Regular expressions hold commas: one a line. */
const patterns = (value: unknown): string[] =>
  typeof value === 'string'
    ? value
        .split('\n')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : strings(value);

/** The line width that the answer chose for a formatter or linter; 88 when it chose none. */
export function lineWidth(project: Project): number {
  const tools = table(tomlOf(project, 'pyproject.toml')['tool']);
  const choices = [
    table(tools['black'])['line-length'],
    table(tools['ruff'])['line-length'],
    tomlOf(project, 'ruff.toml')['line-length'],
    tomlOf(project, '.ruff.toml')['line-length'],
  ];
  const width = choices.find((choice) => typeof choice === 'number' && choice >= 40 && choice <= 200);
  return typeof width === 'number' ? width : 88;
}

/** Whether the answer brings a configuration for Ruff. */
export function configuresRuff(project: Project): boolean {
  const toolTables = table(tomlOf(project, 'pyproject.toml')['tool']);
  return 'ruff' in toolTables || textOf(project, 'ruff.toml') !== null || textOf(project, '.ruff.toml') !== null;
}

/** Whether the answer brings a configuration for mypy. */
export function configuresMypy(project: Project): boolean {
  const inIni = ['mypy.ini', '.mypy.ini', 'setup.cfg'].some((name) => 'mypy' in iniOf(project, name));
  return inIni || 'mypy' in table(tomlOf(project, 'pyproject.toml')['tool']);
}

/** Whether the answer brings a configuration for Pyright. */
export function configuresPyright(project: Project): boolean {
  return (
    textOf(project, 'pyrightconfig.json') !== null || 'pyright' in table(tomlOf(project, 'pyproject.toml')['tool'])
  );
}

/** Whether the answer asks black to leave quotes as they are. */
export function keepsQuotes(project: Project): boolean {
  return table(table(tomlOf(project, 'pyproject.toml')['tool'])['black'])['skip-string-normalization'] === true;
}

/**
 * Folders whose modules the answer has found by their bare names: pytest's and mypy's settings say so, or a test
 * imports what stands beside it.
 */
export function searchPaths(project: Project): string[] {
  const tools = table(tomlOf(project, 'pyproject.toml')['tool']);
  const configured = [
    table(table(tools['pytest'])['ini_options'])['pythonpath'],
    table(tools['mypy'])['mypy_path'],
    iniOf(project, 'pytest.ini')['pytest']?.['pythonpath'],
    iniOf(project, 'setup.cfg')['tool:pytest']?.['pythonpath'],
    iniOf(project, 'tox.ini')['pytest']?.['pythonpath'],
    ...['mypy.ini', '.mypy.ini', 'setup.cfg'].map((name) => iniOf(project, name)['mypy']?.['mypy_path']),
  ].flatMap((value) => strings(value).flatMap((paths) => paths.split(/[\s:,]+/)));
  const paths = new Set(project.files.map(({ path }) => withinProject(project, path)));
  const beside = project.files.flatMap(({ path, text }) => {
    const folder = posix.dirname(withinProject(project, path));
    if (folder === '.' || !isTest(withinProject(project, path)) || paths.has(`${folder}/__init__.py`)) return [];
    const imported = [...text.matchAll(/^(?:from|import) (\w+)\b/gm)].map(([, name]) => name);
    return imported.some((name) => paths.has(`${folder}/${name}.py`) && !paths.has(`${name}.py`)) ? [folder] : [];
  });
  const folders = new Set([...configured.map((path) => posix.normalize(`${path}/`).slice(0, -1)), ...beside]);
  const isFolder = (path: string): boolean =>
    path !== '' && path !== '.' && [...paths].some((file) => file.startsWith(`${path}/`));
  // What is also imported through its folder would be there twice, under two names.
  const isImported = (path: string): boolean =>
    project.files.some(({ text }) =>
      new RegExp(`^\\s*(?:from|import) ${path.replaceAll('/', '\\.')}\\b`, 'm').test(text),
    );
  return [...folders].filter((path) => /^[\w./-]+$/.test(path) && isFolder(path) && !isImported(path));
}

/** What the answer's own coverage configuration counts. */
export interface OwnCoverage {
  source: string[];
  include: string[];
  omit: string[];
  /** Replaces the usual exclusions; null when they stand. */
  exclude: string[] | null;
  exclude_also: string[];
}

/** Reads pyproject.toml, .coveragerc, setup.cfg and tox.ini, and `--cov=` in pytest's options. */
export function ownCoverage(project: Project): OwnCoverage {
  const tools = table(tomlOf(project, 'pyproject.toml')['tool']);
  const toml = table(tools['coverage']);
  const candidates: [Table, Table][] = [
    [iniOf(project, '.coveragerc')['run'] ?? {}, iniOf(project, '.coveragerc')['report'] ?? {}],
    [table(toml['run']), table(toml['report'])],
    [iniOf(project, 'setup.cfg')['coverage:run'] ?? {}, iniOf(project, 'setup.cfg')['coverage:report'] ?? {}],
    [iniOf(project, 'tox.ini')['coverage:run'] ?? {}, iniOf(project, 'tox.ini')['coverage:report'] ?? {}],
  ];
  const [run, report] = candidates.find(([a, b]) => Object.keys(a).length + Object.keys(b).length > 0) ?? [{}, {}];
  const pytest = [
    table(table(tools['pytest'])['ini_options'])['addopts'],
    iniOf(project, 'pytest.ini')['pytest']?.['addopts'],
    iniOf(project, 'setup.cfg')['tool:pytest']?.['addopts'],
  ].flat();
  const fromOptions = [...pytest.join(' ').matchAll(/--cov=([^\s"']+)/g)].map((match) => match[1] ?? '');
  return {
    source: fromOptions.length > 0 ? fromOptions : [...strings(run['source']), ...strings(run['source_pkgs'])],
    include: [...strings(run['include']), ...strings(report['include'])],
    omit: [...strings(run['omit']), ...strings(report['omit'])],
    exclude: 'exclude_lines' in report ? patterns(report['exclude_lines']) : null,
    exclude_also: patterns(report['exclude_also']),
  };
}
