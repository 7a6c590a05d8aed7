import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Site } from '../../../runners/typescript/testing/prepare.ts';
import { readTrace } from '../../../runners/typescript/testing/trace.ts';
import { projectOf } from '../reports.ts';

const project = projectOf('typescript', ['app.test.js']);
const siteOf = (word: string, line: number): Site => ({
  file: 'app.test.js',
  line,
  word,
  pattern: '^x$',
  title: `title of ${word}`,
  exact: true,
  asserts: true,
  expectsFailure: false,
});
const sites = [siteOf('one', 3), siteOf('two', 9), siteOf('three', 12)];
const read = (...lines: string[]) => readTrace({ project }, sites, lines.map((line) => `${line}\n`).join(''));

describe('what tests wrote down before they were ended', () => {
  test('tells which had ended, and which was running', () => {
    const { tests, running } = read('one begun', 'one passed', 'two begun', 'two failed', 'three begun');
    expect(tests).toMatchObject([
      { name: 'app.test.js › title of one', status: 'passed', line: 3 },
      { name: 'app.test.js › title of two', status: 'failed', line: 9 },
    ]);
    expect(running).toEqual({ name: 'app.test.js › title of three', file: 'app.test.js', line: 12 });
  });

  test('counts a table as failed as soon as one row of it is', () => {
    const { tests } = read('one begun', 'one failed', 'one begun', 'one passed');
    expect(tests).toMatchObject([{ status: 'failed' }]);
  });

  test('names no test where all that begun have ended', () => {
    expect(read('one begun', 'one passed').running).toBeNull();
  });

  test('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readTrace({ project }, sites, text).tests).toBeInstanceOf(Array);
      }),
    );
  });
});
