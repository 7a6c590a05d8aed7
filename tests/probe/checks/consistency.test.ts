import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/domain/grading/check.ts';
import { sharedChecks } from '../../../src/app/services/checks.ts';
import type { AnswerContext } from '../../../src/ports/checks.ts';
import { behaviourText } from '../../../src/reporters/behaviour.ts';

const acceptance = (language: string, observed: string[], more: CheckResult['facts'] = {}): CheckResult => ({
  id: `${language}/acceptance`,
  status: 'passed',
  score: 1,
  reason: null,
  facts: { observed, ...more },
  findings: [],
  evidence: [],
});

const check = sharedChecks.answer.find(({ name }) => name === 'consistency');

/** What the check makes of these results. */
async function judge(results: CheckResult[], identical = false) {
  const context = { results, contract: { identical } } as unknown as AnswerContext;
  const outcome = await check?.run(context);
  return { status: outcome?.status, findings: outcome?.findings.map(({ rule, severity }) => [rule, severity]) };
}

describe('the programs of two languages', () => {
  test('agree when each question comes to the same result, and other statuses are only noted', async () => {
    const results = [
      acceptance('python', ['a\tpassed\t400 aa11bb22cc33']),
      acceptance('go', ['a\tpassed\t422 dd11bb22cc33']),
    ];
    expect(await judge(results)).toEqual({ status: 'passed', findings: [['a', 'info']] });
  });

  test('differ when one passes where the other fails', async () => {
    const results = [
      acceptance('python', ['a\tpassed\t200', 'b\tpassed\t1']),
      acceptance('go', ['a\tfailed\t500', 'b\tpassed\t1']),
    ];
    expect(await judge(results)).toEqual({ status: 'failed', findings: [['a', 'error']] });
  });

  test('must give the same bytes where the contract says so, and need not elsewhere', async () => {
    const results = [
      acceptance('python', ['a\tpassed\t200 aa11bb22cc33']),
      acceptance('go', ['a\tpassed\t200 dd11bb22cc33']),
    ];
    expect(await judge(results, true)).toEqual({ status: 'failed', findings: [['a', 'error']] });
    expect(await judge(results, false)).toEqual({ status: 'passed', findings: [] });
  });

  test('are not compared where there is but one', async () => {
    expect((await judge([acceptance('python', ['a\tpassed\t200'])])).status).toBe('not_applicable');
  });
});

describe('the headline of an answer', () => {
  const starts = (language: string, status: CheckResult['status']): CheckResult => ({
    ...acceptance(language, []),
    id: `${language}/starts`,
    status,
  });

  test('adds up what programs of all languages do', () => {
    const facts = { must_passed: 9, must_failed: 1, endpoints_present: 2, endpoints_asked: 3 };
    const checks = [starts('python', 'passed'), acceptance('python', [], facts), starts('go', 'failed')];
    expect(behaviourText({ checks })).toBe('starts 1 of 2, exists 2 of 3 endpoints, behaves 9 of 10 probes');
  });

  test('says what was not asked, and nothing where no program was', () => {
    expect(behaviourText({ checks: [starts('go', 'failed')] })).toBe(
      'starts 0 of 1, exists not asked, behaves not asked',
    );
    expect(behaviourText({ checks: [] })).toBe('');
  });
});
