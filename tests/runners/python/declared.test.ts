import { describe, expect, test } from 'vitest';
import type { Project } from '../../../src/domain/grading/project.ts';
import { meetsPython, readDeclared } from '../../../runners/python/manifests/declared.ts';
import { fromPoetry } from '../../../runners/python/manifests/package-tables.ts';

function project(files: Record<string, string>, root = '.'): Project {
  const prefix = root === '.' ? '' : `${root}/`;
  return {
    language: 'python',
    root,
    files: Object.entries(files).map(([path, text]) => ({
      path: `${prefix}${path}`,
      text,
      line: 1,
      lines: [],
      namedBy: 'code-span',
    })),
  };
}

const texts = (files: Record<string, string>): string[] =>
  readDeclared(project(files)).requirements.map(({ text }) => text);

describe('what a Python project declares', () => {
  test('is read from requirements files: comments, continuations, options and includes', () => {
    const files = {
      'requirements.txt':
        '# all\nfastapi>=0.115 # web\nuvicorn[standard] \\\n  >=0.30\nhttpx==0.27.0 --hash=sha256:00\n',
      'requirements-dev.txt': '-r requirements.txt\npytest>=8 ; python_version >= "3.8"\n-e .\n',
    };
    expect(texts(files)).toEqual([
      'fastapi>=0.115',
      'uvicorn[standard]>=0.30',
      'httpx==0.27.0',
      'pytest>=8 ; python_version >= "3.8"',
    ]);
  });

  test('is read from pyproject.toml: dependencies, every extra, every group, Poetry', () => {
    const standard =
      '[project]\nname = "x"\nrequires-python = ">=3.12"\ndependencies = ["a>=1"]\n[project.optional-dependencies]\ndev = ["b"]\n[dependency-groups]\ntest = ["c", {include-group = "other"}]\nother = ["d"]\n';
    const read = readDeclared(project({ 'pyproject.toml': standard }));
    expect(read.requirements.map(({ text, line }) => [text, line])).toEqual([
      ['a>=1', 4],
      ['b', 6],
      ['c', 8],
      ['d', 9],
    ]);
    expect(read.python).toEqual({ specifier: '>=3.12', file: 'pyproject.toml' });
    const poetry =
      '[tool.poetry.dependencies]\npython = "^3.11"\nfastapi = "^0.115.0"\nuvicorn = {version = "~0.30", extras = ["standard"]}\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n';
    expect(texts({ 'pyproject.toml': poetry })).toEqual([
      'fastapi>=0.115.0,<0.116',
      'uvicorn[standard]>=0.30,<0.31',
      'pytest',
    ]);
  });

  test('is not the project itself, by whatever name and with whatever extras', () => {
    const own =
      '[project]\nname = "Own_Name"\n[project.optional-dependencies]\ntest = ["pytest"]\ndev = ["own-name[test]", "ruff"]\n';
    expect(texts({ 'pyproject.toml': own })).toEqual(['pytest', 'ruff']);
    for (const line of ['-e .', '-e ./', '.', '-e ".[test]"', "'.[test]'", '--editable=.']) {
      expect(readDeclared(project({ 'requirements.txt': `a\n${line}\n` }))).toMatchObject({
        requirements: [{ text: 'a' }],
        refused: [],
        broken: [],
      });
    }
    expect(
      readDeclared(project({ Pipfile: '[packages]\na = "*"\nown = {path = ".", editable = true}\n' })),
    ).toMatchObject({ requirements: [{ text: 'a' }], refused: [] });
  });

  test('is read from tox.ini, where the packages of the tests may stand', () => {
    expect(
      texts({
        'requirements.txt': 'a\n',
        'tox.ini':
          '[testenv]\ndeps =\n    -r requirements.txt\n    hypothesis>=6\n    {[base]deps}\n    .[test]\ncommands = pytest\n',
      }),
    ).toEqual(['a', 'hypothesis>=6']);
  });

  test('may name the index that everybody uses, and no other', () => {
    const usual = 'https://pypi.test/simple';
    const manifests = (url: string): Record<string, string>[] => [
      { 'requirements.txt': `--index-url ${url}\na\n` },
      { 'pyproject.toml': `[tool.uv]\nindex-url = "${url}"\n` },
      { 'pyproject.toml': `[[tool.uv.index]]\nname = "x"\nurl = "${url}"\n` },
      { 'pyproject.toml': `[[tool.poetry.source]]\nname = "x"\nurl = "${url}"\n` },
    ];
    for (const files of [
      ...manifests(usual),
      { 'pyproject.toml': '[[tool.poetry.source]]\nname = "PyPI"\npriority = "primary"\n' },
    ])
      expect(readDeclared(project(files)).refused).toEqual([]);
    for (const files of manifests('https://elsewhere.test/simple'))
      expect(readDeclared(project(files)).refused).toHaveLength(1);
  });

  test('is read from the tables of PDM and Hatch', () => {
    expect(
      texts({
        'pyproject.toml':
          '[tool.pdm.dev-dependencies]\ntest = ["a"]\n[tool.hatch.envs.default]\ndependencies = ["b"]\n[tool.hatch.envs.test]\nextra-dependencies = ["c"]\n',
      }),
    ).toEqual(['a', 'b', 'c']);
  });

  test('is read from scripts and a conda environment, where nothing else declares anything', () => {
    const script =
      '#!/usr/bin/env python3\n# /// script\n# requires-python = ">=3.12"\n# dependencies = [\n#   "a>=1",\n# ]\n# ///\nimport a\n';
    expect(readDeclared(project({ 'app.py': script }))).toMatchObject({
      requirements: [{ text: 'a>=1', line: 5 }],
      python: { specifier: '>=3.12' },
    });
    expect(texts({ 'app.py': script, 'requirements.txt': 'b\n' })).toEqual(['b']);
    const conda = 'name: x\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n      - c==2\n';
    expect(readDeclared(project({ 'environment.yml': conda }))).toMatchObject({
      requirements: [{ text: 'c==2', line: 6 }],
      conda: null,
    });
    expect(readDeclared(project({ 'environment.yml': `${conda}  - numpy=1.26\n` }))).toMatchObject({
      requirements: [],
      conda: 'environment.yml',
    });
    expect(
      readDeclared(project({ 'environment.yml': ': {', 'app.py': '# /// script\n# no [ toml\n# ///\n' })),
    ).toMatchObject({ requirements: [], conda: null, broken: [{ file: 'app.py' }] });
  });

  test('is taken from what a setup.py was found to say', () => {
    const source = 'setup(\n    install_requires=["a>=1"],\n)\n';
    const read = readDeclared(project({ 'setup.py': source }), { requirements: ['a>=1', 'b'], python: '>=3.9' });
    expect(read.requirements).toMatchObject([
      { text: 'a>=1', file: 'setup.py', line: 2 },
      { text: 'b', line: null },
    ]);
    expect(read).toMatchObject({ broken: [], python: { specifier: '>=3.9' } });
    const broken = readDeclared(project({ 'setup.py': source }), { unreadable: 'SyntaxError: invalid syntax' });
    expect(broken).toMatchObject({ requirements: [], broken: [{ file: 'setup.py' }] });
  });

  test('is read from setup.cfg and Pipfile', () => {
    expect(
      texts({
        'setup.cfg':
          '[metadata]\nname = x\n[options]\ninstall_requires =\n    a>=1\n    b\n[options.extras_require]\ndev =\n    c\n',
      }),
    ).toEqual(['a>=1', 'b', 'c']);
    const pipfile =
      '[[source]]\nurl = "https://pypi.test/simple"\nname = "pypi"\n[packages]\na = "*"\nb = {version = "==1.2", extras = ["x"]}\n[dev-packages]\npytest = ">=8"\nc = {git = "https://example.invalid/c"}\n[requires]\npython_version = "3.12"\n';
    const read = readDeclared(project({ Pipfile: pipfile }));
    expect(read.requirements.map(({ text }) => text)).toEqual(['a', 'b[x]==1.2', 'pytest>=8']);
    expect(read).toMatchObject({ refused: [{ text: 'c' }], python: { specifier: '==3.12' } });
    const elsewhere = readDeclared(project({ Pipfile: '[[source]]\nurl = "https://pypi.company.test/simple"\n' }));
    expect(elsewhere.refused).toMatchObject([{ text: '[[source]]', line: 1 }]);
  });

  test.each([
    ['a URL', 'x @ https://example.invalid/x.whl'],
    ['a repository', 'git+https://example.invalid/x.git'],
    ['a path', '-e ../elsewhere'],
    ['an index of its own', '--extra-index-url https://example.invalid/simple'],
    ['a place to find links', '-f ./wheels'],
  ])('never includes what comes from outside of the registry: %s is refused with its line', (_what, line) => {
    const read = readDeclared(project({ 'requirements.txt': `fastapi\n${line}\n` }));
    expect(read.requirements.map(({ name }) => name)).toEqual(['fastapi']);
    expect(read.refused).toMatchObject([{ file: 'requirements.txt', line: 2 }]);
  });

  test('is broken where a manifest cannot be read, and nothing throws', () => {
    expect(readDeclared(project({ 'pyproject.toml': '[project\n' })).broken).toMatchObject([
      { file: 'pyproject.toml' },
    ]);
    expect(readDeclared(project({ 'requirements.txt': '-r missing.txt\n!!!\n' })).broken).toHaveLength(2);
    const loop = {
      'requirements.txt': '-r requirements-dev.txt\na\n',
      'requirements-dev.txt': '-r requirements.txt\nb\n',
    };
    expect(texts(loop).toSorted()).toEqual(['a', 'b']);
  });

  test('of another folder is not this project', () => {
    const elsewhere = project({ 'requirements.txt': 'a\n' }, 'services/x');
    expect(readDeclared(elsewhere).requirements).toMatchObject([{ name: 'a', file: 'services/x/requirements.txt' }]);
  });
});

