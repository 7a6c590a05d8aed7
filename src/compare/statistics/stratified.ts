import { mean, variance } from './moments.ts';
import { maxT } from './max-t.ts';
import type { PValues, ResampledStratum, Resampling } from './max-t.ts';

/** The answers of one scenario: for each answer its values by dimension, NaN where there is none. */
export interface TwoSides {
  base: readonly (readonly number[])[];
  head: readonly (readonly number[])[];
  /** How much the stratum's difference counts. */
  weight: number;
}

/** Up to this many ways to deal a stratum's answers to the two sides are listed. */
const MOST_LISTED = 64;

/** All ways to choose `size` of the numbers below `count`; null when there are more than `MOST_LISTED`. */
function choices(count: number, size: number): number[][] | null {
  let ways = 1;
  for (let index = 0; index < Math.min(size, count - size); index += 1) ways = (ways * (count - index)) / (index + 1);
  if (ways > MOST_LISTED) return null;
  const results: number[][] = [];
  const choose = (from: number, chosen: number[]): void => {
    if (chosen.length === size) results.push(chosen);
    else for (let next = from; next < count; next += 1) choose(next + 1, [...chosen, next]);
  };
  choose(0, []);
  return results;
}

/** A stratum as a sum over the answers that are dealt to the head: difference = Σ gain − rest, for each dimension. */
export function resampled(
  sides: TwoSides,
  dimensions: number,
  squares: number[],
  observed: number[],
): ResampledStratum {
  const { base, head, weight } = sides;
  const [n, m, count] = [base.length, head.length, base.length + head.length];
  const gains = new Float64Array(count * dimensions);
  const rest = new Float64Array(dimensions);
  for (let dimension = 0; dimension < dimensions; dimension += 1) {
    const values = [...head, ...base].map((answer) => answer[dimension] ?? NaN);
    // A dimension that some answer here has no value for is left out here.
    if (values.some(Number.isNaN)) continue;
    const total = values.reduce((sum, value) => sum + value, 0);
    rest[dimension] = (weight * total) / n;
    values.forEach((value, index) => (gains[index * dimensions + dimension] = weight * value * (1 / m + 1 / n)));
    observed[dimension] = (observed[dimension] ?? 0) + weight * (mean(values.slice(0, m)) - mean(values.slice(m)));
    squares[dimension] = (squares[dimension] ?? 0) + weight ** 2 * variance(values) * (1 / m + 1 / n);
  }
  const add = (into: Float64Array, index: number): void => {
    for (let dimension = 0; dimension < dimensions; dimension += 1)
      into[dimension] = (into[dimension] ?? 0) + (gains[index * dimensions + dimension] ?? 0);
  };
  const dealt = choices(count, m)?.map((chosen) => {
    const sum = rest.map((value) => -value);
    for (const index of chosen) add(sum, index);
    return sum;
  });
  const deck = Array.from({ length: count }, (_, index) => index);
  return {
    all: dealt ?? null,
    draw(random, into) {
      for (let dimension = 0; dimension < dimensions; dimension += 1)
        into[dimension] = (into[dimension] ?? 0) - (rest[dimension] ?? 0);
      for (let index = 0; index < m; index += 1) {
        const other = index + random.below(count - index);
        const [here = 0, there = 0] = [deck[index], deck[other]];
        deck[index] = there;
        deck[other] = here;
        add(into, there);
      }
    },
  };
}

/**
 * Stratified permutation test: could the mean difference be this high if, within each scenario, it were chance which
 * answer is of which side? Exact for these very scenarios when nothing differs in any of them, whatever the numbers of
 * answers; says nothing of other scenarios.
 */
export function stratifiedPermutation(
  strata: readonly TwoSides[],
  dimensions: number,
  resampling: Resampling,
): PValues[] {
  const observed = Array.from({ length: dimensions }, () => 0);
  const squares = Array.from({ length: dimensions }, () => 0);
  const varying = strata.filter(({ base, head }) => base.length > 0 && head.length > 0);
  const results = varying.map((sides) => resampled(sides, dimensions, squares, observed));
  // A stratum in which all answers are alike adds the same whatever is dealt.
  const telling = results.filter((_, index) => varying[index] !== undefined && differs(varying[index]));
  return maxT(observed, squares.map(Math.sqrt), telling, resampling);
}

function differs({ base, head }: TwoSides): boolean {
  const first = [...base, ...head][0];
  return [...base, ...head].some((answer) =>
    answer.some(
      (value, dimension) =>
        value !== first?.[dimension] && !(Number.isNaN(value) && Number.isNaN(first?.[dimension] ?? NaN)),
    ),
  );
}
