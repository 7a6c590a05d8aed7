import type { Outcome } from '../domain/runs/comparison.ts';
import { agreeing } from './agreement.ts';
import { HARD_SHARE, directed } from './directed.ts';
import type { Deciding } from './directed.ts';
import { decideHard } from './hard.ts';
import type { HardDecision } from './hard.ts';
import { intervalOf, scenarioMeans } from './intervals.ts';
import type { Interval } from './statistics/intervals.ts';
import { mean } from './statistics/moments.ts';
import type { Dimension, Stratum } from './stratum.ts';

export interface DimensionDecision {
  id: string;
  outcome: Outcome;
  base: number;
  head: number;
  /** Mean difference over scenarios, and its interval at the two-sided level 1 − 2α. */
  difference: number;
  interval: Interval;
  margin: number;
  /** Adjusted p values of "worse": for these scenarios, and for scenarios like these. */
  pSuite: number;
  pPopulation: number;
  /** Worse for these very scenarios, and not shown for scenarios like these. */
  onlyHere: boolean;
  /** The difference of each scenario, by its name; those without a value are left out. */
  scenarios: ReadonlyMap<string, number>;
}

export interface Decision {
  outcome: Outcome;
  dimensions: DimensionDecision[];
  hard: HardDecision;
}

/**
 * The gate. "worse" needs the stratified permutation test (chance which answer is of which side) and, where scenarios
 * like these matter, the sign-flip test over scenarios, both adjusted for all dimensions; or hard findings that have
 * become more frequent. "no worse" needs the interval of every dimension within its margin. A hard finding that is new
 * leaves at best "not enough data".
 */
export function decide(strata: readonly Stratum[], dimensions: readonly Dimension[], deciding: Deciding): Decision {
  const { alpha, scope } = deciding;
  const hasHard = (strata[0]?.head[0]?.hard.length ?? 0) > 0;
  const hard = decideHard(strata, alpha * HARD_SHARE, deciding);
  const rows = scenarioMeans(strata, dimensions.length);
  const evidence = { strata, dimensions, differences: [...rows.values()].map(({ difference }) => difference) };
  const measured = dimensions.map((_, index) =>
    [...rows].filter(([, row]) => !Number.isNaN(row.difference[index] ?? NaN)),
  );
  const intervals = dimensions.map(({ kind }, index): Interval => {
    const differences = (measured[index] ?? []).map(([, row]) => row.difference[index] ?? 0);
    return alpha > 0 ? intervalOf(strata, index, kind, differences, 1 - 2 * alpha, scope) : [-Infinity, Infinity];
  });
  const worse = directed(evidence, -1, hasHard, deciding);
  const better = intervals.some(([low]) => low > 0) ? directed(evidence, 1, hasHard, deciding) : [];

  const decisions = dimensions.map(({ id, margin }, index): DimensionDecision => {
    const interval = intervals[index] ?? [-Infinity, Infinity];
    const [down, up] = [worse[index] ?? undecided, better[index] ?? undecided];
    const gains = interval[0] > 0 && up.holds;
    const outcome = gains ? 'better' : interval[0] > -margin ? 'no worse' : down.holds ? 'worse' : 'not enough data';
    const scenarios = new Map((measured[index] ?? []).map(([scenario, row]) => [scenario, row] as const));
    const over = (side: 'base' | 'head' | 'difference'): number =>
      mean([...scenarios.values()].map((row) => row[side][index] ?? 0));
    return {
      id,
      outcome,
      onlyHere: down.here && outcome === 'not enough data',
      base: over('base'),
      head: over('head'),
      difference: over('difference'),
      interval: agreeing(interval, down, { ...up, holds: gains }),
      margin,
      pSuite: down.pSuite,
      pPopulation: down.pPopulation,
      scenarios: new Map([...scenarios].map(([scenario, row]) => [scenario, row.difference[index] ?? 0])),
    };
  });
  return {
    outcome: overall(
      decisions.map(({ outcome }) => outcome),
      hard,
    ),
    dimensions: decisions,
    hard,
  };
}

const undecided = { holds: false, here: false, pSuite: 1, pPopulation: 1, bound: (): number => 0 };

function overall(outcomes: readonly Outcome[], hard: HardDecision): Outcome {
  if (hard.worse || outcomes.includes('worse')) return 'worse';
  if (outcomes.length === 0 || hard.fresh.length > 0 || outcomes.includes('not enough data')) return 'not enough data';
  return outcomes.includes('better') ? 'better' : 'no worse';
}
