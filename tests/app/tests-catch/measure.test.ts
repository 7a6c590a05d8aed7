import { describe, expect, test } from 'vitest';
import { hybridOf } from '../../../src/app/tests-catch/hybrid.ts';
import { endOf, withCatches } from '../../../src/app/tests-catch/measure.ts';
import { errored, failed, passed } from '../../../src/domain/grading/check.ts';
import type { CheckResult } from '../../../src/domain/grading/check.ts';
import { runners } from '../../../runners/index.ts';

const python = runners.find(({ language }) => language === 'python');
if (python === undefined) throw new Error('no runner of Python');

const block = (path: string, text: string, language: string): string =>
  `\`${path}\`\n\n\`\`\`${language}\n${text}\n\`\`\`\n\n`;
const program = [
  block('py/pyproject.toml', '[project]\nname = "shop"\nversion = "1"', 'toml'),
  block('py/shop/__init__.py', 'PRICE = 1', 'python'),
  block('py/tests/test_shop.py', 'from shop import PRICE', 'python'),
  block('ts/package.json', '{"name":"shop"}', 'json'),
  block('ts/src/shop.ts', 'export const price = 1;', 'typescript'),
  block('vectors.txt', '1', 'text'),
].join('');
const tests = [{ path: 'tests/test_command.py', text: 'import subprocess\n' }];

describe('the program of one answer with the tests of another', () => {
  test('has the program and what belongs to no language, and neither its own tests nor other languages', () => {
    const hybrid = hybridOf(program, runners, python, tests);
    expect(hybrid?.extraction.files.map(({ path }) => path).sort()).toEqual([
      'py/pyproject.toml',
      'py/shop/__init__.py',
      'py/tests/test_command.py',
      'vectors.txt',
    ]);
    expect(hybrid?.projects.map(({ language, root }) => [language, root])).toContainEqual(['python', 'py']);
  });

  test('is none where nobody can say to which program the tests belong', () => {
    expect(hybridOf('no code', runners, python, tests)).toBeNull();
    const two =
      program + block('other/pyproject.toml', '[project]\nname = "x"', 'toml') + block('other/x.py', '', 'python');
    expect(hybridOf(two, runners, python, tests)).toBeNull();
  });
});

describe('what is said of tests that were run with wrong programs', () => {
  const result: CheckResult = { id: 'python/tests', ...passed({ facts: { passed: 3, failed: 0 } }) };
  const of = (caught: string[], missed: string[]) =>
    withCatches(result, { caught, missed, files: ['tests/test_a.py'] });

  test('stands in the facts, and changes nothing else', () => {
    const { facts, ...rest } = of(['a', 'b'], ['c']);
    expect(facts).toMatchObject({ passed: 3, tests_catch: '2 of 3', tests_catch_missed: ['c'] });
    expect({ ...rest, facts: result.facts }).toEqual(result);
    const check = python.checks.find(({ name }) => name === 'tests');
    expect(check?.summary?.(facts)).toBe('3 passed, 0 failed, 2 of 3 wrong programs noticed');
  });

  test('rests on how they ended: with a failed test, or with all of them passed, whatever that is worth', () => {
    const finding = (rule: string) => ({
      ...{ tool: 'pytest', rule, severity: 'error' as const, message: 'm', file: null, line: null, answer_line: null },
    });
    const ended = (outcome: Omit<CheckResult, 'id'>) => endOf({ id: 'python/tests', ...outcome });
    expect(ended(passed())).toBe('passed');
    expect(ended(failed({ reason: 'they show nothing', findings: [finding('forged')] }))).toBe('passed');
    expect(ended(failed({ reason: '1 of 2 tests failed', findings: [finding('test-failed')] }))).toBe('failed');
    expect(ended(failed({ reason: 'all 2 tests passed, but the process ended with 3' }))).toBeNull();
    expect(ended(errored({ reason: 'no disk' }))).toBeNull();
    expect(endOf(null)).toBeNull();
  });

  test('is a finding where they pass with all of them', () => {
    const { status, score, findings } = of([], ['a', 'b']);
    expect([status, score]).toEqual(['passed', 1]);
    expect(findings).toMatchObject([{ rule: 'tests-catch-nothing', severity: 'info' }]);
    expect(findings[0]?.message).toContain('pass with all of 2 wrong programs: they show nothing');
  });

  test('is that nothing was measured, with the reason, where no test talks to the program', () => {
    const { facts, findings } = withCatches(result, { why: 'none of them starts it' });
    expect(facts['tests_catch']).toBe('not measured: none of them starts it');
    expect(findings).toEqual([]);
    expect(python.checks.find(({ name }) => name === 'tests')?.summary?.(facts)).toBe('3 passed, 0 failed');
  });
});
