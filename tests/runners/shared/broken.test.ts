import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleOf } from '../../../runners/shared/testing/broken.ts';
import type { TestCase } from '../../../runners/shared/testing/report.ts';

const testOf = (file: number, number: number): TestCase => ({
  name: `${file}.py::test_${number}`,
  status: 'passed',
  file: `${file}.py`,
  line: null,
  message: '',
});
const suite = fc
  .array(fc.nat({ max: 30 }), { maxLength: 20 })
  .map((sizes) => sizes.flatMap((size, file) => Array.from({ length: size }, (_, number) => testOf(file, number))));

describe('the tests that meet a broken program first', () => {
  test('are all tests of some files, at least ten or a fifth of them, and never more files than that takes', () => {
    fc.assert(
      fc.property(suite, (tests) => {
        const sample = sampleOf(tests);
        const files = new Set(sample.map(({ file }) => file));
        expect(sample).toHaveLength(tests.filter(({ file }) => files.has(file)).length);
        const enough = Math.min(tests.length, Math.max(10, tests.length / 5));
        expect(sample.length).toBeGreaterThanOrEqual(enough);
        const last = sample.filter(({ file }) => file === sample.at(-1)?.file).length;
        expect(sample.length - last).toBeLessThan(Math.max(1, enough));
      }),
    );
  });

  test('are the same in whatever order they are reported', () => {
    const tests = Array.from({ length: 60 }, (_, number) => testOf(number % 12, number));
    const names = (some: TestCase[]): string[] => some.map(({ name }) => name).toSorted();
    expect(names(sampleOf(tests.toReversed()))).toEqual(names(sampleOf(tests)));
  });
});
