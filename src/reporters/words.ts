import type { CheckResult, CheckStatus } from '../domain/grading/check.ts';
import type { CheckCatalog } from '../domain/grading/check-description.ts';
import type { Verdict } from '../domain/grading/grade.ts';

/** A check's status in a few letters and a sign that does not rest on colour. */
export const statusSigns: Readonly<Record<CheckStatus, string>> = {
  passed: '✓ passed',
  failed: '✗ failed',
  blocked: '– blocked',
  errored: '! errored',
  not_applicable: '· not applicable',
};

export const verdictSigns: Readonly<Record<Verdict, string>> = {
  pass: '✓ pass',
  fail: '✗ fail',
  ungraded: '! ungraded',
};

/** A time that is only roughly known: `40 s`, `3 min`, `1 h 20 min`. */
export function roughTime(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function scoreText(score: number | null): string {
  return score === null ? '–' : score.toFixed(3);
}

/** What a check measured, in a few words; empty when there is nothing to add. */
export function factsText({ id, facts }: Pick<CheckResult, 'id' | 'facts'>, catalog: CheckCatalog): string {
  const { configured_by: files } = facts;
  const standard = Array.isArray(files) ? `by the scenario's ${files.join(', ')}` : '';
  return [catalog.describe(id).summary?.(facts) ?? '', standard].filter((part) => part !== '').join(', ');
}
