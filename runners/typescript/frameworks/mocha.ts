import semver from 'semver';
import type { Environment } from '../environment.ts';
import { inside } from '../toolchain.ts';
import type { TestFramework } from './framework.ts';
import { expanded } from './patterns.ts';

const PROGRAM = 'node_modules/mocha/bin/_mocha';
const REPORTER = `${inside.assets}/grader/reports/mocha.cjs`;

/** One process, whatever its configuration says: reports of several cannot be trusted. Older ones know no other. */
function inOneProcess({ packages }: Pick<Environment, 'packages'>): string[] {
  const version = packages.find((name) => name.startsWith('mocha@'))?.slice('mocha@'.length) ?? '';
  return semver.valid(version) !== null && semver.gte(version, '8.2.0') ? ['--no-parallel'] : [];
}

/** Which files are run, is for the script and the configuration to say: these are added to what both name. */
export const mocha: TestFramework = {
  name: 'mocha',
  packaged: 'mocha',
  compiles: false,
  countedByNode: true,
  words: (context, environment, script) => [
    ...[
      PROGRAM,
      ...expanded(script.arguments, context),
      ...inOneProcess(environment),
      '--no-bail',
      '--reporter',
      REPORTER,
    ],
  ],
  control: {
    files: {
      'control.js': 'module.exports = { one: () => 1 };\n',
      'test/control.js':
        "const assert = require('node:assert');\nit('control', () => { assert.equal(require('../control.js').one(), 1); });\n",
    },
    words: () => [PROGRAM, '--reporter', REPORTER],
  },
};
