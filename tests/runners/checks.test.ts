import { describe, expect, test } from 'vitest';
import { checkIdText, parseCheckId } from '../../src/domain/grading/check-id.ts';
import { catalog, sharedChecks } from '../../src/app/services/checks.ts';
import { runners } from '../../runners/index.ts';

const byLanguage = runners.map(
  ({ language, checks }) => [language, [...checks, ...sharedChecks.everyLanguage]] as const,
);

describe.each(byLanguage)('the checks of %s', (language, checks) => {
  test('have names that make ids, each its own', () => {
    const ids = checks.map(({ name }) => checkIdText({ language, name, root: null }));
    expect(ids.map((id) => parseCheckId(id).language)).toEqual(ids.map(() => language));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('come after those that they need or wait for', () => {
    const names = checks.map(({ name }) => name);
    for (const [index, { needs, after = [] }] of checks.entries())
      for (const name of [...needs, ...after].filter((other) => names.includes(other)))
        expect(names.slice(0, index)).toContain(name);
  });

  test('that need installed packages say so, and one alone installs them', () => {
    for (const { name, needs, after = [], packages } of checks)
      expect([name, [...needs, ...after].includes('dependencies')]).toEqual([name, packages === 'uses']);
    expect(checks.filter(({ packages }) => packages === 'resolves')).toHaveLength(1);
  });

  test('that only warn need not pass', () => {
    expect(checks.filter(({ weight, required }) => weight === 0 && required)).toEqual([]);
  });
});

describe('the catalog', () => {
  test.each([
    [
      'python/tests',
      { passed: 3, failed: 1, skipped: 2, files_not_run: ['t.py'] },
      '3 passed, 1 failed, 2 skipped, 1 test file kept for another command',
    ],
    ['go/coverage@a', { lines: 0.5, lines_own: 1 }, '50.0 % (100.0 % as the answer counts)'],
    ['typescript/lint', { errors: 1, warnings: 2, suppressions: 0 }, '1 error, 2 warnings, 0 suppressed'],
    ['go/format', { files: 4, unformatted: 1 }, '1 of 4 files'],
    ['python/dependencies', { installed: 7 }, '7 packages'],
    [
      'python/security-lint',
      { high: 1, medium: 0, low: 2, suppressions: 1 },
      '3 warnings (1 high, 0 medium, 2 low), 1 suppressed',
    ],
    ['answer/files', { files: 1 }, '1 file'],
    ['answer/sections', { found: 7, wanted: 8 }, '7 of 8'],
    ['answer/complete', { characters: 9 }, ''],
    ['java/lint', { errors: 0, warnings: 0, suppressions: 0 }, '0 errors, 0 warnings, 0 suppressed'],
  ])('tells the facts of %s', (id, facts, words) => {
    expect(catalog.describe(id).summary?.(facts) ?? '').toBe(words);
  });

  test('has no words for facts that are not there', () => {
    for (const [language, checks] of byLanguage)
      for (const { name } of checks) expect(catalog.describe(`${language}/${name}`).summary?.({}) ?? '').toBe('');
  });
});
