import { expect } from 'vitest';
import type { Files } from '../support/grading/answers.ts';
import { checked } from '../support/grading/grading.ts';
import { program } from '../support/grading/projects.ts';
import type { Language } from '../support/grading/projects.ts';
import { runsTests, scripted } from '../support/grading/sandboxes.ts';
import { languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };

/** Honest tests of unusual shapes: all pass, and none of them may be taken for a forgery. */
const unusual: readonly [string, Language, number, Files][] = [
  [
    'doctests alone',
    'python',
    1,
    {
      'app.py':
        'def add(a: int, b: int) -> int:\n    """Adds.\n\n    >>> add(1, 2)\n    3\n    """\n    return a + b\n',
      'pytest.ini': '[pytest]\naddopts = --doctest-modules\n',
    },
  ],
  [
    'functions and files with names of its own',
    'python',
    1,
    {
      'check_app.py': 'from app import add\n\n\ndef should_add():\n    assert add(1, 2) == 3\n',
      'pytest.ini': '[pytest]\npython_files = check_*.py\npython_functions = should_*\n',
    },
  ],
  [
    'classes, unittest, a base elsewhere, parameters, and a fixture called test_value',
    'python',
    6,
    {
      'contract.py': 'class Contract:\n    def test_inherited(self):\n        assert True\n',
      'test_app.py':
        'import unittest\n\nimport pytest\n\nfrom app import add\nfrom contract import Contract\n\n\n@pytest.fixture\ndef test_value():\n    yield 3\n\n\n@pytest.mark.parametrize("a", [1, 2])\ndef test_add(a, test_value):\n    """A docstring."""\n    assert add(a, 0) == a and test_value == 3\n\n\nclass TestOwn(Contract):\n    @staticmethod\n    def test_static(): assert add(1, 2) == 3\n\n    def test_raises(self):\n        with pytest.raises(TypeError):\n            add(1, None)\n\n\nclass Old(unittest.TestCase):\n    def test_old(self):\n        self.assertEqual(add(1, 2), 3)\n',
    },
  ],
  [
    'steps of which the later are not tried when one fails',
    'python',
    4,
    {
      'conftest.py':
        'import pytest\n\n\ndef pytest_runtest_makereport(item, call):\n    if call.excinfo is not None:\n        item.parent.failed = item.name\n\n\ndef pytest_runtest_setup(item):\n    failed = getattr(item.parent, "failed", None)\n    if failed is not None:\n        pytest.xfail(f"{failed} failed")\n\n\ndef test_value():\n    return 3\n\n\nassert test_value() == 3\n',
      'test_app.py':
        'import uuid\n\nimport pytest\n\nfrom app import add\n\n\nclass TestSteps:\n    def test_first(self):\n        assert add(1, 2) == 3\n\n    def test_second(self):\n        assert add(2, 2) == 4\n\n    def test_third(self):\n        assert add(3, 2) == 5\n\n\n@pytest.mark.parametrize("name", [str(uuid.uuid4())])\ndef test_named(name):\n    assert len(name) == add(30, 6)\n',
    },
  ],
  [
    'tables, callbacks, promises, helpers and computed titles',
    'typescript',
    7,
    {
      'helper.js':
        "module.exports = (add) => {\n  it('comes from elsewhere', () => { expect(add(1, 1)).toBe(2); });\n};\n",
      'app.test.js':
        "const { add } = require('./app');\nconst contract = require('./helper');\n\ncontract(add);\ndescribe('adds', () => {\n  it.each([[1, 1, 2], [1, 2, 3]])('%i + %i', (a, b, sum) => { expect(add(a, b)).toBe(sum); });\n  it('calls back', (done) => { setTimeout(() => { expect(add(1, 2)).toBe(3); done(); }, 1); });\n  it('waits', async function waits() { await Promise.resolve(); expect(add(1, 2)).toBe(3); }, 1000);\n  for (const n of [1]) it(`computes ${n}`, () => expect(add(n, 0)).toBe(n));\n});\nconst scenario = test;\nscenario('by another name', () => {});\n",
    },
  ],
  [
    'computed titles beside one that is skipped',
    'typescript',
    2,
    {
      'app.test.js':
        "const { add } = require('./app');\n\ndescribe.skip('legacy', () => { test('old', () => {}); });\ntest.each([[1], [2]])('adds %i', (n) => { expect(add(n, 0)).toBe(n); });\n",
    },
  ],
  ...['--ff -n auto --cov', '-p no:cacheprovider -p no:xdist -p "no:cov" --strict-config'].map(
    (options): [string, Language, number, Files] => [
      `options ${options}`,
      'python',
      1,
      {
        'test_app.py': 'from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n',
        'pytest.ini': `[pytest]\naddopts = ${options}\n`,
        'requirements.txt': 'pytest\npytest-xdist\npytest-cov\n',
      },
    ],
  ),
  ...[
    "NODE_OPTIONS='--experimental-vm-modules --no-warnings' jest",
    'node --experimental-vm-modules node_modules/jest/bin/jest.js && eslint .',
  ].map((script): [string, Language, number, Files] => [
    `modules of JavaScript, by ${script}`,
    'typescript',
    2,
    {
      'app.js': 'export function add(a, b) {\n  return a + b;\n}\n',
      'app.test.js':
        "import { add } from './app.js';\n\ntest('adds', () => { expect(add(1, 2)).toBe(3); });\nfor (const n of [1]) test(`adds ${n}`, () => { expect(add(n, 0)).toBe(n); });\n",
      'package.json': JSON.stringify({ type: 'module', scripts: { test: script } }),
    },
  ]),
  [
    'what a build made of them',
    'typescript',
    1,
    {
      'src/twice.ts': 'export function twice(value: number): number {\n  return 2 * value;\n}\n',
      'src/twice.test.ts':
        "import { twice } from './twice';\n\ntest('doubles', () => {\n  expect(twice(2)).toBe(4);\n});\n",
      'tsconfig.json':
        '{ "compilerOptions": { "strict": true, "noEmitOnError": true, "module": "commonjs", "target": "es2022", "rootDir": "src", "outDir": "dist" } }\n',
      'package.json': JSON.stringify({
        scripts: { build: 'tsc', pretest: 'npm run build', test: 'jest --roots dist' },
      }),
    },
  ],
  [
    'computed titles alone',
    'typescript',
    2,
    {
      'app.test.js':
        "const { add } = require('./app');\n\nfor (const n of [1, 2]) test(`adds ${n}`, () => { expect(add(n, 0)).toBe(n); });\n",
    },
  ],
  [
    'TypeScript without globals, and with strict options',
    'typescript',
    1,
    {
      'app.test.ts':
        "import { expect, test } from '@jest/globals';\nimport { twice } from './twice';\n\ntest('doubles', () => {\n  expect(twice(2)).toBe(4);\n});\n",
      'twice.ts': 'export function twice(value: number): number {\n  return 2 * value;\n}\n',
      'tsconfig.json':
        '{ "compilerOptions": { "strict": true, "noUnusedLocals": true, "module": "commonjs", "target": "es2022", "esModuleInterop": true } }\n',
    },
  ],
  [
    'TypeScript with constants that only its types know',
    'typescript',
    1,
    {
      'app.test.ts': "import { low } from './level';\n\ntest('is low', () => {\n  expect(low()).toBe(1);\n});\n",
      'level.ts': '/// <reference path="./names.d.ts" />\nexport function low(): number {\n  return Level.Low;\n}\n',
      'names.d.ts': 'declare const enum Level {\n  Low = 1,\n}\n',
      'tsconfig.json':
        '{ "compilerOptions": { "strict": true, "module": "commonjs", "target": "es2022", "types": ["jest"] } }\n',
    },
  ],
  [
    'subtests, parallel tests, an example, a nameless parameter and a fuzz test',
    'go',
    6,
    {
      'app_test.go':
        'package tiny\n\nimport (\n\t"fmt"\n\t"testing"\n)\n\nfunc TestTable(t *testing.T) {\n\tt.Parallel()\n\tfor _, n := range []int{1} {\n\t\tt.Run(fmt.Sprint(n), func(t *testing.T) {\n\t\t\tt.Parallel()\n\t\t\tif Add(n, 0) != n {\n\t\t\t\tt.Fatal(n)\n\t\t\t}\n\t\t})\n\t}\n}\n\nfunc TestNothing(_ *testing.T) {}\n\nfunc FuzzAdd(f *testing.F) {\n\tf.Add(1)\n\tf.Fuzz(func(t *testing.T, n int) { Add(n, n) })\n}\n\nfunc ExampleAdd() {\n\tfmt.Println(Add(1, 2))\n\t// Output: 3\n}\n',
    },
  ],
];

languageTests(unusual)(
  'tests that pass are confirmed, whatever their shape: %s (%s)',
  slow,
  async (_what, language, passed, files) => {
    const result = await checked(language, 'tests', { ...program[language], ...files }, { asks: { coverage: 0.1 } });
    expect(result.reason).toBeNull();
    expect(result).toMatchObject({ status: 'passed', facts: { passed } });
  },
);

languageTests<[Language, Files]>([
  ['python', { 'test_app.py': 'def test_it():\n    assert True\n' }],
  ['typescript', { 'app.test.js': "test('it', () => {});\n" }],
  ['go', { 'app_test.go': 'package tiny\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {}\n' }],
])('%s: tests that pass, and cannot be confirmed, are evidence of nothing', slow, async (language, files) => {
  let runs = 0;
  // After the first run the program that runs the tests does something else, and so it does with a test of ours.
  const sandbox = scripted((job) => (runsTests(job) && (runs += 1) >= 2 ? { ...job, command: ['true'] } : job));
  const tests = await checked(language, 'tests', { ...program[language], ...files }, { sandbox });
  expect(tests).toMatchObject({ status: 'errored', score: null });
  expect(tests.reason).toContain('could not be confirmed');
});
