import type { Stratum } from './stratum.ts';

/** Which sides can be given more answers. */
export type Open = 'both' | 'head';

/**
 * The strata (by index) whose further repeat lowers the variance of the mean difference most, the most helpful first.
 * Both sides are pooled for that: which of them is better has no say in where answers are added, so the tests stay
 * honest. `dimension` is that of the pass rate.
 */
export function mostHelpful(strata: readonly Stratum[], dimension: number, open: Open): number[] {
  const gain = strata.map(({ base, head }) => {
    const values = [...base, ...head].map((answer) => answer.values[dimension] ?? 0);
    // A share that is never quite 0 or 1: scenarios that always pass are looked at again, too, only later.
    const share = (values.reduce((sum, value) => sum + value, 0) + 1) / (values.length + 2);
    const less = (count: number): number => 1 / count - 1 / (count + 1);
    return share * (1 - share) * (less(head.length) + (open === 'both' ? less(base.length) : 0));
  });
  return strata.map((_, index) => index).sort((one, other) => (gain[other] ?? 0) - (gain[one] ?? 0) || one - other);
}
