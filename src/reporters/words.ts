import { counted } from '../formats/words.ts';
import type { CheckResult, CheckStatus } from '../domain/grading/check.ts';
import type { Verdict } from '../domain/grading/grade.ts';

/** A check's status in a few letters and a sign that does not rest on colour. */
export const statusSigns: Readonly<Record<CheckStatus, string>> = {
  passed: '✓ passed',
  failed: '✗ failed',
  blocked: '– blocked',
  errored: '! errored',
  not_applicable: '· not asked',
};

export const verdictSigns: Readonly<Record<Verdict, string>> = {
  pass: '✓ pass',
  fail: '✗ fail',
  ungraded: '! ungraded',
};

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** A time that is only roughly known: `40 s`, `3 min`, `1 h 20 min`. */
export function roughTime(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function scoreText(score: number | null): string {
  return score === null ? '–' : score.toFixed(3);
}

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** What a check measured, in a few words; empty when there is nothing to add. */
export function factsText({ id, facts }: Pick<CheckResult, 'id' | 'facts'>): string {
  const name = id.replace(/^[^/]+\//, '').replace(/@.*$/, '');
  switch (name) {
    case 'tests': {
      if (!('passed' in facts)) return '';
      const parts = [`${count(facts['passed'])} passed`, `${count(facts['failed'])} failed`];
      for (const key of ['skipped', 'deselected']) if (count(facts[key]) > 0) parts.push(`${count(facts[key])} ${key}`);
      const kept = Array.isArray(facts['files_not_run']) ? facts['files_not_run'].length : 0;
      if (kept > 0) parts.push(`${counted(kept, 'test file')} kept for another command`);
      return parts.join(', ');
    }
    case 'coverage':
      return 'lines' in facts
        ? `${percent(count(facts['lines']))} (${percent(count(facts['lines_own']))} as the answer counts)`
        : '';
    case 'lint':
    case 'types':
      return 'errors' in facts
        ? `${counted(count(facts['errors']), 'error')}, ${counted(count(facts['warnings']), 'warning')}, ${count(facts['suppressions'])} suppressed`
        : '';
    case 'format':
      return 'unformatted' in facts ? `${count(facts['unformatted'])} of ${count(facts['files'])} files` : '';
    case 'dependencies':
      return 'installed' in facts ? `${count(facts['installed'])} packages` : '';
    case 'files':
      return 'files' in facts ? counted(count(facts['files']), 'file') : '';
    case 'sections':
      return 'found' in facts ? `${count(facts['found'])} of ${count(facts['wanted'])}` : '';
    default:
      return '';
  }
}
