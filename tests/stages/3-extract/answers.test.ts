/**
 * Answers in the style of different models, each with what a reader makes of its blocks. All are our own, in
 * fixtures/*.txt:
 * `=== what it is about`, then `>>` with the blocks (a path is a file's, else the role and, of a part, its path;
 * `+path` is a file besides), then the answer.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const folder = join(import.meta.dirname, 'fixtures');

function answersIn(file: string): { title: string; expected: string[]; text: string }[] {
  const parts = readFileSync(join(folder, file), 'utf8').split(/^=== /m).slice(1);
  return parts.map((part) => {
    const [title = '', expected = '', ...lines] = part.split('\n');
    return {
      title,
      expected: expected.replace(/^>>\s*/, '').split(' | '),
      text: lines.join(title.includes('[crlf]') ? '\r\n' : '\n'),
    };
  });
}

for (const file of readdirSync(folder)) {
  describe(`answers about ${file.replace('.txt', '')}`, () => {
    test.each(answersIn(file))('$title', ({ expected, text }) => {
      const { blocks, files } = extract(text);
      const seen = blocks.map(({ role, path }) =>
        role === 'file' ? `${path}` : `${role}${path === null ? '' : ` ${path}`}`,
      );
      expect(seen).toEqual(expected.filter((block) => !block.startsWith('+')));
      expect(files.map(({ path }) => path)).toEqual(
        expect.arrayContaining(expected.filter((block) => block.startsWith('+')).map((path) => path.slice(1))),
      );
    });
  });
}
