import { describe, expect, test } from 'vitest';
import type { Files } from '../support/grading/answers.ts';
import { checkOf, checked, grade, rulesOf } from '../support/grading/grading.ts';
import { languages, program, sound } from '../support/grading/projects.ts';
import type { ByLanguage, Language } from '../support/grading/projects.ts';
import { ended, resolves, scripted } from '../support/grading/sandboxes.ts';
import { goTest, languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };

function of<T>(situations: ByLanguage<T>): [Language, T][] {
  return Object.entries(situations) as [Language, T][];
}

const manifest = (dependencies: Record<string, string>, rest: object = {}): string =>
  `${JSON.stringify({ name: 'tiny', version: '1.0.0', dependencies, ...rest }, null, 2)}\n`;
const goMod = (rest: string, version = '1.24'): string => `module example.com/tiny\n\ngo ${version}\n\n${rest}\n`;
const uses = (path: string, name: string): string => `package tiny\n\nimport "${path}"\n\nvar Used = ${name}\n`;

/** A package that the registry has, and code that uses it. */
const real: Readonly<Record<Language, { name: string; files: Files }>> = {
  python: { name: 'six', files: { 'requirements.txt': 'six==1.16.0\n', 'app.py': 'import six\n\nUSED = six.PY3\n' } },
  typescript: {
    name: 'is-odd',
    files: { 'package.json': manifest({ 'is-odd': '3.0.1' }), 'app.js': "module.exports = require('is-odd');\n" },
  },
  go: {
    name: 'github.com/google/uuid',
    files: {
      'go.mod': goMod('require github.com/google/uuid v1.6.0'),
      'app.go': uses('github.com/google/uuid', 'uuid.Nil'),
    },
  },
};

const invented: Readonly<Record<Language, { name: string; files: Files }>> = {
  python: {
    name: 'cupel-nobody-ever-made-this',
    files: { ...program.python, 'requirements.txt': 'six==1.16.0\ncupel-nobody-ever-made-this>=1\n' },
  },
  typescript: {
    name: 'cupel-nobody-ever-made-this',
    files: { ...program.typescript, 'package.json': manifest({ 'cupel-nobody-ever-made-this': '^1.0.0' }) },
  },
  go: {
    name: 'github.com/cupel-nobody/ever-made-this',
    files: {
      'go.mod': goMod('require github.com/cupel-nobody/ever-made-this v1.0.0'),
      'app.go': uses('github.com/cupel-nobody/ever-made-this', 'this.Nil'),
    },
  },
};

const inventedVersion: ByLanguage<Files> = {
  python: { ...program.python, 'requirements.txt': 'six==99.0.0\n' },
  typescript: { ...program.typescript, 'package.json': manifest({ 'is-odd': '99.0.0' }) },
  go: {
    'go.mod': goMod('require github.com/google/uuid v1.99.0'),
    'app.go': uses('github.com/google/uuid', 'uuid.Nil'),
  },
};

const outside: [string, Language, Files][] = [
  [
    'a URL',
    'python',
    { ...program.python, 'requirements.txt': 'helper @ https://example.com/helper-1.0-py3-none-any.whl\n' },
  ],
  ['a repository', 'python', { ...program.python, 'requirements.txt': 'git+https://example.com/helper.git\n' }],
  ['a path outside', 'python', { ...program.python, 'requirements.txt': '-e ../helper\n' }],
  [
    'an index of its own',
    'python',
    { ...program.python, 'requirements.txt': '--extra-index-url https://example.com/simple\n' },
  ],
  [
    'an index of its own in poetry',
    'python',
    {
      ...program.python,
      'pyproject.toml': '[[tool.poetry.source]]\nname = "own"\nurl = "https://example.com/simple"\n',
    },
  ],
  [
    'a repository in poetry',
    'python',
    {
      ...program.python,
      'pyproject.toml': '[tool.poetry.dependencies]\nhelper = { git = "https://example.com/helper.git" }\n',
    },
  ],
  [
    'a URL',
    'typescript',
    { ...program.typescript, 'package.json': manifest({ helper: 'https://example.com/helper.tgz' }) },
  ],
  [
    'a repository',
    'typescript',
    { ...program.typescript, 'package.json': manifest({ helper: 'git+ssh://git@example.com/helper.git' }) },
  ],
  [
    'a repository in short',
    'typescript',
    { ...program.typescript, 'package.json': manifest({ helper: 'nobody/helper' }) },
  ],
  ['a path outside', 'typescript', { ...program.typescript, 'package.json': manifest({ helper: 'file:../helper' }) }],
  [
    'an index of its own',
    'typescript',
    { ...program.typescript, 'package.json': manifest({}), '.npmrc': 'registry=https://example.com/npm/\n' },
  ],
  ['a path outside', 'go', { ...program.go, 'go.mod': goMod('replace example.com/helper => ../helper') }],
];

