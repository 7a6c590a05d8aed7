import { maxT } from './max-t.ts';
import type { PValues, ResampledStratum, Resampling } from './max-t.ts';

/**
 * Sign-flip permutation test over scenarios: could the mean difference be this high if each scenario's were as likely
 * to be turned round? For every scenario one difference for each dimension; NaN where the dimension was not measured
 * there. Exact when differences are symmetric about 0: it speaks of scenarios like these, however much effects vary
 * among them.
 */
export function signFlip(
  differences: readonly (readonly number[])[],
  dimensions: number,
  resampling: Resampling,
): PValues[] {
  const observed = Array.from({ length: dimensions }, () => 0);
  const squares = Array.from({ length: dimensions }, () => 0);
  const strata: ResampledStratum[] = [];
  for (const scenario of differences) {
    const as = Float64Array.from({ length: dimensions }, (_, dimension) => {
      const value = scenario[dimension] ?? NaN;
      return Number.isNaN(value) ? 0 : value;
    });
    if (as.every((value) => value === 0)) continue;
    as.forEach((value, dimension) => {
      observed[dimension] = (observed[dimension] ?? 0) + value;
      squares[dimension] = (squares[dimension] ?? 0) + value ** 2;
    });
    strata.push({
      all: [as, as.map((value) => -value)],
      draw(random, into) {
        const sign = random.bits() < 0 ? -1 : 1;
        for (let dimension = 0; dimension < dimensions; dimension += 1)
          into[dimension] = (into[dimension] ?? 0) + sign * (as[dimension] ?? 0);
      },
    });
  }
  return maxT(observed, squares.map(Math.sqrt), strata, resampling);
}
