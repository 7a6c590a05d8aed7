import { withinProject } from '../../../src/domain/grading/project.ts';
import { isTestScript } from '../files.ts';
import { inside } from '../toolchain.ts';
import type { TestFramework } from './framework.ts';
import { expanded } from './patterns.ts';

const RUNNER = `${inside.assets}/grader/reports/scripts.mjs`;

/** Scripts that are tests: one that ends with 0 has passed. The first word of the script's arguments is its file. */
export const scripts: TestFramework = {
  name: 'node',
  packaged: null,
  compiles: false,
  countedByNode: true,
  words: (context, _environment, { node, scripts: started }) => {
    const named = started.flatMap(([file = '', ...rest]) => expanded([file], context).map((path) => [path, ...rest]));
    const paths = context.project.files.map(({ path }) => withinProject(context.project, path));
    const all = paths.filter(isTestScript).map((path) => [path]);
    return [RUNNER, JSON.stringify({ node, scripts: named.length > 0 ? named : all })];
  },
  control: {
    files: {
      'control.js': 'module.exports = { one: () => 1 };\n',
      'control.test.js': "require('node:assert').equal(require('./control.js').one(), 1);\n",
    },
    words: () => [RUNNER, JSON.stringify({ node: [], scripts: [['control.test.js']] })],
  },
};
