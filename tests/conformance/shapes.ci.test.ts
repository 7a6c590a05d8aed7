import { describe, expect, test } from 'vitest';
import { checkOf, checked, grade, rulesOf } from '../support/grading/grading.ts';
import type { Files } from '../support/grading/answers.ts';
import type { Language } from '../support/grading/projects.ts';
import { program } from '../support/grading/projects.ts';
import { goTest, hasGo, languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };

/** A sound answer that Cupel has no means to measure: what it is, the check that says so, and the reason. */
type Beyond = [string, Language, string, Files, RegExp];

const beyond: readonly Beyond[] = [
  [
    'tests for AVA, by what they import',
    'typescript',
    'tests',
    { ...program.typescript, 'app.test.js': "const test = require('ava');\n\ntest('adds', (t) => t.pass());\n" },
    /run by ava/,
  ],
  [
    'tests that a program of its own starts, and that fail without it',
    'typescript',
    'tests',
    {
      ...program.typescript,
      'package.json': '{ "scripts": { "test": "./run-tests.sh" }, "devDependencies": { "jest": "^29.7.0" } }',
      'run-tests.sh': 'MODE=test npx jest\n',
      'app.test.js': "test('adds', () => { expect(process.env.MODE).toBe('test'); });\n",
    },
    /started by run-tests.sh, which Cupel does not run, and fail without it: 1 of 1/,
  ],
  [
    "tests for Django's own runner",
    'python',
    'tests',
    {
      ...program.python,
      'manage.py': 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n',
      'tests.py':
        'import unittest\n\n\nclass AppTest(unittest.TestCase):\n    def test_app(self) -> None:\n        self.assertTrue(True)\n',
    },
    /Django's own runner/,
  ],
  [
    'packages that depend on one another',
    'typescript',
    'dependencies',
    {
      'package.json': '{ "private": true, "name": "root" }',
      'packages/core/package.json': '{ "name": "@own/core" }',
      'packages/api/package.json': '{ "name": "@own/api", "dependencies": { "@own/core": "*" } }',
      'packages/api/index.js': 'module.exports = 1;\n',
    },
    /packages of the answer \(@own\/core\)/,
  ],
  [
    'a build that another package manager starts',
    'typescript',
    'build',
    { ...program.typescript, 'package.json': '{ "scripts": { "clean": "rm -rf dist", "build": "pnpm clean" } }' },
    /started by pnpm/,
  ],
  [
    'code for Deno, by its configuration',
    'typescript',
    'dependencies',
    {
      'deno.json': '{ "imports": { "@std/assert": "jsr:@std/assert@1" } }',
      'app.ts': "import { assert } from '@std/assert';\n\nassert(true);\n",
    },
    /written for Deno/,
  ],
  [
    'code for Deno, by what it imports',
    'typescript',
    'dependencies',
    { 'app.ts': "import { assert } from 'jsr:@std/assert@1';\n\nassert(true);\n" },
    /written for Deno/,
  ],
  [
    'code that is made from .proto files',
    'python',
    'dependencies',
    { 'protos/api.proto': 'syntax = "proto3";\n', 'app.py': 'from protos import api_pb2\n\nprint(api_pb2)\n' },
    /generated from its \.proto files/,
  ],
  [
    'code that is made from .proto files',
    'go',
    'dependencies',
    {
      ...program.go,
      'api.proto': 'syntax = "proto3";\n',
      'use.go': 'package tiny\n\nimport "example.com/tiny/gen"\n\nvar One = gen.One\n',
    },
    /generated from its \.proto files/,
  ],
  [
    'packages from conda',
    'python',
    'dependencies',
    { ...program.python, 'environment.yml': 'dependencies:\n  - numpy=1.26\n' },
    /environment\.yml asks conda/,
  ],
  [
    'code in C',
    'go',
    'build',
    {
      ...program.go,
      'c.go': 'package tiny\n\n// int one() { return 1; }\nimport "C"\n\nfunc One() int { return int(C.one()) }\n',
      'use.go': 'package tiny\n\nvar Two = One() + 1\n',
    },
    /example\.com\/tiny must be compiled with a C compiler/,
  ],
];

