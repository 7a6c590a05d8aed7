/** Bounds of a mean of values between 0 and 1 that hold for any such values, also where all are alike. */
import { betaQuantile } from './distributions.ts';
import type { Interval } from './intervals.ts';
import { mean } from './moments.ts';

const TOLERANCE = 1e-9;

/**
 * Lower and upper bound, each at the one-sided `level`. `binary`: every value is 0 or 1 whatever comes; then these are
 * Clopper and Pearson's, which hold also for unequal chances (Hoeffding 1956). Else the tail is at most e times the
 * binomial's (Bentkus 2004).
 */
export function boundsOf(values: readonly number[], level: number, binary: boolean): Interval {
  const n = values.length;
  if (n === 0) return [0, 1];
  const each = binary ? level : level / Math.E;
  const sum = n * mean(values);
  const lower = (hits: number): number => (hits <= 0 ? 0 : betaQuantile(each, hits, n - hits + 1));
  return [lower(Math.floor(sum + TOLERANCE)), 1 - lower(Math.floor(n - sum + TOLERANCE))];
}