/** An import that neither the answer nor the pinned environment has. */
const missing: Readonly<Record<Language, Files>> = {
  python: { 'app.py': 'import sqlalchemy\n\nUSED = sqlalchemy\n' },
  typescript: { 'app.js': "module.exports = require('lodash');\n" },
  go: { 'go.mod': goMod(''), 'app.go': uses('github.com/google/uuid', 'uuid.Nil') },
};

const tooMuch: Readonly<Record<Language, Files>> = {
  python: {
    ...program.python,
    'pyproject.toml': '[project]\nname = "tiny"\nversion = "1"\nrequires-python = ">=3.13"\n',
  },
  typescript: { ...program.typescript, 'package.json': manifest({}, { engines: { node: '>=22' } }) },
  go: { ...program.go, 'go.mod': goMod('', '1.99') },
};

describe('what the registry does not have', () => {
  languageTests(of(invented))(
    '%s: a package that nobody made is named, for a package that exists resolves',
    slow,
    async (language, { name, files }) => {
      const dependencies = await checked(language, 'dependencies', files);
      expect(dependencies).toMatchObject({ status: 'failed', score: 0 });
      expect(rulesOf(dependencies)).toEqual(['package-not-found']);
      expect(dependencies.findings[0]?.message).toContain(name);
      expect(dependencies.findings[0]?.message).toContain('possibly invented');
      expect(dependencies.findings[0]?.answer_line).toEqual(expect.any(Number));
    },
  );

  languageTests(of(inventedVersion))(
    '%s: a version that was never released is no better',
    slow,
    async (language, files) => {
      const dependencies = await checked(language, 'dependencies', files);
      expect(dependencies.status).toBe('failed');
      expect(rulesOf(dependencies)).toEqual(['package-not-found']);
    },
  );

  languageTests(of(invented))(
    '%s: it is our failure when a package that exists does not resolve either',
    slow,
    async (language, { files }) => {
      let asked = 0;
      const sandbox = scripted((job) =>
        resolves(job) && (asked += 1) > 1 ? ended({ exitCode: 1, stderr: 'the control did not resolve' }) : job,
      );
      expect(await checked(language, 'dependencies', files, { sandbox })).toMatchObject({
        status: 'errored',
        score: null,
      });
    },
  );

  languageTests(of(invented))(
    '%s: a registry that does not answer is our failure',
    slow,
    async (language, { files }) => {
      const hasty = { npm_config_fetch_retries: '0', UV_HTTP_RETRIES: '0' };
      const sandbox = scripted((job) =>
        resolves(job) ? { ...job, network: 'none', env: { ...job.env, ...hasty } } : job,
      );
      const dependencies = await checked(language, 'dependencies', files, { sandbox });
      expect(dependencies).toMatchObject({ status: 'errored', score: null });
      expect(dependencies.reason).toContain('the registry or the resolver failed');
    },
  );

  test(
    'python: requirements that contradict each other do not resolve, and are not called invented',
    slow,
    async () => {
      const dependencies = await checked('python', 'dependencies', {
        ...program.python,
        'requirements.txt': 'six==1.16.0\nsix==1.15.0\n',
      });
      expect(dependencies.status).toBe('failed');
      expect(rulesOf(dependencies)).toEqual(['unresolvable']);
    },
  );
});