test.each([
  ['^1.2.3', '>=1.2.3,<2'],
  ['^0.2.3', '>=0.2.3,<0.3'],
  ['^0.0.3', '>=0.0.3,<0.0.4'],
  ['~1.2.3', '>=1.2.3,<1.3'],
  ['~1', '>=1,<2'],
  ['1.2.3', '==1.2.3'],
  ['>=1,<3', '>=1,<3'],
  ['*', ''],
  ['~=4.8', '~=4.8'],
  ['>=0.25 <1.0', '>=0.25,<1.0'],
  ['>= 0.25, < 1.0', '>=0.25,<1.0'],
  ['^0.27 || ^0.28', '>=0.28,<0.29'],
])('a Poetry range %s is %s for everybody else', (range, expected) => {
  expect(fromPoetry(range)).toBe(expected);
});

test.each<[string, boolean]>([
  ['>=3.11', true],
  ['>=3.12', false],
  ['>3.11', true],
  ['>3.11.70', false],
  ['>=3.9,<3.11', false],
  ['==3.11.*', true],
  ['~=3.10', true],
  ['<4', true],
  ['!=3.10', true],
])('Python 3.11 meets %s: %s', (specifier, meets) => {
  expect(meetsPython('3.11', specifier)).toBe(meets);
});
