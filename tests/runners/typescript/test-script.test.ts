import { describe, expect, test } from 'vitest';
import { readTestScript } from '../../../runners/typescript/test-script.ts';
import type { TestScript } from '../../../runners/typescript/test-script.ts';

const table: [string, Record<string, string>, Partial<TestScript>][] = [
  [
    'what only shapes output and counts',
    { test: 'jest --coverage --verbose --config jest.unit.js' },
    { framework: 'jest', arguments: ['--config', 'jest.unit.js'] },
  ],
  [
    'options whose values are words of their own',
    { test: 'vitest run --reporter verbose --coverage.reporter text --bail 1 unit --outputFile out.json' },
    { arguments: ['unit'] },
  ],
  [
    'reporters, however many',
    { test: 'jest --reporters default jest-junit --bail --ci unit' },
    { arguments: ['--ci', 'unit'] },
  ],
  ['words that no shell reads', { test: 'jest ${' }, { framework: null, other: null }],
  ['commands after it', { test: 'jest --verbose && eslint src' }, { framework: 'jest', arguments: [] }],
  [
    'an option of another program',
    { test: 'eslint --env jest . && vitest run --dir src' },
    { framework: 'vitest', arguments: ['--dir', 'src'] },
  ],
  [
    'settings of the environment',
    { test: "TZ=UTC NODE_OPTIONS='--experimental-vm-modules --no-warnings' npx jest" },
    { env: { TZ: 'UTC', NODE_OPTIONS: '--experimental-vm-modules --no-warnings' } },
  ],
  [
    'settings that add to others',
    { test: 'cross-env NODE_OPTIONS="$NODE_OPTIONS --experimental-vm-modules" jest' },
    { framework: 'jest', env: { NODE_OPTIONS: ' --experimental-vm-modules' } },
  ],
  [
    'settings from files',
    { test: 'dotenv -e .env.test -e .env -- npx vitest run unit' },
    { framework: 'vitest', envFiles: ['.env.test', '.env'], arguments: ['unit'] },
  ],
  [
    'settings from the usual file',
    { test: 'NODE_ENV=test npx env-cmd jest' },
    { framework: 'jest', env: { NODE_ENV: 'test' }, envFiles: ['.env'] },
  ],
  [
    'settings from a file, by yet another program',
    { test: 'npx @dotenvx/dotenvx run -f .env.ci -- jest' },
    { framework: 'jest', envFiles: ['.env.ci'] },
  ],
  ['settings in a way that is not known', { test: 'dotenv -c test -- jest' }, { framework: null, other: 'dotenv' }],
  [
    'options of Node',
    { test: 'node --experimental-vm-modules -r dotenv/config node_modules/jest/bin/jest.js src' },
    { framework: 'jest', node: ['--experimental-vm-modules', '-r', 'dotenv/config'], arguments: ['src'] },
  ],
  [
    'another script',
    { test: 'NODE_ENV=test npm run test:unit -- --maxWorkers=2', 'test:unit': 'jest --config unit.js' },
    { framework: 'jest', env: { NODE_ENV: 'test' }, arguments: ['--config', 'unit.js', '--maxWorkers=2'] },
  ],
  ['another script of a manager that needs no run', { test: 'yarn unit', unit: 'vitest' }, { framework: 'vitest' }],
  ['scripts that run each other', { test: 'npm run a', a: 'npm run test && jest' }, { framework: 'jest' }],
  [
    'builds before it',
    { pretest: 'npm run build', build: 'rimraf dist && tsc -p tsconfig.build.json', test: 'tsc --noEmit && jest dist' },
    { arguments: ['dist'], builds: [['tsc', '-p', 'tsconfig.build.json']] },
  ],
  [
    'what other programs build before it',
    { test: 'vite build && esbuild src/*.ts --outdir=dist && node scripts/build.js && vite preview && mocha' },
    {
      builds: [
        ['vite', 'build'],
        ['esbuild', 'src/*.ts', '--outdir=dist'],
        ['node', 'scripts/build.js'],
      ],
    },
  ],
  [
    'the tests of each package of a workspace',
    { test: 'npm run build && npm test --workspaces --if-present', build: 'npm run build -ws' },
    { framework: null, inEach: true, builds: [['npm', 'run', 'build', '--workspaces', '--if-present']] },
  ],
  ['the same as pnpm does it', { test: 'pnpm -r run test' }, { framework: null, other: null, inEach: true }],
  ['builds after it', { test: 'jest && tsc' }, { builds: [] }],
  ['files by a glob', { test: 'jest src/**/*.test.ts' }, { framework: 'jest', arguments: [] }],
  ...(
    [
      ['npx ava', 'ava'],
      ['bun test', 'bun test'],
      ['react-scripts test --watchAll=false', 'react-scripts test'],
      ['node scripts/server.js', 'node server.js'],
    ] as const
  ).map(([script, other]): [string, Record<string, string>, Partial<TestScript>] => [
    `something else that runs tests: ${script}`,
    { test: script, lint: 'eslint .' },
    { framework: null, other },
  ]),
  [
    'Mocha below what counts lines, with what only shapes output',
    { test: 'NODE_ENV=test nyc --reporter=text mocha -R spec --recursive --parallel "test/**/*.spec.js" -r ./setup' },
    { framework: 'mocha', arguments: ['--recursive', 'test/**/*.spec.js', '-r', './setup'], env: { NODE_ENV: 'test' } },
  ],
  [
    "Node's own runner",
    { test: 'npm run lint && node --import tsx --test --test-reporter spec --experimental-test-coverage src/*.ts' },
    { framework: 'node:test', node: ['--import', 'tsx'], arguments: ['\0src/*.ts'] },
  ],
  [
    "Node's own runner, as another program starts it",
    { test: 'c8 tsx --test a.test.ts' },
    { framework: 'node:test', node: ['--import', 'tsx'], arguments: ['a.test.ts'] },
  ],
  [
    'scripts that are tests',
    { test: 'tsc && node -r ./setup.js test/run.js fast && ts-node test.ts' },
    {
      framework: 'node',
      node: ['-r', './setup.js'],
      scripts: [['test/run.js', 'fast'], ['test.ts']],
      builds: [['tsc']],
    },
  ],
  [
    'scripts that tape loads',
    { test: 'tape test/a.js test/*.test.js' },
    { framework: 'node', scripts: [['test/a.js'], ['\0test/*.test.js']] },
  ],
  ['a script among commands that start a framework', { test: 'node test/db.js && jest' }, { framework: 'jest' }],
  ['nothing that runs tests', { test: 'echo "Error: no test specified" && exit 1' }, { framework: null, other: null }],
  ['a name that every object has', { test: 'npm run constructor' }, { framework: null }],
  ['nothing', {}, { framework: null, other: null, arguments: [], node: [], env: {}, envFiles: [], builds: [] }],
];

describe('the test script of a package.json', () => {
  test.each(table)('with %s', (_what, scripts, expected) => {
    expect(readTestScript(scripts)).toMatchObject(expected);
  });
});