languageTests(beyond)(
  '%s cannot be measured, which is not held against the answer (%s)',
  slow,
  async (_what, language, check, files, reason) => {
    const graded = await grade({ answer: files, asks: { [language]: {} }, only: [check] });
    expect(graded).toMatchObject({ verdict: 'ungraded', score: null });
    const [errored] = graded.checks.filter(
      ({ id, status }) => id.startsWith(`${language}/${check}`) && status === 'errored',
    );
    expect(errored?.reason).toMatch(reason);
  },
);

describe.skipIf(!hasGo)('modules of Go that a go.work puts together', () => {
  const files = {
    'go.work': 'go 1.24\n\nuse (\n\t./sums\n\t./service\n)\n',
    'sums/go.mod': 'module example.com/sums\n\ngo 1.24\n',
    'sums/sums.go': 'package sums\n\nfunc Add(a, b int) int { return a + b }\n',
    'service/go.mod': 'module example.com/service\n\ngo 1.24\n',
    'service/main.go':
      'package main\n\nimport "example.com/sums"\n\nfunc twice(n int) int { return sums.Add(n, n) }\n\nfunc main() { println(twice(2)) }\n',
    'service/main_test.go':
      'package main\n\nimport "testing"\n\nfunc TestTwice(t *testing.T) {\n\tif twice(2) != 4 {\n\t\tt.Fatal("wrong sum")\n\t}\n}\n',
  };

  test('use one another', slow, async () => {
    const graded = await grade({ answer: files, asks: { go: {} }, only: ['dependencies', 'build', 'tests'] });
    expect(checkOf(graded, 'go/dependencies@service')).toMatchObject({ status: 'passed', findings: [] });
    expect(checkOf(graded, 'go/tests@service')).toMatchObject({ status: 'passed', facts: { passed: 1 } });
  });

  const required = {
    ...files,
    'service/go.mod': 'module example.com/service\n\ngo 1.24\n\nrequire example.com/sums v0.0.0\n',
  };

  test(
    'may require one another by a version that nobody published, as long as nothing comes from the registry',
    slow,
    async () => {
      const graded = await grade({ answer: required, asks: { go: {} }, only: ['dependencies', 'build', 'tests'] });
      expect(checkOf(graded, 'go/tests@service')).toMatchObject({ status: 'passed', facts: { passed: 1 } });
    },
  );

  test('may not where something does, for Go then asks the registry for that version', slow, async () => {
    const more = {
      'service/go.mod': `${required['service/go.mod']}require github.com/google/uuid v1.6.0\n`,
      'service/id.go': 'package main\n\nimport "github.com/google/uuid"\n\nvar ID = uuid.Nil\n',
    };
    const graded = await grade({ answer: { ...required, ...more }, asks: { go: {} }, only: ['dependencies'] });
    expect(checkOf(graded, 'go/dependencies@service')).toMatchObject({
      status: 'failed',
      findings: [
        {
          rule: 'package-not-found',
          file: 'service/go.mod',
          line: 5,
          message: expect.stringContaining('example.com/sums@v0.0.0') as unknown,
        },
      ],
    });
  });

  test('are strangers without it', slow, async () => {
    const { 'go.work': _, ...apart } = files;
    const graded = await grade({ answer: apart, asks: { go: {} }, only: ['dependencies'] });
    expect(checkOf(graded, 'go/dependencies@service').status).not.toBe('passed');
  });
});

