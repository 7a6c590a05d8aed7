import { describe, expect, test } from 'vitest';
import { errored, failed, passed } from '../../../src/domain/grading/check.ts';
import { checkCatalog } from '../../../src/domain/grading/check-description.ts';
import type { CheckDescription } from '../../../src/domain/grading/check-description.ts';
import { reasonsOf } from '../../../src/domain/grading/reason.ts';
import { gradeOf } from '../../../src/stages/6-grade/grade.ts';

const check = (name: string, weight: number, required: boolean): CheckDescription => ({
  name,
  question: '',
  weight,
  required,
});
const catalog = checkCatalog([
  ['python', [check('tests', 3, true), check('lint', 1, false), check('warns', 0, false)]],
]);
const policy = { required: [], optional: [], weights: {} };
const tests = { id: 'python/tests', ...failed({ reason: '1 of 2 failed' }, 0.5) };
const lint = { id: 'python/lint', ...passed() };
const warns = { id: 'python/warns', ...passed() };

describe('the grade of checks', () => {
  test('weighs and requires what each check says of itself', () => {
    expect(gradeOf(policy, [tests, lint], catalog)).toEqual({
      verdict: 'fail',
      score: 0.625,
      reasons: ['python/tests failed: 1 of 2 failed'],
      required: ['python/tests'],
    });
  });

  test('takes the scenario’s word over it, by id before name', () => {
    const weights = { lint: 9, 'python/lint': 3 };
    const graded = gradeOf({ required: ['lint'], optional: ['tests'], weights }, [tests, lint], catalog);
    expect(graded).toEqual({ verdict: 'pass', score: 0.75, reasons: [], required: ['python/lint'] });
  });

  test('is the same with and without a check that only warns, also where the scenario gives it a weight', () => {
    for (const weights of [{}, { warns: 9, 'python/warns': 9 }])
      expect(gradeOf({ ...policy, weights }, [tests, lint, warns], catalog)).toEqual(
        gradeOf({ ...policy, weights }, [tests, lint], catalog),
      );
  });

  test('has the checks that errored as reasons, whatever else failed', () => {
    const broken = { id: 'python/lint', ...errored({ reason: 'no ruff' }) };
    const graded = gradeOf(policy, [tests, broken], catalog);
    expect(graded).toMatchObject({ verdict: 'ungraded', score: null, reasons: ['python/lint errored: no ruff'] });
    expect(reasonsOf({ checks: [tests, broken], required: graded.required })).toEqual([
      { check: broken, text: 'errored: no ruff' },
    ]);
  });
});
