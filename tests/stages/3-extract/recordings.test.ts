import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Extraction } from '../../../src/domain/grading/extraction.ts';
import { extract } from '../../../src/stages/3-extract/extract.ts';
import { expected } from './recordings.expected.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../../evals/recordings/${name}`, import.meta.url), 'utf8');

function summary({ blocks, files }: Extraction): string[] {
  const ofBlocks = new Set(blocks.map((block) => block.path));
  return [
    ...blocks.map((block) => `${block.line} ${block.role === 'file' ? '' : block.role}${block.path ?? ''}`),
    ...files.filter((file) => !ofBlocks.has(file.path)).map((file) => `+${file.line} ${file.path}`),
  ];
}

describe('the recorded answers', () => {
  for (const [name, text] of Object.entries(expected)) {
    test(`${name} gives the files that a reader takes out of it`, () => {
      expect(summary(extract(read(name)))).toEqual(text.trim().split('\n'));
    });

    test(`${name} gives texts that stand in the answer line by line where it says they do`, () => {
      const lines = read(name).split('\n');
      for (const file of extract(read(name)).files) {
        const quoted = file.lines.map((line) => `${lines[line - 1]}\n`).join('');
        expect(file.text, file.path).toBe(quoted);
      }
    });

    test(`${name} raises no flag: its form is sound`, () => {
      expect(extract(read(name)).flags).toEqual([]);
    });
  }

  const count = (name: string): number => extract(read(name)).files.length;

  test('hold as many files as were counted by hand', () => {
    expect(count('hmac-verification@2.1.r1.md')).toBe(72);
    expect(count('hmac-verification@2.0.r1.md')).toBe(56 + 2 + 1);
    expect(count('rate-limiter@2.1.r1.md')).toBe(21);
  });

  test('say where a name was found', () => {
    const { files, blocks } = extract(read('hmac-verification@2.0.r1.md'));
    const named = (path: string): string | undefined => files.find((file) => file.path === path)?.namedBy;
    expect(named('.github/workflows/ci.yml')).toBe('comment');
    expect(named('python/tests/__init__.py')).toBe('sentence');
    expect(files.find((file) => file.path === 'python/tests/contract/__init__.py')).toMatchObject({
      text: '',
      lines: [],
      line: 2991,
    });
    expect(blocks.find((block) => block.path === 'python/app/config.py')).toMatchObject({
      namedBy: 'heading',
      nameLine: 169,
    });
    const ingest = extract(read('event-ingest@2.0.r1.md'));
    expect(ingest.blocks.find((block) => block.path === 'README.md')).toMatchObject({
      namedBy: 'sentence',
      nameLine: 2382,
    });
    expect(ingest.blocks.find((block) => block.line === 1922)).toMatchObject({
      path: 'tests/property/ordering.property.test.ts',
      namedBy: 'code-span',
      nameLine: 1918,
    });
    const texts = ingest.files.filter((file) => file.line === 277).map((file) => file.text);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toBe(texts[1]);
  });
});
