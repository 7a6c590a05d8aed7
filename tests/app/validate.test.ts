import { describe, expect, test } from 'vitest';
import { referenceResults, sensitivityOf, specimenResult } from '../../src/app/validate.ts';
import { ReplacementError, replaced, specimenText } from '../../src/domain/specimens/specimen.ts';
import type { Grade } from '../../src/domain/grading/grade.ts';
import { validationText } from '../../src/reporters/validation.ts';

/** A grade with these checks failed, as far as validation looks at one. */
const graded = (failed: readonly string[], verdict: Grade['verdict'] = failed.length > 0 ? 'fail' : 'pass'): Grade => ({
  cell: { prompt: null, scenario: 's', model: null, repeat: 1 },
  verdict,
  score: null,
  reasons: [],
  required: [],
  assumptions: [],
  flags: [],
  projects: [],
  checks: ['python/tests', 'python/build', 'go/tests', 'answer/complete'].map((id) => ({
    id,
    status: failed.includes(id) ? 'failed' : id === 'python/build' ? 'blocked' : 'passed',
    score: 1,
    reason: null,
    facts: {},
    findings: [],
    evidence: [],
  })),
});

describe('an answer whose verdict is known', () => {
  const specimen = { id: 'x', language: 'python', fails: ['python/tests', 'answer/complete'] };

  test('is as written when exactly those checks fail that must; blocked ones do not count', () => {
    expect(specimenResult('s', specimen, graded(['answer/complete', 'python/tests']))).toEqual({
      scenario: 's',
      specimen: 'x',
      language: 'python',
      expected: ['answer/complete', 'python/tests'],
      got: ['answer/complete', 'python/tests'],
      ok: true,
    });
  });

  test.each([
    ['a check that must fail passes', ['python/tests'], 'fail'],
    ['another fails, too', ['python/tests', 'answer/complete', 'go/tests'], 'fail'],
    ['it could not be graded', ['python/tests', 'answer/complete'], 'ungraded'],
  ] as const)('is not as written when %s', (_, failed, verdict) => {
    expect(specimenResult('s', specimen, graded(failed, verdict)).ok).toBe(false);
  });

  test('that is a reference is held to each language, and to the answer as a whole', () => {
    expect(referenceResults('s', ['python', 'go'], graded([])).map(({ ok }) => ok)).toEqual([true, true]);
    const results = referenceResults('s', ['python', 'go'], graded(['go/tests', 'answer/complete']));
    expect(results.map(({ language, got, ok }) => [language, got, ok])).toEqual([
      ['python', ['answer/complete'], false],
      ['go', ['answer/complete', 'go/tests'], false],
    ]);
  });

  test('counts as found when every check failed that must, and each class has an interval', () => {
    const result = (got: string[]) => ({ expected: ['python/tests'], got });
    expect(
      sensitivityOf([
        { class: 'build', result: result(['python/tests', 'go/tests']) },
        { class: 'build', result: result([]) },
        { class: 'tests', result: result(['python/tests']) },
      ]).map(({ class: kind, found, of, low, high }) => [
        kind,
        found,
        of,
        low < found / of,
        high > found / of || high === 1,
      ]),
    ).toEqual([
      ['build', 1, 2, true, true],
      ['tests', 1, 1, true, true],
    ]);
  });

  test('is told with what differs', () => {
    const text = validationText([specimenResult('s', specimen, graded(['go/tests']))], []);
    expect(text).toContain('did not fail: answer/complete, python/tests; failed too: go/tests');
  });
});

describe('the text of a specimen', () => {
  test('is the reference with its replacements, up to where it ends', () => {
    expect(specimenText('one two three', { replace: [{ from: 'two', to: '2' }], end: ' three' })).toBe('one 2');
  });

  test.each([
    ['nowhere', 'four'],
    ['twice', 'e'],
  ])('cannot be made where what is replaced stands there %s', (words, from) => {
    expect(() => replaced('one two three', [{ from, to: '' }])).toThrow(ReplacementError);
    expect(() => replaced('one two three', [{ from, to: '' }])).toThrow(words);
  });
});
