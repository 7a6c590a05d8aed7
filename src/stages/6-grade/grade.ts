import type { CheckResult } from '../../domain/grading/check.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { Policy } from '../../domain/grading/question.ts';

/** Must pass unless the scenario says otherwise. */
const requiredByDefault = ['complete', 'files', 'dependencies', 'build', 'types', 'tests', 'coverage', 'acceptance'];

/** What each check weighs in the score unless the scenario says otherwise. */
const defaultWeights: Readonly<Record<string, number>> = {
  complete: 1,
  files: 1,
  sections: 1,
  dependencies: 1,
  build: 2,
  format: 1,
  lint: 1,
  types: 1,
  tests: 3,
  coverage: 1,
  acceptance: 4,
};

/** The names under which a check can be meant: `python/tests@x`, `python/tests`, `tests`. */
function namesOf(id: string): string[] {
  const withoutRoot = id.replace(/@.*$/, '');
  return [id, withoutRoot, withoutRoot.slice(withoutRoot.indexOf('/') + 1)];
}

function isRequired(policy: Policy, id: string): boolean {
  const names = namesOf(id);
  if (names.some((name) => policy.required.includes(name))) return true;
  if (names.some((name) => policy.optional.includes(name))) return false;
  return requiredByDefault.includes(names[2] ?? '');
}

function weightOf(policy: Policy, id: string): number {
  const names = namesOf(id);
  for (const name of names) {
    const own = policy.weights[name];
    if (own !== undefined) return own;
  }
  return defaultWeights[names[2] ?? ''] ?? 1;
}

/** The weighted mean (0 to 1) of the checks' scores. What nobody asked for has no part in it; what is blocked counts 0. */
function scoreOf(policy: Policy, checks: readonly CheckResult[]): number {
  const counted = checks.filter(({ status }) => status !== 'not_applicable');
  const total = counted.reduce((sum, { id }) => sum + weightOf(policy, id), 0);
  const gained = counted.reduce((sum, { id, score }) => sum + weightOf(policy, id) * (score ?? 0), 0);
  return total === 0 ? 0 : Math.round((gained / total) * 10_000) / 10_000;
}

/**
 * A cell's verdict and score. One errored check makes it `ungraded`, without a score: it is evidence of nothing.
 * Otherwise it passes when every required check passed.
 */
export function gradeOf(
  policy: Policy,
  checks: readonly CheckResult[],
): Pick<Grade, 'verdict' | 'score' | 'reasons' | 'required'> {
  const required = checks
    .filter(({ id, status }) => status !== 'not_applicable' && isRequired(policy, id))
    .map(({ id }) => id);
  const say = ({ id, reason, status }: CheckResult): string => `${id} ${status}${reason === null ? '' : `: ${reason}`}`;
  const ours = checks.filter(({ status }) => status === 'errored');
  if (ours.length > 0) return { verdict: 'ungraded', score: null, reasons: ours.map(say), required };
  const unmet = checks.filter(({ id, status }) => required.includes(id) && status !== 'passed');
  return {
    verdict: unmet.length === 0 ? 'pass' : 'fail',
    score: scoreOf(policy, checks),
    reasons: unmet.map(say),
    required,
  };
}
