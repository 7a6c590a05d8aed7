/** What the checks of one name say of themselves in every language: each language's check adds how it is done there. */
import type { Facts } from '../../src/domain/grading/check.ts';
import type { CheckDescription } from '../../src/domain/grading/check-description.ts';
import { counted } from '../../src/formats/words.ts';

type Kind = Omit<CheckDescription, 'question'>;

const numberIn = (facts: Facts, name: string): number => {
  const value = facts[name];
  return typeof value === 'number' ? value : 0;
};
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** `2 errors, 0 warnings, 1 suppressed` */
export function findingsSummary(facts: Facts): string {
  if (!('errors' in facts)) return '';
  const parts = [
    counted(numberIn(facts, 'errors'), 'error'),
    counted(numberIn(facts, 'warnings'), 'warning'),
    `${numberIn(facts, 'suppressions')} suppressed`,
  ];
  return parts.join(', ');
}

function testsSummary(facts: Facts): string {
  if (!('passed' in facts)) return '';
  const parts = [`${numberIn(facts, 'passed')} passed`, `${numberIn(facts, 'failed')} failed`];
  for (const name of ['skipped', 'deselected'])
    if (numberIn(facts, name) > 0) parts.push(`${numberIn(facts, name)} ${name}`);
  const filesNotRun = Array.isArray(facts['files_not_run']) ? facts['files_not_run'].length : 0;
  const caught = facts['tests_catch'];
  if (typeof caught === 'string' && /^\d+ of \d+$/.test(caught)) parts.push(`${caught} wrong programs noticed`);
  if (filesNotRun > 0) parts.push(`${counted(filesNotRun, 'test file')} kept for another command`);
  return parts.join(', ');
}

export const dependenciesKind = {
  name: 'dependencies',
  weight: 1,
  required: true,
  summary: (facts) => ('installed' in facts ? `${numberIn(facts, 'installed')} packages` : ''),
} satisfies Kind;

export const buildKind = { name: 'build', weight: 2, required: true } satisfies Kind;

export const formatKind = {
  name: 'format',
  weight: 1,
  required: false,
  summary: (facts) =>
    'unformatted' in facts ? `${numberIn(facts, 'unformatted')} of ${numberIn(facts, 'files')} files` : '',
} satisfies Kind;

export const lintKind = { name: 'lint', weight: 1, required: false, summary: findingsSummary } satisfies Kind;

export const typesKind = { name: 'types', weight: 1, required: true, summary: findingsSummary } satisfies Kind;

export const testsKind = { name: 'tests', weight: 3, required: true, summary: testsSummary } satisfies Kind;

export const hiddenTestsKind = {
  name: 'hidden-tests',
  weight: 4,
  required: true,
  summary: testsSummary,
} satisfies Kind;

export const coverageKind = {
  name: 'coverage',
  weight: 1,
  required: true,
  summary: (facts) =>
    'lines' in facts
      ? `${percent(numberIn(facts, 'lines'))} (${percent(numberIn(facts, 'lines_own'))} as the answer counts)`
      : '',
} satisfies Kind;
