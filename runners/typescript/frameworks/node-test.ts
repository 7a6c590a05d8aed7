import { inside } from '../toolchain.ts';
import type { TestFramework } from './framework.ts';
import { expanded } from './patterns.ts';

const REPORTER = [
  `--test-reporter=${inside.assets}/grader/reports/node-test.mjs`,
  '--test-reporter-destination=/out/report.json',
];

/** Node's own test runner. */
export const nodeTest: TestFramework = {
  name: 'node:test',
  packaged: null,
  compiles: false,
  countedByNode: true,
  words: (context, _environment, script, { files }) => [
    '--test',
    ...REPORTER,
    ...expanded(script.arguments, context),
    ...(files ?? []),
  ],
  control: {
    files: {
      'control.js': 'module.exports = { one: () => 1 };\n',
      'control.test.js':
        "const assert = require('node:assert');\nrequire('node:test')('control', () => { assert.equal(require('./control.js').one(), 1); });\n",
    },
    words: () => ['--test', ...REPORTER, 'control.test.js'],
  },
};