describe('configurations of the compiler that refer to others', () => {
  const solution = {
    'tsconfig.json':
      '{\n  // a solution\n  "files": [],\n  "references": [{ "path": "./core" }, { "path": "./app" }]\n}\n',
  };
  const options = (own: string): string =>
    `{ "compilerOptions": { "composite": true, "strict": true, "module": "commonjs", "target": "es2022", "outDir": "../dist", "rootDir": "..", "types": [] }, "include": ["."]${own} }\n`;
  const files = (name: string, type: string): Files => ({
    ...solution,
    'core/tsconfig.json': options(''),
    'core/add.ts': 'export const add = (a: number, b: number): number => a + b;\n',
    'app/tsconfig.json': options(name === 'apart' ? '' : ', "references": [{ "path": "../core" }]'),
    'app/twice.ts':
      name === 'apart'
        ? `export const two: ${type} = 2;\n`
        : `import { add } from '../core/add';\n\nexport const twice = (n: number): ${type} => add(n, n);\n`,
    'app/twice.test.ts': "test('is one project', () => { expect(1).toBe(1); });\n",
  });

  test.each(['apart', 'together'])('are all checked, %s', slow, async (name) => {
    const asks = { typescript: {} };
    const sound = await grade({ answer: files(name, 'number'), asks, only: ['types', 'build', 'tests'] });
    expect(sound.projects.map(({ language, root }) => [language, root])).toEqual([['typescript', '.']]);
    expect(checkOf(sound, 'typescript/types')).toMatchObject({ facts: { files: 3 } });
    expect(checkOf(sound, 'typescript/types').findings.filter(({ file }) => file !== 'app/twice.test.ts')).toEqual([]);
    const wrong = await grade({ answer: files(name, 'string'), asks, only: ['types'] });
    expect(checkOf(wrong, 'typescript/types').findings).toContainEqual(
      expect.objectContaining({ rule: 'TS2322', file: 'app/twice.ts' }),
    );
  });
});

test.each(['.tmp', '.cache'])('the compiler may keep what it knows in node_modules/%s', slow, async (folder) => {
  const options = `{ "compilerOptions": { "strict": true, "incremental": true, "tsBuildInfoFile": "./node_modules/${folder}/app.tsbuildinfo", "types": [] }, "include": ["src"] }\n`;
  expect(
    await checked('typescript', 'build', { 'tsconfig.json': options, 'src/app.ts': 'export const one: number = 1;\n' }),
  ).toMatchObject({ status: 'passed', findings: [] });
});

test('what a tsconfig.json says about output is not at odds with looking at types alone', slow, async () => {
  const options =
    '"strict": true, "types": [], "composite": true, "declarationMap": true, "emitDeclarationOnly": true, "tsBuildInfoFile": "dist/app.tsbuildinfo", "outDir": "dist"';
  const files = (type: string): Files => ({
    'tsconfig.json': `{ "compilerOptions": { ${options} }, "include": ["src"] }\n`,
    'src/app.ts': `export const one: ${type} = 1;\n`,
  });
  expect(await checked('typescript', 'types', files('number'))).toMatchObject({ status: 'passed', findings: [] });
  expect(rulesOf(await checked('typescript', 'types', files('string')))).toEqual(['TS2322']);
});

test('scripts find npm and npx among the packages, whatever this machine has', slow, async () => {
  const build = 'for name in npm npx; do $name --version && command -v $name | grep /node_modules/ || exit 1; done';
  expect(
    (
      await checked('typescript', 'build', {
        ...program.typescript,
        'package.json': JSON.stringify({ scripts: { build } }),
      })
    ).status,
  ).toBe('passed');
});

test('tests of a package within are run by the one around it, and are no forgery', slow, async () => {
  const inner = {
    'inner/package.json': '{}',
    'inner/app.test.js': "const { add } = require('../app');\n\ntest('inner', () => { expect(add(1, 2)).toBe(3); });\n",
  };
  const graded = await grade({
    answer: { ...program.typescript, 'package.json': '{}', ...inner },
    asks: { typescript: {} },
    only: ['tests'],
  });
  expect(checkOf(graded, 'typescript/tests@.')).toMatchObject({ status: 'passed', facts: { passed: 1 } });
});

