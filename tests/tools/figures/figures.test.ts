import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cyclesOf, edgesOf, importsOf, partOf, runsBackwards } from '../../../tools/figures/graph.ts';
import { table, tooLarge } from '../../../tools/figures/markdown.ts';
import { measure } from '../../../tools/figures/measure.ts';
import type { Figures } from '../../../tools/figures/measure.ts';
import { parsed } from '../../../tools/figures/parse.ts';

const read = (...lines: string[]) => parsed({ path: 'src/a/b.ts', text: `${lines.join('\n')}\n`, test: false });

/** Measures a folder of these files. */
function measured(files: Readonly<Record<string, string>>): Figures {
  const root = mkdtempSync(join(tmpdir(), 'cupel-figures-test-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return measure(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

describe('the functions of a file', () => {
  test('are declarations, methods, and values of variables and properties, with their lines', () => {
    const { functions } = read(
      'export function one(): void {',
      '  [1].map((n) => n);',
      '}',
      '',
      'const two = (n: number): number => n;',
      'class C {',
      '  three(): void {}',
      '  four = (): void => {',
      '  };',
      '}',
      'export const object = { five() {}, six: () => 1, seven: 7 };',
      'export const eight = two(8);',
    );
    expect(functions.map(({ name, line, lines }) => [name, line, lines])).toEqual([
      ['one', 1, 3],
      ['two', 5, 1],
      ['three', 7, 1],
      ['four', 8, 2],
      ['five', 11, 1],
      ['six', 11, 1],
    ]);
  });

  test('of a file that cannot be parsed are an error that names the file', () => {
    expect(() => read('function (')).toThrow(/src\/a\/b\.ts cannot be parsed/);
  });
});

describe('the imports of a file', () => {
  test('are found in whatever way they are written, also over several lines, and not in texts', () => {
    const { imports } = read(
      'import {',
      '  one,',
      "} from './one.ts';",
      "import type { Two } from './two.ts';",
      "export * from './three.ts';",
      "export { four } from './four.ts';",
      "import './five.ts';",
      "export const six = () => import('./six.ts');",
      "export type Seven = import('./seven.ts').Seven;",
      "export const text = \"import x from './eight.ts'\"; // import y from './nine.ts'",
    );
    expect(imports).toEqual(['./one.ts', './two.ts', './three.ts', './four.ts', './five.ts', './six.ts', './seven.ts']);
  });

  test('lead from folder to folder, and packages lead nowhere', () => {
    expect(importsOf('src/a/b.ts', ['../c/d.ts', 'zod', 'node:fs'])).toEqual([
      { from: 'src/a/b.ts', to: 'src/c/d.ts' },
    ]);
  });
});

describe('the graph of imports', () => {
  const imports = [
    { from: 'src/store/a.ts', to: 'src/domain/a.ts' },
    { from: 'src/store/b.ts', to: 'src/domain/a.ts' },
    { from: 'src/store/b.ts', to: 'src/store/a.ts' },
    { from: 'src/domain/a.ts', to: 'src/store/a.ts' },
    { from: 'src/cli/a.ts', to: 'src/store/a.ts' },
  ];
  const edges = edgesOf(imports, partOf);

  test('has an edge for each pair of folders, with the number of imports', () => {
    expect(edges).toEqual([
      { from: 'src/store', to: 'src/domain', imports: 2 },
      { from: 'src/cli', to: 'src/store', imports: 1 },
      { from: 'src/domain', to: 'src/store', imports: 1 },
    ]);
  });

  test('names edges that the import rule does not have, and folders that import each other', () => {
    expect(edges.filter(runsBackwards)).toEqual([{ from: 'src/domain', to: 'src/store', imports: 1 }]);
    expect(cyclesOf(edges)).toEqual([['src/domain', 'src/store']]);
    expect(cyclesOf(edges.filter((edge) => !runsBackwards(edge)))).toEqual([]);
  });

  test('knows folders by the names that they had before', () => {
    expect(partOf('src/contract/runner.ts')).toBe('src/ports');
    expect(partOf('src/pipeline.ts')).toBe('src/stages');
  });
});

test('tests are counted apart from code, and fixtures not at all', () => {
  const figures = measured({
    'src/a.ts': 'export const one = 1;\n',
    'src/a.test.ts': '\n\n',
    'tests/b.test.ts': '\n',
    'tests/fixtures/c.ts': '\n',
  });
  expect(figures.code).toEqual({ files: 1, lines: 1 });
  expect(figures.tests).toEqual({ files: 2, lines: 3 });
});

test('what is larger than wanted is named, with its place', () => {
  const body = '  //\n'.repeat(60);
  const figures = measured({
    'src/long.ts': `export function long(): void {\n${body}}\n${'\n'.repeat(200)}`,
    ...Object.fromEntries(Array.from({ length: 21 }, (_none, n) => [`src/many/${n}.txt`, ''])),
  });
  expect(tooLarge(figures)).toEqual(['src/many: 21 files', 'src/long.ts: 262 lines', 'src/long.ts:1 long: 62 lines']);
});

test('the table has a column for each state', () => {
  const figures = measured({ 'src/a.ts': 'export const one = 1;\n' });
  expect(
    table([
      { name: 'before', figures },
      { name: 'now', figures },
    ])
      .split('\n')
      .slice(0, 4),
  ).toEqual(['|  | before | now |', '| --- | ---: | ---: |', '| files of code | 1 | 1 |', '| lines of code | 1 | 1 |']);
});
