import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../../src/domain/grading/check.ts';
import type { Section } from '../../../../src/domain/grading/sections.ts';
import type { AnswerContext } from '../../../../src/ports/checks.ts';
import { extract } from '../../../../src/stages/3-extract/extract.ts';
import { sections } from '../../../../src/stages/5-check/answer/sections.ts';
import { answerWith } from '../../../support/answer.ts';

const asked: Section[] = [
  { name: 'tests', heading: '\\btests?\\b' },
  { name: 'integration notes', heading: 'integration notes' },
];

function contextOf(text: string, wanted: readonly Section[]): AnswerContext {
  return { answer: answerWith(text), extraction: extract(text), languages: [], sections: wanted, results: [] };
}

const outcomeOf = async (text: string, wanted = asked): Promise<Outcome> => sections.run(contextOf(text, wanted));

describe('the check of sections', () => {
  test('finds each section by a heading of any level and case, and says where it is', async () => {
    expect(await outcomeOf('intro\n\n# The TESTS\n\n#### 8. Integration Notes (all)\n')).toMatchObject({
      status: 'passed',
      facts: { found: 2, wanted: 2 },
      findings: [
        { rule: 'section-found', answer_line: 3, message: '"tests" is "The TESTS"' },
        { rule: 'section-found', answer_line: 5 },
      ],
    });
  });

  test('misses what is only mentioned in a sentence, in a block of code, or in another word', async () => {
    const text = 'The tests are below.\n\n```md\n# Tests\n```\n\n# Contestants\n\n# Integration notes\n';
    expect(await outcomeOf(text)).toMatchObject({
      status: 'failed',
      score: 0.5,
      reason: '1 of 2 sections are missing',
      findings: [{ rule: 'section-missing', message: 'no section "tests"', answer_line: null }, {}],
    });
  });

  test('is not asked for by a prompt that names no sections', () => {
    expect(sections.notAsked?.(contextOf('# Tests', []))).toMatch(/neither prompt nor scenario asks/);
    expect(sections.notAsked?.(contextOf('# Tests', asked))).toBe(null);
  });

  test('ends soon, however long a heading is made against a pattern', async () => {
    const slow = [{ name: 'slow', heading: 'x.*x.*x.*y' }];
    expect(await outcomeOf(`# ${'x'.repeat(20_000)}\n`, slow)).toMatchObject({ status: 'failed' });
  });

  test('finds no more sections than are wanted, whatever the answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('#', ' ', 'tests', '\n', '```', '<', 'integration notes') }),
        async (text) => {
          const { facts, score } = await outcomeOf(text);
          expect(facts).toMatchObject({ wanted: 2 });
          expect(score).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
