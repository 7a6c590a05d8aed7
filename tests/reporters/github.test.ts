import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { githubAnnotations, githubSummary } from '../../src/reporters/github.ts';
import { hostile, sampleGrade, sampleRun } from '../support/samples.ts';

describe('annotations', () => {
  test('point to the line of the answer, one for each cell that does not pass', () => {
    const grades = [sampleGrade(), sampleGrade({ verdict: 'pass' }), sampleGrade({ verdict: 'ungraded', repeat: 2 })];
    expect(githubAnnotations(sampleRun(grades), 'reports/runs/r').split('\n')).toEqual([
      '::error title=s × p@1 × recorded #1%3A fail,file=reports/runs/r/answers/s~p%25401~recorded~r1.md,line=12::python/tests failed: it is wrong. app/main.py:2, answer line 12: it is wrong finding 0',
      '::error title=s × p@1 × recorded #2%3A ungraded,file=reports/runs/r/answers/s~p%25401~recorded~r2.md,line=1::python/tests errored: it is wrong',
      '',
    ]);
  });

  test('are one line each whatever an answer says, and their properties are ours', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(hostile), fc.string({ unit: 'binary' })), (text) => {
        const lines = githubAnnotations(sampleRun([sampleGrade({ text, scenario: text.toWellFormed() })]), 'r').split(
          /[\n\r\u2028\u2029]/,
        );
        expect(lines).toHaveLength(2);
        expect(lines[0]).toMatch(/^::error title=[^,:]*,file=[^,:]*,line=12::/);
        // eslint-disable-next-line no-control-regex -- that is the point
        expect(lines[0]).not.toMatch(/[\u0000-\u001f\u202e]/);
      }),
    );
  });
});

describe('the summary of a job', () => {
  test('says in one sentence what fails, and shows that first', () => {
    const text = githubSummary(sampleRun([sampleGrade({ verdict: 'pass' }), sampleGrade({ repeat: 2 })]));
    expect(text).toMatch(/^## Cupel: 1 of 2 answers fails\n/);
    expect(text.indexOf('✗ fail')).toBeLessThan(text.indexOf('✓ pass'));
  });

  test('holds no markup and no workflow command of an answer', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(hostile), fc.string({ unit: 'binary' })), (text) => {
        const summary = githubSummary(sampleRun([sampleGrade({ text, scenario: text.toWellFormed() })]));
        expect(summary).not.toMatch(/^\s*::/m);
        expect(summary).not.toMatch(/(?<!\\)[<`]/);
        expect(summary).not.toContain('##[');
        expect(summary.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(3);
      }),
    );
  });

  test('stays within what GitHub takes', () => {
    const grades = Array.from({ length: 1000 }, (_, index) =>
      sampleGrade({ repeat: index + 1, text: 'x'.repeat(5000) }),
    );
    expect(githubSummary(sampleRun(grades)).length).toBeLessThan(1_000_000 / 4);
  });
});
