import { betaQuantile, normalQuantile, tQuantile } from './distributions.ts';
import { mean, variance } from './moments.ts';

/** A lower and an upper end. */
export type Interval = readonly [low: number, high: number];

/** Wilson's interval of a share; `of` may be an effective number of answers. `level` is two-sided (0.95). */
export function wilson(hits: number, of: number, level: number): Interval {
  const z = normalQuantile(0.5 + level / 2);
  const share = hits / of;
  const centre = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Jeffreys' interval of a share, from the Beta distribution; it has a width where all hit or none. */
export function jeffreys(hits: number, of: number, level: number): Interval {
  const tail = (1 - level) / 2;
  return [
    hits === 0 ? 0 : betaQuantile(tail, hits + 0.5, of - hits + 0.5),
    hits === of ? 1 : betaQuantile(1 - tail, hits + 0.5, of - hits + 0.5),
  ];
}

/** Paired t interval of the mean of one difference a scenario. Infinite for fewer than two. */
export function pairedT(differences: readonly number[], level: number): Interval {
  const n = differences.length;
  if (n < 2) return [-Infinity, Infinity];
  const half = tQuantile(0.5 + level / 2, n - 1) * Math.sqrt(variance(differences) / n);
  return [mean(differences) - half, mean(differences) + half];
}

/**
 * The same where differences are bounded: two scenarios that were not seen, one better and one worse by `step`, keep
 * the interval honest where all differences are alike (Bonett and Price 2012 for step 1, pairs of one repeat).
 */
export function boundedPairedT(differences: readonly number[], level: number, step: number): Interval {
  const n = differences.length;
  if (n < 2) return [-Infinity, Infinity];
  const widened = [...differences, step, -step];
  // The two are prior knowledge: they widen the spread, and neither move the middle nor add degrees of freedom.
  const half = tQuantile(0.5 + level / 2, n - 1) * Math.sqrt(variance(widened) / (n + 2));
  return [mean(differences) - half, mean(differences) + half];
}

/** Standard error of the mean over all answers when those of one scenario hang together (Miller 2024, clustered). */
export function clusteredStandardError(clusters: readonly (readonly number[])[]): number {
  const all = clusters.flat();
  const centre = mean(all);
  let sum = 0;
  for (const cluster of clusters) sum += cluster.reduce((deviation, value) => deviation + value - centre, 0) ** 2;
  return Math.sqrt(sum) / all.length;
}
