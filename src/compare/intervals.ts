/** Means and intervals of the differences between two sides, one difference a scenario. */
import type { Gate } from '../domain/runs/gate.ts';
import { tQuantile } from './statistics/distributions.ts';
import { boundedPairedT, pairedT } from './statistics/intervals.ts';
import type { Interval } from './statistics/intervals.ts';
import { mean, variance } from './statistics/moments.ts';
import type { Dimension, Observed, Stratum } from './stratum.ts';

/** Mean of one dimension over answers; NaN when one has no value. */
function meanOf(answers: readonly Observed[], dimension: number): number {
  let sum = 0;
  for (const { values } of answers) sum += values[dimension] ?? NaN;
  return sum / answers.length;
}

/**
 * One row for each scenario: base, head and difference of every dimension, the mean over its strata that have a value.
 */
export function scenarioMeans(
  strata: readonly Stratum[],
  dimensions: number,
): Map<string, { base: number[]; head: number[]; difference: number[] }> {
  const rows = new Map<string, { base: number[]; head: number[]; difference: number[] }>();
  for (const [scenario, sameScenario] of Map.groupBy(strata, (stratum) => stratum.scenario)) {
    const row = { base: [] as number[], head: [] as number[], difference: [] as number[] };
    for (let dimension = 0; dimension < dimensions; dimension += 1) {
      const sides = sameScenario
        .map(({ base, head }) => [meanOf(base, dimension), meanOf(head, dimension)] as const)
        .filter(([base, head]) => !Number.isNaN(base + head));
      row.base.push(mean(sides.map(([base]) => base)));
      row.head.push(mean(sides.map(([, head]) => head)));
      row.difference.push(mean(sides.map(([base, head]) => head - base)));
    }
    rows.set(scenario, row);
  }
  return rows;
}

/** The fewest answers that a side has to any scenario. */
export const fewestRepeats = (strata: readonly { base: readonly unknown[]; head: readonly unknown[] }[]): number =>
  strata.reduce((fewest, { base, head }) => Math.min(fewest, base.length, head.length), Infinity);

/** Interval of the mean difference for these very scenarios: only the answers vary, the scenarios do not. */
function suiteInterval(
  strata: readonly Stratum[],
  dimension: number,
  kind: Dimension['kind'],
  difference: number,
  level: number,
): Interval {
  const sides = strata.map(({ base, head }) =>
    [base, head].map((answers) => answers.map(({ values }) => values[dimension] ?? NaN)),
  );
  const measured = sides.filter((side) => !side.flat().some(Number.isNaN));
  let sum = 0;
  let df = 0;
  for (const [base = [], head = []] of measured) {
    // Both sides together: with one answer a side there is no other way, and it errs towards "not enough data".
    sum += variance([...base, ...head]) * (1 / base.length + 1 / head.length);
    df += base.length + head.length - 1;
  }
  const n = measured.length;
  if (n === 0 || df === 0) return [-Infinity, Infinity];
  const unseen = kind === 'share' ? 2 / fewestRepeats(strata) : 0;
  const half =
    tQuantile(0.5 + level / 2, df) * Math.sqrt((sum + unseen) / (kind === 'share' ? (n + 1) * (n + 2) : n ** 2));
  return [difference - half, difference + half];
}

/** Interval of the mean difference of one dimension, in the gate's scope. */
export function intervalOf(
  strata: readonly Stratum[],
  dimension: number,
  kind: Dimension['kind'],
  differences: readonly number[],
  level: number,
  scope: Gate['scope'],
): Interval {
  if (kind === 'ratio')
    return scope === 'suite'
      ? suiteInterval(strata, dimension, kind, mean(differences), level)
      : pairedT(differences, level);
  const [low, high] =
    scope === 'suite'
      ? suiteInterval(strata, dimension, kind, mean(differences), level)
      : boundedPairedT(differences, level, 1 / Math.sqrt(fewestRepeats(strata)));
  return Number.isFinite(low) ? [Math.max(-1, low), Math.min(1, high)] : [low, high];
}