test('a Python project within another one is judged by itself alone', slow, async () => {
  const service = {
    'service/requirements.txt': 'six\n',
    'service/app.py': 'import six\n\nTWO = six.int2byte(2)\n',
    'service/tests/test_service.py':
      'import six\nfrom app import TWO\n\n\ndef test_two() -> None:\n    assert TWO == six.int2byte(2)\n',
  };
  const around = {
    'requirements.txt': 'pytest\n',
    'main.py': 'ONE = 1\n',
    'tests/test_main.py': 'from main import ONE\n\n\ndef test_one() -> None:\n    assert ONE == 1\n',
  };
  const graded = await grade({
    answer: { ...around, ...service },
    asks: { python: {} },
    only: ['dependencies', 'build', 'tests'],
  });
  for (const root of ['.', 'service']) {
    expect(checkOf(graded, `python/dependencies@${root}`)).toMatchObject({ status: 'passed', findings: [] });
    expect(checkOf(graded, `python/build@${root}`)).toMatchObject({ facts: { files: 2 } });
    expect(checkOf(graded, `python/tests@${root}`)).toMatchObject({ status: 'passed', facts: { passed: 1 } });
  }
});

test('a package within another is judged by itself alone', slow, async () => {
  const inner = {
    'inner/package.json': '{}',
    'inner/src/app.js': "module.exports =   require('nobody-declares-this') == undefinedName\n",
  };
  const graded = await grade({
    answer: { ...program.typescript, 'package.json': '{}', ...inner },
    asks: { typescript: { standards: ['eslint', 'prettier'] } },
    only: ['dependencies', 'format', 'lint'],
  });
  for (const check of ['dependencies', 'format', 'lint']) {
    const { findings } = checkOf(graded, `typescript/${check}@.`);
    expect([check, ...findings.filter(({ file }) => file?.startsWith('inner/') === true)]).toEqual([check]);
  }
  expect(checkOf(graded, 'typescript/lint@.')).toMatchObject({ facts: { files: 1 } });
  expect(checkOf(graded, 'typescript/format@inner')).toMatchObject({ findings: [{ file: 'inner/src/app.js' }] });
  expect(checkOf(graded, 'typescript/dependencies@inner')).toMatchObject({ findings: [{ file: 'inner/src/app.js' }] });
});

test('a module that Python does not find is no sign that the network is missed', slow, async () => {
  const tests = await checked('python', 'tests', {
    ...program.python,
    'test_app.py': 'import importlib\n\n\ndef test_it() -> None:\n    importlib.import_module("nowhere_to_be_found")\n',
  });
  expect(tests.findings.map(({ rule }) => rule)).toEqual(['test-failed']);
});

test('a package that is named from above the project is the answer’s own', slow, async () => {
  const files = {
    'requirements.txt': '',
    '__init__.py': '',
    'app.py': 'ONE = 1\n',
    'tests/__init__.py': '',
    'tests/test_app.py': 'from backend.app import ONE\n\n\ndef test_one() -> None:\n    assert ONE == 1\n',
  };
  const graded = await grade({
    answer: Object.fromEntries(Object.entries(files).map(([path, text]) => [`backend/${path}`, text])),
    asks: { python: {} },
    only: ['dependencies', 'tests'],
  });
  expect(checkOf(graded, 'python/dependencies')).toMatchObject({ status: 'passed', findings: [] });
  expect(checkOf(graded, 'python/tests')).toMatchObject({ status: 'passed' });
});

test('an option that pytest does not know is named as what stopped it', slow, async () => {
  const files = {
    ...program.python,
    'test_app.py': 'def test_it() -> None:\n    assert True\n',
    'pytest.ini': '[pytest]\naddopts = --nobody-knows-this\n',
  };
  const tests = await checked('python', 'tests', files);
  expect(tests).toMatchObject({ status: 'failed', reason: 'crashed: pytest left no complete report (exit status 4)' });
  expect(tests.findings[0]?.message).toContain('unrecognized arguments: --nobody-knows-this');
});

test('settings that the test script reads from a file are there', slow, async () => {
  const files = {
    ...program.typescript,
    'package.json': '{ "scripts": { "test": "dotenv -e .env.none -e .env.test -e .env -- jest" } }',
    '.env': 'MODE=none\n',
    '.env.test': 'MODE=test\n',
    'app.test.js':
      "const { add } = require('./app');\n\ntest('is set', () => { expect(process.env.MODE).toBe('test'); expect(add(1, 2)).toBe(3); });\n",
  };
  expect(await checked('typescript', 'tests', files)).toMatchObject({ status: 'passed', facts: { passed: 1 } });
});