describe('what comes from outside of the registry', () => {
  languageTests(outside)('%s is refused as a finding (%s)', slow, async (_what, language, files) => {
    const dependencies = await checked(language, 'dependencies', files);
    expect(dependencies.status).toBe('failed');
    expect(dependencies.findings).toContainEqual(
      expect.objectContaining({
        rule: 'outside-registry',
        severity: 'error',
        answer_line: expect.any(Number) as unknown,
      }),
    );
  });

  /** A module that takes another one from a folder of the answer, and what that folder's go.mod calls it. */
  const beside = (own: string, called: string): Files => ({
    'app/go.mod': `module ${own}\n\ngo 1.24\n\nrequire example.com/helper v0.0.0\n\nreplace example.com/helper => ../helper\n`,
    'app/app.go': uses('example.com/helper', 'helper.Nil'),
    'helper/go.mod': `module ${called}\n\ngo 1.24\n`,
    'helper/helper.go': 'package helper\n\nvar Nil = 0\n',
  });

  goTest.each([
    ['of the same owner', 'example.com/tiny'],
    ['of a name under which nobody can publish', 'tiny'],
  ])('go: a module in another folder of the answer is not outside (%s)', slow, async (_what, own) => {
    const graded = await grade({ answer: beside(own, 'example.com/helper'), asks: { go: {} }, only: ['dependencies'] });
    expect(checkOf(graded, 'go/dependencies@app')).toMatchObject({ status: 'passed', findings: [] });
    expect(checkOf(graded, 'go/dependencies@helper')).toMatchObject({ status: 'passed', findings: [] });
  });

  goTest('go: a folder that calls itself another module replaces what it is not', slow, async () => {
    const graded = await grade({
      answer: beside('tiny', 'example.com/other'),
      asks: { go: {} },
      only: ['dependencies'],
    });
    expect(rulesOf(checkOf(graded, 'go/dependencies@app'))).toEqual(['replaced-module']);
  });

  goTest('go: a folder above the answer is outside of it, also for a module in a folder', slow, async () => {
    const files = {
      'app/go.mod': goMod('replace example.com/helper => ../../helper'),
      'app/app.go': 'package tiny\n',
      'helper/go.mod': 'module example.com/helper\n\ngo 1.24\n',
      'helper/helper.go': 'package helper\n',
    };
    const graded = await grade({ answer: files, asks: { go: {} }, only: ['dependencies'] });
    expect(rulesOf(checkOf(graded, 'go/dependencies@app'))).toEqual(['outside-registry']);
  });
});

describe('what a scenario allows', () => {
  languageTests(of(real))('%s: a package that is not allowed fails', slow, async (language, { name, files }) => {
    const dependencies = await checked(language, 'dependencies', files, {
      dependencies: { allow: [], violation: 'fail', builds: 'offline' },
    });
    expect(dependencies.status).toBe('failed');
    expect(dependencies.findings).toEqual([
      expect.objectContaining({
        rule: 'package-not-allowed',
        severity: 'error',
        message: expect.stringContaining(name) as unknown,
      }),
    ]);
  });

  languageTests(of(real))(
    '%s: a package that is not allowed only warns where the scenario says so',
    slow,
    async (language, { files }) => {
      const dependencies = await checked(language, 'dependencies', files, {
        dependencies: { allow: [], violation: 'warn', builds: 'offline' },
      });
      expect(dependencies.status).toBe('passed');
      expect(dependencies.findings).toEqual([
        expect.objectContaining({ rule: 'package-not-allowed', severity: 'warning' }),
      ]);
    },
  );

  languageTests(of(real))('%s: a package that is allowed is installed', slow, async (language, { name, files }) => {
    const dependencies = await checked(language, 'dependencies', files, {
      dependencies: { allow: [name], violation: 'fail', builds: 'offline' },
    });
    expect(dependencies).toMatchObject({ status: 'passed', findings: [] });
    expect(dependencies.facts['packages']).toContainEqual(expect.stringContaining(name));
  });
});

