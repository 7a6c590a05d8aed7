import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkIdText, namesOfCheck, parseCheckId, withoutRoot } from '../../../src/domain/grading/check-id.ts';

const word = fc.stringMatching(/^[^/@]+$/);
const ids = fc.record({ language: word, name: word, root: fc.option(fc.string({ minLength: 1 })) });

describe('the id of a check', () => {
  test('is read back as it was written, whatever characters the folder of a project has', () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(parseCheckId(checkIdText(id))).toEqual(id);
      }),
    );
  });

  test('is written back as it was read, and any other text is refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), ids.map(checkIdText)), (text) => {
        try {
          expect(checkIdText(parseCheckId(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  test.each(['tests', '', '/tests', 'python/', 'python/tests@', 'a/b/c'])('is not %j', (text) => {
    expect(() => parseCheckId(text)).toThrow(/expected the id of a check, such as python\/tests/);
  });

  test('has names from the most exact to the shortest', () => {
    expect(namesOfCheck('python/tests@a/b@c')).toEqual(['python/tests@a/b@c', 'python/tests', 'tests']);
    expect(withoutRoot('answer/files')).toBe('answer/files');
  });
});