describe('a snapshot', () => {
  const files: Files = {
    ...program.typescript,
    'app.test.js':
      "const { add } = require('./app');\n\ntest('adds', () => { expect(add(1, 2)).toBeGreaterThan(0); expect(add(1, 2)).toMatchSnapshot(); });\n",
  };
  const stored = (sum: number): Files => ({
    '__snapshots__/app.test.js.snap': `// Jest Snapshot v1, https://goo.gl/fbAQLP\n\nexports[\`adds 1\`] = \`${sum}\`;\n`,
  });

  test.each<[string, string, Files]>([
    ['that is not there is written', 'passed', {}],
    [
      'that is not there fails where the test script says so',
      'failed',
      { 'package.json': '{ "scripts": { "test": "jest --ci" } }' },
    ],
    ['that is there decides', 'failed', stored(4)],
  ])('%s', slow, async (_what, status, rest) => {
    expect((await checked('typescript', 'tests', { ...files, ...rest })).status).toBe(status);
  });
});

test('tests that are to stop at the first failure are all reported', slow, async () => {
  const files = (sum: number): Files => ({
    ...program.typescript,
    'package.json': '{ "jest": { "bail": 1 } }',
    'app.test.js': `const { add } = require('./app');\n\ntest('adds', () => { expect(add(1, 2)).toBe(3); });\ntest('adds more', () => { expect(add(2, 2)).toBe(${sum}); });\n`,
  });
  expect(await checked('typescript', 'tests', files(4))).toMatchObject({ status: 'passed', facts: { passed: 2 } });
  expect(await checked('typescript', 'tests', files(5))).toMatchObject({
    status: 'failed',
    facts: { passed: 1, failed: 1 },
  });
});

test.each(['tests.py', 'app.py'])(
  'cases of unittest are run from %s, too, when no file is named as pytest wants it',
  slow,
  async (name) => {
    const cases =
      '\n\nclass AppTest(unittest.TestCase):\n    def test_adds(self) -> None:\n        self.assertEqual(add(1, 1), 2)\n';
    const files = {
      ...program.python,
      [name]: `import unittest\n${name === 'app.py' ? (program.python['app.py'] ?? '') : 'from app import add\n'}${cases}`,
    };
    expect(await checked('python', 'tests', files)).toMatchObject({ status: 'passed', facts: { passed: 1 } });
  },
);

test.each<[string, Files]>([
  [
    'functions of a tests.py',
    { 'tests.py': 'from app import add\n\n\ndef test_add() -> None:\n    assert add(1, 2) == 3\n' },
  ],
  [
    'doctests that the instructions run',
    {
      'app.py':
        'def add(a: int, b: int) -> int:\n    """Adds.\n\n    >>> add(1, 2)\n    3\n    """\n    return a + b\n',
      'README.md': 'Run `python -m doctest app.py`.\n',
    },
  ],
])('and so are %s', slow, async (_what, files) => {
  expect(await checked('python', 'tests', { ...program.python, ...files })).toMatchObject({
    status: 'passed',
    facts: { passed: 1 },
  });
});

test('a Python file with cases of unittest that pytest does not look at is named', slow, async () => {
  const cases =
    'import unittest\n\n\nclass AppTest(unittest.TestCase):\n    def test_adds(self) -> None:\n        self.assertEqual(1 + 1, 3)\n';
  const files = {
    ...program.python,
    'test_app.py': 'from app import add\n\n\ndef test_it() -> None:\n    assert add(1, 2) == 3\n',
    'app_tests.py': cases,
  };
  expect(await checked('python', 'tests', files)).toMatchObject({
    status: 'passed',
    facts: { files_not_run: ['app_tests.py'] },
  });
});

