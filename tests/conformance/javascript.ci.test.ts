import { describe, expect, test } from 'vitest';
import { checkOf, grade } from '../support/grading/grading.ts';
import type { Files } from '../support/grading/answers.ts';
import type { Situation } from '../support/grading/grading.ts';

const slow = { timeout: 900_000 };

const program: Files = {
  'app.js':
    'function add(a, b) {\n  if (a === 99) {\n    return 0;\n  }\n  return a + b;\n}\n\nmodule.exports = { add };\n',
};
const assertion = "const assert = require('node:assert');\nconst { add } = require('./app');\n\n";
const manifest = (command: string, devDependencies: Readonly<Record<string, string>> = {}): Files => ({
  'package.json': `${JSON.stringify({ name: 'tiny', scripts: { test: command }, devDependencies })}\n`,
});

/** Answers whose tests are run by what is not a package of the pinned environment, or by nothing. */
const mocha = manifest('c8 mocha --exit', { mocha: '^10.4.0', chai: '^4.4.1' });
const shapes: readonly [string, Files, string][] = [
  [
    'Mocha and chai',
    {
      ...mocha,
      'test/app.js':
        "const { expect } = require('chai');\nconst { add } = require('../app');\n\ndescribe('add', () => {\n  it('adds', () => {\n    expect(add(1, 2)).to.equal(3);\n  });\n  context('of none', () => {\n    specify('is none', (done) => {\n      expect(add(0, 0)).to.deep.equal(0);\n      done();\n    });\n  });\n});\n",
    },
    '2 passed',
  ],
  [
    "Node's own runner, by what the tests import",
    {
      'app.test.js': `const test = require('node:test');\n${assertion}test('adds', async (t) => {\n  await t.test('numbers', () => assert.equal(add(1, 2), 3));\n  assert.equal(add(2, 2), 4);\n});\n`,
      'test/helper.js': 'module.exports = 1;\n',
    },
    '2 passed',
  ],
  [
    'a script with functions of its own',
    {
      ...manifest('node app.test.js'),
      'app.test.js': `${assertion}let failures = 0;\nfunction check(title, run) {\n  try {\n    run();\n    console.log(\`ok \${title}\`);\n  } catch (error) {\n    failures += 1;\n    console.log(\`not ok \${title}: \${error.message}\`);\n  }\n}\ncheck('adds', () => assert.equal(add(1, 2), 3));\nprocess.exit(failures === 0 ? 0 : 1);\n`,
    },
    '1 passed',
  ],
];

/** Cheats by what these frameworks leave to the answer, and what stops each. */
const cheats: readonly [string, Files, RegExp][] = [
  [
    "Node's own runner, and a test that ends the process with 0",
    {
      ...manifest('node --test'),
      'app.test.js': `const { test } = require('node:test');\n${assertion}test('goes', async () => {\n  await null;\n  process.exit(0);\n});\ntest('adds', () => assert.equal(add(1, 2), 4));\n`,
    },
    /could not be run/,
  ],
  [
    "Node's own runner, and an assertion that asserts nothing",
    {
      ...manifest('node --test'),
      'app.test.js': `const { test } = require('node:test');\n${assertion}assert.equal = () => {};\ntest('adds', () => assert.equal(add(1, 2), 4));\n`,
    },
    /the tests do not decide|show nothing|with a failing assertion/,
  ],
  [
    'Mocha, and a hook that takes failures back',
    {
      ...mocha,
      'test/app.js':
        "const { expect } = require('chai');\nconst { Runner } = require('mocha');\nconst { add } = require('../app');\n\nRunner.prototype.fail = function fail(test) {\n  test.state = 'passed';\n  this.emit('pass', test);\n};\nit('adds', () => {\n  expect(add(1, 2)).to.equal(4);\n});\n",
    },
    /with a failing assertion|show nothing/,
  ],
  [
    'a script that ends with 0, whatever fails',
    {
      ...manifest('node app.test.js'),
      'app.test.js': `${assertion}process.on('uncaughtException', () => process.exit(0));\nassert.equal(add(1, 2), 4);\n`,
    },
    /with a failing assertion|show nothing/,
  ],
];

const asks: Situation['asks'] = { javascript: { coverage: 0.6 } };
const only = ['tests', 'coverage'];

describe('JavaScript as it is', () => {
  test.concurrent.each(shapes)('with %s is tested by its own means', slow, async (_what, files, passed) => {
    const graded = await grade({ answer: { ...program, ...files }, asks, only });
    const tests = checkOf(graded, 'javascript/tests');
    expect([tests.status, tests.reason]).toEqual(['passed', null]);
    expect(`${String(tests.facts['passed'])} passed`).toBe(passed);
    expect(checkOf(graded, 'javascript/coverage')).toMatchObject({ status: 'passed', facts: { lines: 0.75 } });
  });

  test.concurrent.each(cheats)('is not believed with %s', slow, async (_what, files, reason) => {
    const graded = await grade({ answer: { ...program, ...files }, asks: { javascript: {} }, only: ['tests'] });
    expect(checkOf(graded, 'javascript/tests').reason).toMatch(reason);
    expect(graded.verdict).toBe('fail');
  });

  test('in a workspace is installed, built and tested together with its other packages', slow, async () => {
    const member = (name: string, more: object): string =>
      JSON.stringify({
        name,
        version: '1.0.0',
        main: 'dist/index.js',
        types: 'dist/index.d.ts',
        scripts: { build: 'tsc', test: 'node --test' },
        ...more,
      });
    const compiler =
      '{ "compilerOptions": { "strict": true, "module": "commonjs", "target": "es2022", "rootDir": "src", "outDir": "dist", "declaration": true, "sourceMap": true, "types": [] }, "include": ["src"] }\n';
    const answer = {
      'package.json':
        '{ "private": true, "workspaces": ["packages/core", "packages/*"], "scripts": { "build": "npm run build -ws", "test": "npm run build && npm test -ws" }, "devDependencies": { "typescript": "5.6.3" } }',
      'packages/api/package.json': member('@own/api', { dependencies: { '@own/core': 'workspace:^' } }),
      'packages/api/tsconfig.json': compiler,
      'packages/api/src/index.ts':
        "import { add } from '@own/core';\n\nexport const twice = (value: number): number => add(value, value);\n",
      'packages/api/test/twice.test.js':
        "const assert = require('node:assert');\nconst { test } = require('node:test');\nconst { twice } = require('..');\n\ntest('doubles', () => assert.equal(twice(2), 4));\n",
      'packages/core/package.json': member('@own/core', {}),
      'packages/core/tsconfig.json': compiler,
      'packages/core/src/index.ts': 'export const add = (a: number, b: number): number => a + b;\n',
      'packages/core/test/add.test.js':
        "const assert = require('node:assert');\nconst { test } = require('node:test');\nconst { add } = require('..');\n\ntest('adds', () => assert.equal(add(1, 2), 3));\n",
    };
    const graded = await grade({
      answer,
      asks: { typescript: { coverage: 0.9 } },
      only: ['dependencies', 'build', 'types', ...only],
    });
    expect(graded.checks.filter(({ id, status }) => id.startsWith('typescript') && status !== 'passed')).toEqual([]);
    expect(checkOf(graded, 'typescript/tests').facts).toMatchObject({ passed: 2, failed: 0 });
  });

  test('is asked for no types and no build', slow, async () => {
    const graded = await grade({ answer: program, asks: null, only: ['build', 'types'] });
    expect(
      graded.checks.map(({ id, status }) => `${id} ${status}`).filter((one) => one.startsWith('javascript')),
    ).toEqual(['javascript/build not_applicable']);
  });
});
