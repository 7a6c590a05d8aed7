import { describe, expect, test } from 'vitest';
import { isBuildable } from '../../../runners/python/own-build.ts';
import { ownPackage } from '../../../runners/python/own-package.ts';
import type { OwnPackage } from '../../../runners/python/own-package.ts';

function answer(named: Record<string, string>) {
  const files = Object.entries(named).map(([path, text]) => ({
    path: `service/${path}`,
    text,
    line: 1,
    lines: [],
    namedBy: 'code-span' as const,
  }));
  return { project: { language: 'python', root: 'service', files }, files };
}
const module = { 'src/tiny/__init__.py': '', 'lib/tiny/__init__.py': '' };

const table: [string, Record<string, string>, Partial<OwnPackage>][] = [
  [
    'a pyproject.toml',
    { 'pyproject.toml': '[project]\nname = "tiny"\nversion = "1.2"\n' },
    { roots: ['src'], name: 'tiny', version: '1.2' },
  ],
  [
    'a version that is made by a build',
    { 'pyproject.toml': '[project]\nname = "tiny"\ndynamic = ["version"]\n' },
    { name: 'tiny', version: '0.0.0' },
  ],
  [
    'a version that a build reads from the code',
    {
      'pyproject.toml': '[project]\nname = "tiny"\ndynamic = ["version"]\n',
      'src/tiny/about.py': '__version__: str = "2.1"\n',
    },
    { version: '2.1' },
  ],
  [
    'a version of another name',
    {
      'pyproject.toml':
        '[project]\nname = "tiny"\ndynamic = ["version"]\n[tool.setuptools.dynamic]\nversion = { attr = "tiny.VERSION" }\n',
      'src/tiny/about.py': 'VERSION = "2.2"\n',
    },
    { version: '2.2' },
  ],
  [
    'programs and plugins in pyproject.toml',
    {
      'pyproject.toml':
        '[project]\nname = "tiny"\n[project.scripts]\ntiny = "tiny.cli:main"\n[project.entry-points.pytest11]\ntiny = "tiny.plugin"\n',
    },
    { entryPoints: { console_scripts: { tiny: 'tiny.cli:main' }, pytest11: { tiny: 'tiny.plugin' } } },
  ],
  [
    'programs in setup.cfg',
    { 'setup.cfg': '[metadata]\nname = tiny\n[options.entry_points]\nconsole_scripts =\n    tiny = tiny.cli:main\n' },
    { entryPoints: { console_scripts: { tiny: 'tiny.cli:main' } } },
  ],
  [
    'programs in setup.py',
    { 'setup.py': 'setup(name="tiny", entry_points={"console_scripts": ["tiny=tiny.cli:main"]})\n' },
    { entryPoints: { console_scripts: { tiny: 'tiny.cli:main' } } },
  ],
  [
    'setuptools in pyproject.toml',
    { 'pyproject.toml': '[build-system]\nrequires = []\n[tool.setuptools.packages.find]\nwhere = ["lib"]\n' },
    { roots: ['lib', 'src'], name: null },
  ],
  [
    'hatch',
    { 'pyproject.toml': '[project]\nname = "tiny"\n[tool.hatch.build.targets.wheel]\npackages = ["lib/tiny"]\n' },
    { roots: ['lib', 'src'] },
  ],
  [
    'poetry',
    {
      'pyproject.toml':
        '[tool.poetry]\nname = "tiny"\nversion = "3"\npackages = [{ include = "tiny", from = "lib" }]\n',
    },
    { roots: ['lib', 'src'], version: '3' },
  ],
  [
    'a setup.cfg',
    { 'setup.cfg': '[metadata]\nname = tiny\nversion = 4\n[options]\npackage_dir =\n    = lib\n' },
    { roots: ['lib', 'src'], name: 'tiny', version: '4' },
  ],
  [
    'a setup.py',
    { 'setup.py': 'setup(name="tiny", package_dir={"": "lib"}, packages=find_packages("lib"))\n' },
    { roots: ['lib', 'src'], name: 'tiny' },
  ],
  ['a path in a Makefile', { Makefile: 'test:\n\tPYTHONPATH=$(pwd)/lib:. pytest\n' }, { roots: ['lib'], name: null }],
  ['a path in the instructions', { 'README.md': 'Run `PYTHONPATH=./src pytest`.\n' }, { roots: ['src'] }],
  [
    'a folder that is a package itself',
    { 'pyproject.toml': '[project]\nname = "tiny"\n', 'src/__init__.py': '' },
    { roots: [] },
  ],
  [
    'folders elsewhere',
    {
      'pyproject.toml':
        '[project]\nname = "tiny"\n[tool.setuptools.packages.find]\nwhere = ["../lib", "/usr/lib", "none"]\n',
    },
    { roots: ['src'] },
  ],
  ['tools alone', { 'pyproject.toml': '[tool.black]\nline-length = 100\n' }, { roots: [], name: null }],
  ['nothing', {}, { roots: [], name: null }],
];

describe('what a project says of itself as a package, by', () => {
  test.each(table)('%s', (_what, files, expected) => {
    expect(ownPackage(answer({ ...module, ...files }))).toMatchObject(expected);
  });
});

test.each<[string, Record<string, string>, boolean]>([
  ['a backend that is at hand', {}, true],
  [
    'a backend that is not',
    { 'pyproject.toml': '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n' },
    false,
  ],
  [
    'a hook of its own',
    {
      'pyproject.toml':
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[tool.hatch.build.targets.wheel.hooks.custom]\n',
    },
    false,
  ],
  ['code in C', { 'setup.py': 'setup(ext_modules=[Extension("tiny", ["tiny.c"])])\n' }, false],
  [
    'a word that it is no package',
    {
      'pyproject.toml':
        '[tool.poetry]\npackage-mode = false\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
    },
    false,
  ],
])('a project with %s is built, or not: %s', (_what, files, built) => {
  expect(
    isBuildable(
      answer({
        'pyproject.toml':
          '[build-system]\nrequires = ["setuptools>=61", "wheel"]\nbuild-backend = "setuptools.build_meta"\n',
        ...files,
      }).project,
    ),
  ).toBe(built);
});