test.each<[string, Files]>([
  [
    "of Jest's",
    { 'jest.config.js': "module.exports = { moduleNameMapper: { '^@lib/(.*)$': '<rootDir>/lib/$1' } };\n" },
  ],
  [
    "of Jest's, in package.json",
    { 'package.json': '{ "jest": { "moduleNameMapper": { "^@lib/(.*)$": "<rootDir>/lib/$1" } } }' },
  ],
  [
    "of the compiler's for the app",
    { 'tsconfig.app.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }' },
  ],
  ["of an editor's", { 'jsconfig.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }' }],
  ["of Vite's", { 'vite.config.js': "export default { resolve: { alias: { '@lib': '/lib' } } };\n" }],
])('a name that a configuration %s gives to a folder is no package', slow, async (_whose, files) => {
  const code = {
    'lib/add.js': 'module.exports = (a, b) => a + b;\n',
    'app.js': "require('@lib/add');\n",
    'other.js': "require('@other/add');\n",
  };
  const dependencies = await checked('typescript', 'dependencies', { 'package.json': '{}', ...files, ...code });
  expect(dependencies.findings.map(({ message }) => message)).toEqual([
    '@other/add is imported, but nothing declares it',
  ]);
});

test(
  'the answer’s own name, what users may bring along, and modules that k6 brings are no packages that must be there',
  slow,
  async () => {
    const code = {
      'load.js':
        "import http from 'k6/http';\nimport { sleep } from 'k6';\n\nexport default () => sleep(http.get('/').status);\n",
      'use.js': "require('@own/tiny');\nrequire('@own/plugin');\nrequire('@own/other');\n",
    };
    const manifest = {
      name: '@own/tiny',
      exports: './app.js',
      peerDependencies: { '@own/plugin': '*' },
      peerDependenciesMeta: { '@own/plugin': { optional: true } },
    };
    const dependencies = await checked('typescript', 'dependencies', {
      'package.json': JSON.stringify(manifest),
      ...program.typescript,
      ...code,
    });
    expect(dependencies.findings.map(({ message }) => message)).toEqual([
      '@own/other is imported, but nothing declares it',
    ]);
  },
);

test('a module of the answer’s own that is imported and not there is named, in Python', slow, async () => {
  const files = {
    'app/__init__.py': 'HERE = 1\n',
    'app/core.py': 'from . import HERE, store\nfrom .gone import one\n',
    'app/store/memory.py': '',
    'main.py':
      'import app.core, __main__\nimport app.nowhere\nfrom app import HERE, missing\nfrom app.store import memory, nothing\n\ntry:\n    import app.optional\nexcept ImportError:\n    pass\n',
  };
  const dependencies = await checked('python', 'dependencies', files);
  const named = dependencies.findings
    .filter(({ severity }) => severity === 'error')
    .map(({ file, line, message }) => `${file}:${line} ${message.split(' ')[0]}`);
  expect(named.toSorted()).toEqual([
    'app/core.py:2 .gone',
    'main.py:2 app.nowhere',
    'main.py:3 app.missing',
    'main.py:4 app.store.nothing',
  ]);
});

goTest(
  'a package of the answer’s own that is imported and not there is named, in Go, and is not the registry’s failure',
  slow,
  async () => {
    const dependencies = await checked('go', 'dependencies', {
      ...program.go,
      'cmd/main.go': 'package main\n\nimport "example.com/tiny/internal/gone"\n\nfunc main() { gone.Run() }\n',
    });
    expect(dependencies).toMatchObject({
      status: 'failed',
      findings: [
        {
          file: 'cmd/main.go',
          line: 3,
          message: 'example.com/tiny/internal/gone is imported, and is not in the answer',
        },
      ],
    });
  },
);

goTest('tests may build and run a program of the answer’s, in Go', slow, async () => {
  const files = {
    'go.mod': 'module example.com/tiny\n\ngo 1.24\n\nrequire github.com/rivo/uniseg v0.4.7\n',
    'main.go': 'package main\n\nimport "github.com/rivo/uniseg"\n\nfunc main() { print(uniseg.StringWidth("four")) }\n',
    'main_test.go':
      'package main\n\nimport (\n\t"os/exec"\n\t"testing"\n)\n\nfunc TestProgram(t *testing.T) {\n\tout, err := exec.Command("go", "run", ".").CombinedOutput()\n\tif err != nil || string(out) != "4" {\n\t\tt.Fatalf("%v: %s", err, out)\n\t}\n}\n',
  };
  expect(await checked('go', 'tests', files)).toMatchObject({ status: 'passed', facts: { passed: 1 } });
});
