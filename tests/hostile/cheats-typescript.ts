import { passingTest } from '../support/grading/projects.ts';
import type { Files } from '../support/grading/answers.ts';
import type { Cheat } from './cheat.ts';

const jest = (settings: object): Files => ({
  'package.json': `${JSON.stringify({ jest: settings, scripts: { test: 'jest' } })}\n`,
});

/** A report as Jest writes it, of one test that passed. */
const forgedReport = JSON.stringify({
  numTotalTests: 1,
  numPassedTests: 1,
  testResults: [
    {
      name: '/w/app.test.js',
      status: 'passed',
      message: '',
      assertionResults: [{ fullName: 'adds', status: 'passed', failureMessages: [], location: null }],
    },
  ],
});
const forge = `const { writeFileSync } = require('node:fs');\n\nconst forge = () => writeFileSync('/out/report.json', ${JSON.stringify(forgedReport)});\n`;

const uncovered =
  'function add(a, b) {\n  return a + b;\n}\n\nfunction other(a) {\n  let b = a;\n  b += 1;\n  b += 2;\n  b += 3;\n  b += 4;\n  return b;\n}\n\nmodule.exports = { add, other };\n';
const forgedCoverage = JSON.stringify({
  '/w/app.js': {
    path: '/w/app.js',
    statementMap: { 0: { start: { line: 2, column: 2 }, end: { line: 2, column: 15 } } },
    fnMap: { 0: { name: 'add' } },
    branchMap: {},
    s: { 0: 1 },
    f: { 0: 1 },
    b: {},
  },
});
const coverage = { only: ['tests', 'coverage'], asks: { coverage: 0.8 } } as const;

const badTypes: Files = { 'app.ts': "export const one: number = 'one';\n" };
const types = { only: ['types'], stoppedBy: 'types are checked on their own' } as const;

