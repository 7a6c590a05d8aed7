import { describe, expect, test } from 'vitest';
import { scenarioSchema } from '../../../src/domain/grading/scenario.ts';
import type { Scenario } from '../../../src/domain/grading/scenario.ts';
import { UsageError } from '../../../src/domain/usage-error.ts';
import { refuseUncheckable } from '../../../src/stages/1-plan/checkable.ts';
import { runners } from '../../../runners/index.ts';

function scenario(language: string, asked: { runtime: string; standards?: string[] }): Scenario {
  return scenarioSchema.parse({ id: 'usage', variables: {}, languages: { [language]: asked } });
}

describe('a scenario that no runner can judge is refused before anything is run', () => {
  test.each([
    ['a language without a runner', scenario('cobol', { runtime: '2023' }), /no runner for cobol/],
    [
      'a standard that the runner does not know',
      scenario('python', { runtime: '3.11', standards: ['flake8'] }),
      /found flake8/,
    ],
    ['a runtime that the runner does not pin', scenario('go', { runtime: '1.99' }), /found 1\.99/],
  ])('%s', (_what, asked, message) => {
    expect(() => refuseUncheckable(asked, runners)).toThrow(UsageError);
    expect(() => refuseUncheckable(asked, runners)).toThrow(message);
  });
});
