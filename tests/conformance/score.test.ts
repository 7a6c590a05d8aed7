import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blocked, errored, failed, notApplicable, passed } from '../../src/domain/grading/check.ts';
import type { CheckResult, Outcome } from '../../src/domain/grading/check.ts';
import { catalog } from '../../src/app/services/checks.ts';
import { gradeOf } from '../../src/stages/6-grade/grade.ts';
import { checkOf, grade } from '../support/grading/grading.ts';
import { languages, sound } from '../support/grading/projects.ts';
import type { Language } from '../support/grading/projects.ts';
import { runs } from '../support/levels.ts';
import { languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };

const names = ['complete', 'files', 'dependencies', 'build', 'format', 'lint', 'types', 'tests', 'coverage'];
const measured: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant(passed()),
  fc.double({ min: 0, max: 1, noNaN: true }).map((score) => failed({ reason: 'wrong' }, score)),
  fc.constant(blocked('something else did not pass')),
  fc.constant(notApplicable('nobody asked')),
);
const policy = fc.record({
  required: fc.subarray(names),
  optional: fc.subarray(names),
  weights: fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 9 })),
});
const checks: fc.Arbitrary<CheckResult[]> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...languages), fc.constantFrom(...names)), {
    minLength: 1,
    selector: ([language, name]) => `${language}/${name}`,
  })
  .chain((ids) =>
    fc.tuple(...ids.map(([language, name]) => measured.map((outcome) => ({ id: `${language}/${name}`, ...outcome })))),
  );

/** What a check that was asked for can become when the code is worse. */
function worse({ id, status, score }: CheckResult, share: number): CheckResult[] {
  if (status === 'not_applicable') return [];
  return [
    { id, ...blocked('worse') },
    { id, ...failed({ reason: 'worse' }, (score ?? 0) * share) },
  ];
}

const order = { pass: 1, fail: 0, ungraded: -1 };

describe('the score', () => {
  test('never rises, and the verdict never gets better, when any one check gets worse', () => {
    fc.assert(
      fc.property(
        policy,
        checks,
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rules, before, pick, share) => {
          const index = pick % before.length;
          const graded = gradeOf(rules, before, catalog);
          for (const replaced of worse(before[index] as CheckResult, share)) {
            const after = gradeOf(rules, before.with(index, replaced), catalog);
            expect(after.score).toBeLessThanOrEqual(graded.score ?? 1);
            expect(order[after.verdict]).toBeLessThanOrEqual(order[graded.verdict]);
          }
        },
      ),
      { numRuns: runs(500) },
    );
  });

  test('is none as soon as one check could not be measured, whatever the others say', () => {
    fc.assert(
      fc.property(policy, checks, fc.nat(), (rules, before, pick) => {
        const index = pick % before.length;
        const { id } = before[index] as CheckResult;
        expect(gradeOf(rules, before.with(index, { id, ...errored({ reason: 'ours' }) }), catalog)).toMatchObject({
          verdict: 'ungraded',
          score: null,
          reasons: [`${id} errored: ours`],
        });
      }),
    );
  });

  test('is between 0 and 1, and a required check that did not pass is never a pass', () => {
    fc.assert(
      fc.property(policy, checks, (rules, results) => {
        const graded = gradeOf(rules, results, catalog);
        expect(graded.score).toBeGreaterThanOrEqual(0);
        expect(graded.score).toBeLessThanOrEqual(1);
        const unmet = results.some(({ id, status }) => graded.required.includes(id) && status !== 'passed');
        expect(graded.verdict).toBe(unmet ? 'fail' : 'pass');
      }),
    );
  });
});

describe('what other checks need', () => {
  /** What breaks the build where tests need it, and the dependencies where they need only those. */
  const broken: Record<Language, Record<string, string>> = {
    python: { 'broken.py': 'def broken(:\n' },
    typescript: { 'broken.ts': "import 'left-out';\n" },
    go: { 'broken.go': 'package tiny\n\nfunc broken() int { return "one" }\n' },
  };

  languageTests(languages.map((language) => [language] as const))(
    '%s: when it does not pass, what it blocks counts 0 at full weight, so the score falls',
    slow,
    async (language) => {
      const asks = { [language]: { coverage: 0.5 } };
      const whole = await grade({ answer: sound(language), asks });
      const cut = await grade({ answer: { ...sound(language), ...broken[language] }, asks });
      expect(whole.verdict).toBe('pass');
      expect(whole.score).toBe(1);
      expect(cut.verdict).toBe('fail');
      expect(checkOf(cut, `${language}/tests`)).toMatchObject({ status: 'blocked', score: 0 });
      expect(cut.score).toBeLessThan(0.7);
      expect(cut.required).toContain(`${language}/tests`);
    },
  );
});
