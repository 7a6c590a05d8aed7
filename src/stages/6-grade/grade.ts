import type { CheckResult } from '../../domain/grading/check.ts';
import type { CheckCatalog } from '../../domain/grading/check-description.ts';
import { namesOfCheck } from '../../domain/grading/check-id.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { Policy } from '../../domain/grading/question.ts';
import { reasonText, reasonsOf } from '../../domain/grading/reason.ts';

function isRequired(policy: Policy, id: string, catalog: CheckCatalog): boolean {
  const names = namesOfCheck(id);
  if (names.some((name) => policy.required.includes(name))) return true;
  if (names.some((name) => policy.optional.includes(name))) return false;
  return catalog.describe(id).required;
}

function weightOf(policy: Policy, id: string, catalog: CheckCatalog): number {
  const { weight } = catalog.describe(id);
  // A check that only warns passes whatever it finds: to count it would raise the score.
  if (weight === 0) return 0;
  const name = namesOfCheck(id).find((candidate) => policy.weights[candidate] !== undefined);
  return name === undefined ? weight : (policy.weights[name] ?? weight);
}

/**
 * The weighted mean (0 to 1) of the checks' scores. What nobody asked for has no part in it; what is blocked counts 0.
 */
function scoreOf(policy: Policy, checks: readonly CheckResult[], catalog: CheckCatalog): number {
  const counted = checks
    .filter(({ status }) => status !== 'not_applicable')
    .map(({ id, score }) => ({ weight: weightOf(policy, id, catalog), score: score ?? 0 }));
  const total = counted.reduce((sum, { weight }) => sum + weight, 0);
  const gained = counted.reduce((sum, { weight, score }) => sum + weight * score, 0);
  return total === 0 ? 0 : Math.round((gained / total) * 10_000) / 10_000;
}

/**
 * A cell's verdict and score. One errored check makes it `ungraded`, without a score: it is evidence of nothing.
 * Otherwise it passes when every required check passed.
 */
export function gradeOf(
  policy: Policy,
  checks: readonly CheckResult[],
  catalog: CheckCatalog,
): Pick<Grade, 'verdict' | 'score' | 'reasons' | 'required'> {
  const required = checks
    .filter(({ id, status }) => status !== 'not_applicable' && isRequired(policy, id, catalog))
    .map(({ id }) => id);
  const reasons = reasonsOf({ checks, required });
  const ungraded = checks.some(({ status }) => status === 'errored');
  return {
    verdict: ungraded ? 'ungraded' : reasons.length === 0 ? 'pass' : 'fail',
    score: ungraded ? null : scoreOf(policy, checks, catalog),
    reasons: reasons.map(reasonText),
    required,
  };
}
