import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lintPlanted } from '../../support/planted.ts';

const most = 120;
const words = (width: number): string => 'x'.repeat(width);
const code = `export const y = '${words(most)}';`;

/** Files, and whether the linter refuses a comment in them. */
const files: readonly (readonly [what: string, refused: boolean, text: string])[] = [
  ['a line of its own', true, `// ${words(most - 2)}\n`],
  ['a line behind code', true, `export const y = 1; // ${words(most - 20)}\n`],
  ['one line of a block', true, `/**\n * short\n * ${words(most)}\n */\nexport const y = 1;\n`],
  ['a line that is as wide as allowed', false, `// ${words(most - 3)}\nexport const y = 1;\n`],
  ['wide code without a comment', false, `${code}\n`],
  ['a comment above wide code', false, `// short\n${code}\n`],
  ['what looks like a comment within a string', false, `export const y = '// ${words(most)}';\n`],
  [
    'a directive of the linter',
    false,
    `// oxlint-disable-next-line no-console -- ${words(most)}\nexport const y = 1;\n`,
  ],
];

let refused: string[] = [];

beforeAll(async () => {
  const complaints = await lintPlanted(new Map(files.map(([, , text], index) => [`src/x${index}.ts`, text])));
  refused = complaints.filter(({ rule }) => rule === 'cupel-comments(width)').map(({ path }) => path);
}, 60_000);

describe('the width of comments', () => {
  test.each(files.map(([what, is], index) => [is ? 'refuses' : 'allows', what, index, is] as const))(
    '%s %s',
    (_, __, index, is) => {
      expect(refused.includes(`src/x${index}.ts`)).toBe(is);
    },
  );

  test('is that of the formatter', () => {
    const format = z.object({ printWidth: z.number() }).parse(JSON.parse(readFileSync('.oxfmtrc.json', 'utf8')));
    expect(format.printWidth).toBe(most);
  });
});