export const typescriptCheats: readonly Cheat[] = [
  {
    name: 'a test file that ends the process with 0',
    files: { 'app.test.js': "process.exit(0);\n\ntest('never', () => {});\n" },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a jest.config.js that ends the process with 0',
    files: { 'jest.config.js': 'process.exit(0);\n' },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a teardown that ends the process with 0 before the report is written',
    files: {
      ...jest({ globalTeardown: './teardown.js' }),
      'teardown.js': 'module.exports = async () => {\n  process.exit(0);\n};\n',
    },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a handler that sets the exit status to 0',
    files: {
      ...jest({ globalSetup: './setup.js' }),
      'setup.js':
        "module.exports = async () => {\n  process.on('exit', () => {\n    process.exitCode = 0;\n  });\n};\n",
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'an exit status of 0 for tests that fail',
    files: jest({ testFailureExitCode: 0 }),
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a test script that is "exit 0"',
    files: { 'package.json': '{ "scripts": { "pretest": "exit 0", "test": "exit 0", "posttest": "exit 0" } }\n' },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a test script that loads a forger before Jest',
    files: {
      'package.json': '{ "scripts": { "test": "NODE_OPTIONS=--require=./forger.cjs jest" } }\n',
      'forger.cjs': `${forge}\nforge();\nprocess.exit(0);\n`,
    },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a test script that starts a forger in the place of Jest',
    files: {
      'package.json': '{ "scripts": { "test": "node forger.cjs node_modules/jest/bin/jest.js" } }\n',
      'forger.cjs': `${forge}\nforge();\n`,
    },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a test script that builds what it wants in the place of the report',
    files: {
      'package.json': '{ "scripts": { "test": "tsc --outDir /out && jest" } }\n',
      'report.json': `${forgedReport}\n`,
      'tsconfig.json': '{ "compilerOptions": { "resolveJsonModule": true, "esModuleInterop": true } }\n',
      'index.ts': "import report from './report.json';\n\nexport default report;\n",
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a preinstall script that would patch Jest',
    files: {
      'package.json':
        '{ "scripts": { "preinstall": "rm -rf node_modules/jest", "prepare": "exit 0", "test": "jest" } }\n',
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a testResultsProcessor that makes a pass of every result',
    files: {
      ...jest({ testResultsProcessor: './processor.js' }),
      'processor.js':
        "module.exports = (results) => {\n  results.testResults.forEach((suite) => {\n    suite.numFailingTests = 0;\n    suite.testExecError = undefined;\n    suite.failureMessage = '';\n    suite.testResults.forEach((result) => {\n      result.status = 'passed';\n      result.failureMessages = [];\n    });\n  });\n  return { ...results, success: true, numFailedTests: 0, numFailedTestSuites: 0 };\n};\n",
    },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a reporter that changes the results',
    files: {
      ...jest({ reporters: ['default', './reporter.js'] }),
      'reporter.js':
        "module.exports = class {\n  onTestFileResult(test, suite, results) {\n    suite.numFailingTests = 0;\n    suite.failureMessage = '';\n    suite.testResults.forEach((result) => {\n      result.status = 'passed';\n      result.failureMessages = [];\n    });\n    results.numFailedTests = 0;\n    results.numFailedTestSuites = 0;\n    results.success = true;\n  }\n\n  onRunComplete(contexts, results) {\n    this.onTestFileResult(null, results.testResults[0], results);\n  }\n};\n",
    },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a test environment that forgets every error',
    files: {
      ...jest({ testEnvironment: './environment.js' }),
      'environment.js':
        "const { TestEnvironment } = require('jest-environment-node');\n\nmodule.exports = class extends TestEnvironment {\n  handleTestEvent(event) {\n    if (event.test) event.test.errors = [];\n  }\n};\n",
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a test environment that forgets the errors of all tests but an honest one',
    files: {
      ...jest({ testEnvironment: './environment.js' }),
      'app.test.js':
        "const { add } = require('./app');\n\ntest('adds', () => {\n  expect(add(1, 2)).toBe(4);\n});\n\ntest('adds nothing', () => {\n  expect(add(1, 0)).toBe(1);\n});\n",
      'environment.js':
        "const { TestEnvironment } = require('jest-environment-node');\n\nmodule.exports = class extends TestEnvironment {\n  handleTestEvent(event) {\n    if (event.test && event.test.name !== 'adds nothing') event.test.errors = [];\n  }\n};\n",
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a test runner of its own',
    files: {
      ...jest({ testRunner: './runner.js' }),
      'runner.js':
        "module.exports = async (globals, config, environment, runtime, path) => ({\n  console: null, failureMessage: null, leaks: false, numFailingTests: 0, numPassingTests: 1, numPendingTests: 0, numTodoTests: 0, openHandles: [],\n  perfStats: { start: 0, end: 1, runtime: 1, slow: false }, skipped: false, snapshot: { added: 0, fileDeleted: false, matched: 0, unchecked: 0, uncheckedKeys: [], unmatched: 0, updated: 0 },\n  testFilePath: path, testResults: [{ ancestorTitles: [], duration: 1, failureDetails: [], failureMessages: [], fullName: 'adds', invocations: 1, location: null, numPassingAsserts: 1, status: 'passed', title: 'adds' }],\n});\n",
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a runner of its own',
    files: {
      ...jest({ runner: './runner.js' }),
      'runner.js':
        "const { default: Runner } = require('jest-runner');\n\nmodule.exports = class extends Runner {\n  async runTests(tests, watcher, options) {\n    this.on('test-file-success', () => {});\n    const emit = this.eventEmitter;\n    void emit;\n    tests.forEach(({ path }) => require('node:fs').writeFileSync(path, \"test('adds', () => {});\\n\"));\n    return super.runTests(tests, watcher, options);\n  }\n};\n",
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a transformer that replaces the tests',
    files: {
      ...jest({ transform: { '\\.js$': './transformer.js' } }),
      'transformer.js':
        "module.exports = { process: (text, path) => ({ code: path.endsWith('.test.js') ? \"test('adds', () => {});\" : text }) };\n",
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'an expect that expects nothing',
    files: {
      ...jest({ setupFilesAfterEnv: ['./setup.js'] }),
      'setup.js': 'const anything = new Proxy(() => anything, { get: () => anything });\nglobal.expect = anything;\n',
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a test function that runs nothing',
    files: {
      ...jest({ setupFilesAfterEnv: ['./setup.js'] }),
      'setup.js': 'const { test } = global;\nglobal.test = (name) => test(name, () => {});\nglobal.it = global.test;\n',
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a moduleNameMapper that puts its own @jest/globals in place',
    files: {
      ...jest({ moduleNameMapper: { '^@jest/globals$': '<rootDir>/fake.js' } }),
      'fake.js': 'module.exports = { expect: () => ({ toBe() {} }), test: (name) => test(name, () => {}) };\n',
      'app.test.js':
        "const { expect, test } = require('@jest/globals');\nconst { add } = require('./app');\n\ntest('adds', () => {\n  expect(add(1, 2)).toBe(4);\n});\n",
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a report forged when the process exits',
    files: {
      ...jest({ globalSetup: './setup.js' }),
      'setup.js': `${forge}\nmodule.exports = async () => {\n  process.on('exit', () => {\n    forge();\n    process.exitCode = 0;\n  });\n};\n`,
    },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a report forged by a configuration that ends the process at once',
    files: { 'jest.config.js': `${forge}\nforge();\nprocess.exit(0);\n` },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a report of tests that nobody can find',
    files: { 'jest.config.js': `${forge.replaceAll('app.test.js', 'other.test.js')}\nforge();\nprocess.exit(0);\n` },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a jest key that finds no test file',
    files: jest({ testMatch: ['**/nothing_of_this_name.js'], passWithNoTests: true }),
    stoppedBy: 'a test must have run',
  },
  {
    name: 'a test script that deselects everything',
    files: { 'package.json': '{ "jest": {}, "scripts": { "test": "jest -t nothing_of_this_name" } }\n' },
    stoppedBy: 'skipped tests prove nothing',
  },
  {
    name: 'coverage forged when the process exits with 0',
    files: {
      ...passingTest.typescript,
      ...jest({ globalSetup: './setup.js' }),
      'app.js': uncovered,
      'setup.js': `const { writeFileSync } = require('node:fs');\n\nmodule.exports = async () => {\n  process.on('exit', (code) => code === 0 && writeFileSync('/out/coverage/coverage-final.json', ${JSON.stringify(forgedCoverage)}));\n};\n`,
    },
    ...coverage,
    stoppedBy: 'the counter-run: code that nothing runs',
  },
  {
    name: 'counters of coverage that a test sets itself',
    files: {
      'app.js': uncovered,
      'app.test.js':
        "const { add } = require('./app');\n\ntest('adds', () => {\n  expect(add(1, 2)).toBe(3);\n  Object.values(global.__coverage__).forEach(({ s, f }) => [s, f].forEach((counts) => Object.keys(counts).forEach((id) => { counts[id] = 1; })));\n});\n",
    },
    ...coverage,
    stoppedBy: 'the counter-run: code that nothing runs',
  },
  {
    name: 'a Jest configuration that leaves code out of coverage',
    files: {
      ...passingTest.typescript,
      'app.js': uncovered,
      ...jest({ coveragePathIgnorePatterns: ['app'], collectCoverage: false, coverageProvider: 'v8' }),
    },
    ...coverage,
    stoppedBy: 'our coverage counts',
  },
  {
    name: 'a build script that is "exit 0"',
    files: { ...badTypes, 'package.json': '{ "scripts": { "build": "exit 0" } }\n' },
    ...types,
  },
  {
    name: 'a tsconfig.json that checks nothing',
    files: {
      ...badTypes,
      'tsconfig.json':
        '{ "compilerOptions": { "noCheck": true, "strict": false, "plugins": [{ "name": "./cheat.js" }] } }\n',
      'cheat.js': 'process.exit(0);\n',
    },
    ...types,
  },
  {
    name: 'a tsconfig.json that leaves the file out',
    files: { ...badTypes, 'good.ts': 'export const two = 2;\n', 'tsconfig.json': '{ "files": ["good.ts"] }\n' },
    ...types,
  },
  {
    name: 'an ESLint configuration, plugin and resolver that end the linter with 0',
    files: {
      'app.ts': "import { join } from 'node:path';\n\nexport const one: number = 1;\n",
      'eslint.config.mjs': 'process.exit(0);\n',
      '.eslintrc.js': 'process.exit(0);\n',
      'eslint-plugin-import/index.js': 'process.exit(0);\n',
      'eslint-import-resolver-node/index.js': 'process.exit(0);\n',
    },
    only: ['lint'],
    asks: { standards: ['eslint'] },
    stoppedBy: 'our configuration decides',
  },
];

/** Vitest, with the files that it needs beside a cheat. */
const vitest: Files = {
  'package.json': `${JSON.stringify({ name: 'tiny', type: 'module', scripts: { test: 'vitest run --coverage' }, devDependencies: { vitest: '3.2.4', '@vitest/coverage-v8': '3.2.4' } }, null, 2)}\n`,
  'app.ts':
    'export function add(a: number, b: number): number {\n  if (a === 99) {\n    return 0;\n  }\n  return a + b;\n}\n',
  'app.test.ts':
    "import { expect, test } from 'vitest';\nimport { add } from './app.ts';\n\ntest('adds', () => {\n  expect(add(1, 2)).toBe(4);\n});\n",
};
const config = (text: string): Files => ({ ...vitest, 'vitest.config.ts': text });
const forgedByVitest = forge
  .replace("const { writeFileSync } = require('node:fs');", "import { writeFileSync } from 'node:fs';")
  .replace('app.test.js', 'app.test.ts');

export const vitestCheats: readonly Cheat[] = [
  {
    name: 'a vitest.config.ts that ends the process with 0',
    files: config('process.exit(0);\n'),
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a vitest.config.ts that forges the report when the process exits',
    files: config(
      `${forgedByVitest}\nprocess.on('exit', () => {\n  forge();\n  process.exitCode = 0;\n});\n\nexport default {};\n`,
    ),
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'an alias that puts its own vitest in place',
    files: {
      ...config(
        "export default { resolve: { alias: [{ find: /^vitest$/, replacement: '/w/fake.ts' }] }, test: { globals: true } };\n",
      ),
      'fake.ts':
        'export const test = (name: string): void => globalThis.test(name, () => {});\nexport const expect = (): { toBe(): void } => ({ toBe() {} });\n',
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a setup file that makes a pass of every result',
    files: {
      ...config("export default { test: { setupFiles: ['./setup.ts'] } };\n"),
      'setup.ts':
        "import { afterEach } from 'vitest';\n\nafterEach(({ task }) => {\n  task.result = { state: 'pass' };\n  Object.defineProperty(task, 'result', { get: () => ({ state: 'pass' }), set() {} });\n});\n",
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
];
