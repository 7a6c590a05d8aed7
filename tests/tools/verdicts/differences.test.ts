import { describe, expect, test } from 'vitest';
import { differences, verdictsSchema } from '../../../tools/verdicts/differences.ts';
import { expectedSchema, unexpected } from '../../../tools/verdicts/expected.ts';

const finding = { tool: 'ruff', rule: 'E501', severity: 'error', message: 'too long', file: 'app.py', line: 3 };

function grades(change: { cell?: object; grade?: object; check?: object } = {}) {
  const check = {
    id: 'python/lint',
    status: 'failed',
    score: 0.5,
    reason: '1 error',
    facts: { errors: 1, files: 2 },
    findings: [finding],
    evidence: [{ durationMs: Math.random() }],
  };
  return verdictsSchema.parse({
    grades: [
      {
        cell: { scenario: 's', repeat: 1, ...change.cell },
        verdict: 'fail',
        score: 0.5,
        reasons: ['python/lint failed: 1 error'],
        checks: [{ ...check, ...change.check }],
        ...change.grade,
      },
    ],
  }).grades;
}

describe('two runs', () => {
  test('say the same when only times differ, and when findings stand in another order', () => {
    const two = { ...finding, line: 4 };
    expect(differences(grades(), grades())).toEqual([]);
    expect(
      differences(grades({ check: { findings: [finding, two] } }), grades({ check: { findings: [two, finding] } })),
    ).toEqual([]);
  });

  test.each([
    ['a verdict', { grade: { verdict: 'pass' } }, 'verdict', '"fail"', '"pass"'],
    ['a score', { grade: { score: 0.6 } }, 'score', '0.5', '0.6'],
    ['a status', { check: { status: 'passed' } }, 'check python/lint status', '"failed"', '"passed"'],
    ['a fact', { check: { facts: { errors: 2, files: 2 } } }, 'check python/lint fact errors', '1', '2'],
    ['a fact that is gone', { check: { facts: { files: 2 } } }, 'check python/lint fact errors', '1', null],
    ['a reason', { check: { reason: 'other' } }, 'check python/lint reason', '"1 error"', '"other"'],
  ])('differ in %s', (_what, change, place, before, after) => {
    expect(differences(grades(), grades(change))).toEqual([{ cell: 's 1', place, before, after }]);
  });

  test('differ in a finding: in its text, and in how often it is there', () => {
    expect(differences(grades(), grades({ check: { findings: [{ ...finding, line: 4 }] } }))).toHaveLength(2);
    expect(differences(grades(), grades({ check: { findings: [finding, finding] } }))).toMatchObject([
      { before: '1', after: '2' },
    ]);
  });

  test('differ in a check and in a cell that only one of them has', () => {
    expect(
      differences(grades(), grades({ check: { id: 'python/security-lint' } })).map(({ place }) => place),
    ).toContain('check python/security-lint status');
    expect(differences(grades(), grades({ cell: { repeat: 2 } }))).toEqual([
      { cell: 's 1', place: 'cell', before: 'fail', after: null },
      { cell: 's 2', place: 'cell', before: null, after: 'fail' },
    ]);
  });
});

describe('a list of expected differences', () => {
  const found = differences(grades(), grades({ check: { facts: { errors: 2, files: 3 } } }));

  test.each([
    ['by place', [{ why: 'counted anew', place: 'check python/lint fact errors' }], ['check python/lint fact files']],
    [
      'by place and what the later run says',
      [{ why: 'counted anew', place: 'check python/lint fact *', after: '3' }],
      ['check python/lint fact errors'],
    ],
    ['by a pattern for places', [{ why: 'counted anew', place: 'check */lint fact *' }], []],
    ['of another cell', [{ why: 'counted anew', cell: 'other *', place: '*' }], found.map(({ place }) => place)],
    [
      'whose place is a part of the place alone',
      [{ why: 'no', place: 'fact errors' }],
      found.map(({ place }) => place),
    ],
  ])('takes away what it names %s', (_how, list, left) => {
    expect(unexpected(found, expectedSchema.parse(list)).map(({ place }) => place)).toEqual(left);
  });

  test('must say why', () => {
    expect(expectedSchema.safeParse([{ place: '*' }]).success).toBe(false);
  });
});
