import { describe, expect, test } from 'vitest';
import { checkCatalog } from '../../../src/domain/grading/check-description.ts';

const catalog = checkCatalog([
  ['answer', [{ name: 'files', question: 'Files?', weight: 1, required: true, summary: () => 'as the answer says' }]],
  ['python', [{ name: 'tests', question: 'Tests?', weight: 3, required: true, summary: () => 'as Python says' }]],
]);

describe('the catalog of checks', () => {
  test('describes a check of any of the projects of its language', () => {
    expect(catalog.describe('python/tests@services/x')).toMatchObject({ weight: 3, required: true });
  });

  test('describes the check of a language that is no longer there as the same check of another one', () => {
    expect(catalog.describe('cobol/tests').summary?.({})).toBe('as Python says');
  });

  test('does not take a check of the answer as a whole for one of a language, nor the reverse', () => {
    expect(catalog.describe('python/files').question).toBe('');
    expect(catalog.describe('answer/tests').question).toBe('');
  });

  test('describes a check that this version does not have: it need not pass, and its numbers are said with their names', () => {
    const unknown = catalog.describe('python/fuzz@x');
    expect(unknown).toMatchObject({ name: 'fuzz', weight: 1, required: false });
    expect(unknown.summary?.({ runs: 12, crashes_seen: 0, slow: false, first: 'text', names: ['a'], none: null })).toBe(
      'runs 12, crashes seen 0, slow false',
    );
  });
});