describe('what is declared', () => {
  languageTests(languages.map((language) => [language]))(
    "%s: an answer that declares nothing gets the scenario's pinned environment",
    slow,
    async (language) => {
      const files = Object.fromEntries(Object.entries(sound(language)).filter(([path]) => path !== 'go.mod'));
      const dependencies = await checked(language, 'dependencies', files, { environment: 'pinned' });
      expect(dependencies).toMatchObject({ status: 'passed', findings: [] });
      expect(dependencies.facts['source']).toContain('the pinned environment');
    },
  );

  languageTests(of(missing))('%s: an import that nobody has is named, with its line', slow, async (language, files) => {
    const dependencies = await checked(language, 'dependencies', files);
    expect(dependencies.status).toBe('failed');
    expect(rulesOf(dependencies)).toEqual(['missing-import']);
    expect(dependencies.findings[0]?.answer_line).toEqual(expect.any(Number));
  });

  test(
    'python: a name that a module of the answer does not have is named, where no test would meet it',
    slow,
    async () => {
      const found = await checked('python', 'dependencies', {
        'tiny/__init__.py': '',
        'tiny/core.py': 'def add() -> None: ...\n',
        'tiny/cli.py': 'from tiny.core import add, add_all\nfrom .core import add as plus\nfrom . import core\n',
      });
      expect(found.findings.map(({ rule, message, line }) => [rule, message, line])).toEqual([
        ['missing-import', 'tiny.core.add_all is imported, and is not in the answer', 1],
      ]);
    },
  );

  test(
    'python: an import that something replaces or asks for first, and those of tools, are no mistake',
    slow,
    async () => {
      const guards = [
        'import contextlib\nimport importlib.util\nimport sys\n',
        'if sys.version_info >= (3, 11):\n    import tomllib\nelse:\n    import tomli as tomllib\n',
        'try:\n    import tomllib as other\nexcept ImportError:\n    import tomli as other\n',
        'with contextlib.suppress(ImportError):\n    import orjson\n',
        'if importlib.util.find_spec("uvloop"):\n    import uvloop\n',
        'if sys.platform == "win32":\n    import winloop\n',
      ];
      const found = await checked('python', 'dependencies', {
        'requirements.txt': 'six\n',
        'app.py': guards.join('\n'),
        'noxfile.py': 'import nox\n',
      });
      expect(found.status).toBe('passed');
      expect(found.findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(
        Array.from({ length: 5 }, () => 'missing-import info'),
      );
    },
  );

  goTest('go: a requirement that go.mod calls indirect is one', slow, async () => {
    const dependencies = await checked('go', 'dependencies', {
      'go.mod': goMod('require github.com/google/uuid v1.6.0 // indirect'),
      'app.go': uses('github.com/google/uuid', 'uuid.Nil'),
    });
    expect(dependencies).toMatchObject({ status: 'passed', findings: [] });
  });

  test(
    'typescript: of a package.json that cannot be read the line is named, and no import is held against it',
    slow,
    async () => {
      const dependencies = await checked('typescript', 'dependencies', {
        'package.json': '{\n  "type": "commonjs", // as ever\n  "dependencies": { "lodash": "^4.17.21" }\n}\n',
        ...missing.typescript,
      });
      expect(dependencies).toMatchObject({
        status: 'failed',
        findings: [{ rule: 'unreadable-manifest', file: 'package.json', line: 2 }],
      });
      expect(dependencies.findings).toHaveLength(1);
    },
  );

  goTest(
    'go: an import of a package that is neither in the standard library nor anywhere else is named',
    slow,
    async () => {
      const dependencies = await checked('go', 'dependencies', {
        'go.mod': goMod(''),
        'app.go': uses('nosuchpackage/at-all', 'all.Nil'),
      });
      expect(dependencies.status).toBe('failed');
      expect(dependencies.findings[0]?.message).toContain('nosuchpackage/at-all');
    },
  );

  languageTests(of(tooMuch))('%s: a demand for more than the scenario offers fails', slow, async (language, files) => {
    const dependencies = await checked(language, 'dependencies', files);
    expect(dependencies.status).toBe('failed');
    expect(rulesOf(dependencies)).toEqual(['runtime-not-offered']);
  });
});
