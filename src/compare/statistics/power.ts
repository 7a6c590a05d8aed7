import { noncentralTCdf, tQuantile } from './distributions.ts';

/**
 * Power of a one-sided paired t test over `scenarios` for a mean difference of `effect`, when differences have the
 * standard deviation `sd`.
 */
export function power(scenarios: number, sd: number, effect: number, alpha: number): number {
  if (scenarios < 2) return 0;
  if (sd === 0) return effect === 0 ? 0 : 1;
  const df = scenarios - 1;
  return 1 - noncentralTCdf(tQuantile(1 - alpha, df), df, (Math.abs(effect) * Math.sqrt(scenarios)) / sd);
}

/**
 * The smallest mean difference that such a test sees with probability `wanted`; Infinity for fewer than two scenarios.
 */
export function minimalDetectableEffect(scenarios: number, sd: number, alpha: number, wanted = 0.8): number {
  if (scenarios < 2) return Infinity;
  let [low, high] = [0, sd];
  while (power(scenarios, sd, high, alpha) < wanted && high < 1e6 * sd) high *= 2;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (power(scenarios, sd, middle, alpha) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Standard deviation of a scenario's difference: answers that pass at `rate`, effects that vary by `spread` among
 * scenarios.
 */
export function differenceSd(rate: number, spread: number, baseRepeats: number, headRepeats: number): number {
  return Math.sqrt(rate * (1 - rate) * (1 / baseRepeats + 1 / headRepeats) + spread ** 2);
}
