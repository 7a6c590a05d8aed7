import { seeded } from './random.ts';
import type { Random } from './random.ts';

/**
 * One stratum of a resampling test: what it adds to the statistic of each dimension, as observed and as it could as
 * well have been.
 */
export interface ResampledStratum {
  /** Every equally likely contribution; null when they are too many to list. */
  all: readonly Float64Array[] | null;
  /** Adds one contribution, drawn at random, to `into`. */
  draw(random: Random, into: Float64Array): void;
}

/** P values of one dimension: alone, and adjusted for all the dimensions that were looked at. */
export interface PValues {
  raw: number;
  adjusted: number;
}

export interface Resampling {
  /** Resamples when they cannot all be enumerated. */
  draws: number;
  seed: number;
}

/** Up to this many arrangements are all enumerated: the test is exact then. */
const MOST_ENUMERATED = 4096;

/** Sums that are equal but for rounding count as equal. */
const TOLERANCE = 1e-9;

function* enumerated(strata: readonly (readonly Float64Array[])[], dimensions: number): Generator<Float64Array> {
  const at = strata.map(() => 0);
  for (;;) {
    const sum = new Float64Array(dimensions);
    strata.forEach((all, index) =>
      all[at[index] ?? 0]?.forEach((value, dimension) => (sum[dimension] = (sum[dimension] ?? 0) + value)),
    );
    yield sum;
    let index = 0;
    for (; index < at.length; index += 1) {
      at[index] = ((at[index] ?? 0) + 1) % (strata[index]?.length ?? 1);
      if (at[index] !== 0) break;
    }
    if (index === at.length) return;
  }
}

function* drawn(
  strata: readonly ResampledStratum[],
  dimensions: number,
  { draws, seed }: Resampling,
): Generator<Float64Array> {
  const random = seeded(seed);
  const sum = new Float64Array(dimensions);
  for (let draw = 0; draw < draws; draw += 1) {
    sum.fill(0);
    for (const stratum of strata) stratum.draw(random, sum);
    yield sum;
  }
}

/** The sums of the arrangements: all of them where they are few enough, else this many drawn ones. */
export function arrangementsOf(
  strata: readonly ResampledStratum[],
  dimensions: number,
  resampling: Resampling,
): { exact: boolean; sums: Iterable<Float64Array> } {
  const listed = strata.map(({ all }) => all);
  const count = listed.reduce((product, all) => product * (all?.length ?? Infinity), 1);
  if (count > MOST_ENUMERATED) return { exact: false, sums: drawn(strata, dimensions, resampling) };
  const every = listed.map((all) => all ?? []);
  return { exact: true, sums: enumerated(every, dimensions) };
}

/** Step-down: no adjusted p value is below that of a dimension before it in the order. */
function makeMonotone(pValues: readonly PValues[], order: readonly number[]): void {
  let floor = 0;
  for (const dimension of order) {
    const values = pValues[dimension];
    if (values === undefined) continue;
    floor = Math.max(floor, values.adjusted);
    values.adjusted = floor;
  }
}

/**
 * One-sided resampling tests of several dimensions at once: the probability that a sum would be as large as observed.
 * All dimensions are resampled together, so the adjustment (step-down maximum, Westfall and Young 1993) pays only for
 * what is not correlated. `scales` make the dimensions comparable and must be the same for every arrangement; a scale
 * of 0 means that nothing varies.
 */
export function maxT(
  observed: readonly number[],
  scales: readonly number[],
  strata: readonly ResampledStratum[],
  resampling: Resampling,
): PValues[] {
  const count = observed.length;
  const scaled = (sum: ArrayLike<number>, dimension: number): number => {
    const scale = scales[dimension] ?? 0;
    return scale > 0 ? (sum[dimension] ?? 0) / scale : 0;
  };
  const statistics = observed.map((_, dimension) => scaled(observed, dimension));
  const order = statistics
    .map((_, dimension) => dimension)
    .sort((one, other) => (statistics[other] ?? 0) - (statistics[one] ?? 0));
  const raw = new Float64Array(count);
  const adjusted = new Float64Array(count);

  const { exact, sums } = arrangementsOf(strata, count, resampling);
  let resamples = 0;
  for (const sum of sums) {
    resamples += 1;
    let highest = -Infinity;
    for (let rank = count - 1; rank >= 0; rank -= 1) {
      const dimension = order[rank] ?? 0;
      const value = scaled(sum, dimension);
      const threshold = (statistics[dimension] ?? 0) - TOLERANCE;
      highest = Math.max(highest, value);
      if (value >= threshold) raw[dimension] = (raw[dimension] ?? 0) + 1;
      if (highest >= threshold) adjusted[dimension] = (adjusted[dimension] ?? 0) + 1;
    }
  }
  // What was observed is one of the arrangements: counting it keeps a drawn test valid.
  const p = (hits: number): number => (exact ? hits / resamples : (hits + 1) / (resamples + 1));
  const pValues: PValues[] = statistics.map((_, dimension) => ({
    raw: p(raw[dimension] ?? 0),
    adjusted: p(adjusted[dimension] ?? 0),
  }));
  makeMonotone(pValues, order);
  return pValues;
}
