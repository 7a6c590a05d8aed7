/**
 * Bounds that belong to the permutation tests: a test is asked of every shift, and the bound is the smallest shift that
 * it does not reject. Both statistics are linear in the shift, so each arrangement has one threshold, from which on it
 * is at least as extreme as what was observed; the bound is a quantile of these thresholds (Hartigan 1969).
 */
import { arrangementsOf } from './max-t.ts';
import type { ResampledStratum, Resampling } from './max-t.ts';
import { resampled } from './stratified.ts';
import type { TwoSides } from './stratified.ts';

/** Sums that are equal but for rounding count as equal, as in the tests. */
const TOLERANCE = 1e-9;

/**
 * The lower bound at a one-sided level, from the thresholds of all arrangements; NaN thresholds count at every shift.
 * -Infinity where the test can reject no shift.
 */
function boundOf(thresholds: number[], exact: boolean, level: number): number {
  const finite = thresholds.filter((value) => !Number.isNaN(value)).sort((one, other) => one - other);
  const always = thresholds.length - finite.length;
  const [more, all] = exact ? [0, thresholds.length] : [1, thresholds.length + 1];
  // The shift is rejected while (always + more + those up to it) / all ≤ level.
  const room = Math.floor(level * all + TOLERANCE) - always - more;
  return room < 0 ? -Infinity : (finite[room] ?? Infinity);
}

/**
 * The lower bound of the sign-flip test: by how much, at least, the mean difference exceeds 0 at a one-sided level. One
 * difference for each scenario. Each arrangement's threshold is the mean of the differences that it turns round.
 */
export function signFlipBound(differences: readonly number[], level: number, { draws, seed }: Resampling): number {
  const strata = differences.map((value): ResampledStratum => {
    const [kept, turned] = [new Float64Array(2), Float64Array.of(value, 1)];
    return {
      all: [kept, turned],
      draw(random, into) {
        if (random.bits() >= 0) return;
        into[0] = (into[0] ?? 0) + value;
        into[1] = (into[1] ?? 0) + 1;
      },
    };
  });
  const { exact, sums } = arrangementsOf(strata, 2, { draws, seed });
  const thresholds: number[] = [];
  for (const sum of sums) thresholds.push((sum[0] ?? 0) / (sum[1] ?? 0));
  return boundOf(thresholds, exact, level);
}

/**
 * The lower bound of the stratified permutation test, in the unit of one scenario's difference. `sides` have one value
 * an answer; a stratum with NaN is left out.
 */
export function stratifiedBound(sides: readonly TwoSides[], level: number, { draws, seed }: Resampling): number {
  const whole = sides.filter(({ base, head }) => ![...base, ...head].some(([value = NaN]) => Number.isNaN(value)));
  const [squares, observed] = [
    [0, 0],
    [0, 0],
  ];
  const marked = whole.map(({ base, head, weight }) =>
    // The second value says which side an answer is of: its sum is how far the statistic moves with the shift.
    resampled(
      { base: base.map(([value = 0]) => [value, 0]), head: head.map(([value = 0]) => [value, 1]), weight },
      2,
      squares,
      observed,
    ),
  );
  const [seen = 0, moved = 0] = observed;
  const { exact, sums } = arrangementsOf(marked, 2, { draws, seed });
  const thresholds: number[] = [];
  for (const sum of sums) {
    const less = moved - (sum[1] ?? 0);
    thresholds.push(less <= TOLERANCE ? NaN : (seen - (sum[0] ?? 0)) / less);
  }
  return boundOf(thresholds, exact, level);
}
