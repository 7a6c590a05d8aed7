import type { Outcome } from '../domain/runs/comparison.ts';
import type { Gate } from '../domain/runs/gate.ts';
import { decideHard } from './hard.ts';
import type { HardDecision } from './hard.ts';
import { boundedPairedT, pairedT } from './statistics/intervals.ts';
import type { Interval } from './statistics/intervals.ts';
import { mean, variance } from './statistics/moments.ts';
import type { PValues } from './statistics/max-t.ts';
import { tQuantile } from './statistics/distributions.ts';
import { signFlip } from './statistics/sign-flip.ts';
import { stratifiedPermutation } from './statistics/stratified.ts';
import type { Dimension, Observed, Stratum } from './stratum.ts';

/** The whole chance of a false "worse", whatever is looked at and however often. */
export const ALPHA = 0.05;
/** The part of it that belongs to hard invariants, where there are any. */
const HARD_SHARE = 0.2;
/**
 * The part of what is left that the first dimension has for itself, where there are several: the others share the rest,
 * and get all of it once the first is found worse.
 */
const FIRST_SHARE = 0.8;

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

export interface Deciding {
  scope: Gate['scope'];
  /** What may be spent on this look; all of `ALPHA` when it is the only one. */
  alpha: number;
  draws: number;
  seed: number;
}

/** What the first dimension and the others may spend of a look's `alpha`. */
export function dimensionAlphas(
  alpha: number,
  dimensions: number,
  hasHard: boolean,
): { all: number; first: number; others: number } {
  const all = hasHard ? alpha * (1 - HARD_SHARE) : alpha;
  return dimensions > 1
    ? { all, first: all * FIRST_SHARE, others: all * (1 - FIRST_SHARE) }
    : { all, first: all, others: 0 };
}

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

/** P values of one direction for each dimension: for these scenarios, and for scenarios like these. */
interface Tested {
  suite: PValues[];
  population: PValues[];
}

const picked = (values: readonly number[], from: number, to: number, sign: 1 | -1): number[] =>
  values.slice(from, to).map((value) => sign * value);

/** Both tests for the dimensions `from` to `to` at once, `sign` −1 for "worse" and 1 for "better". */
function tested(
  strata: readonly Stratum[],
  differences: readonly (readonly number[])[],
  [from, to]: readonly [number, number],
  sign: 1 | -1,
  { draws, seed }: Deciding,
): Tested {
  const perScenario = Map.groupBy(strata, ({ scenario }) => scenario);
  const turned = (answers: readonly Observed[]): number[][] =>
    answers.map(({ values }) => picked(values, from, to, sign));
  const sides = strata.map(({ scenario, base, head }) => ({
    base: turned(base),
    head: turned(head),
    weight: 1 / (perScenario.get(scenario)?.length ?? 1),
  }));
  return {
    suite: stratifiedPermutation(sides, to - from, { draws, seed }),
    population: signFlip(
      differences.map((row) => picked(row, from, to, sign)),
      to - from,
      { draws, seed: seed + 1 },
    ),
  };
}

/** Whether a dimension has moved in one direction, in the gate's scope and for these scenarios alone. */
interface Direction {
  holds: boolean;
  here: boolean;
  pSuite: number;
  pPopulation: number;
}

/**
 * Which dimensions hold in one direction, each with its adjusted p values: the first one for itself, then the others
 * together.
 */
function directed(
  strata: readonly Stratum[],
  differences: readonly (readonly number[])[],
  dimensions: number,
  sign: 1 | -1,
  hasHard: boolean,
  deciding: Deciding,
): Direction[] {
  const levels = dimensionAlphas(deciding.alpha, dimensions, hasHard);
  const read = ({ suite, population }: Tested, level: number): Direction[] =>
    suite.map(({ adjusted }, index) => {
      const pPopulation = population[index]?.adjusted ?? 1;
      const here = adjusted <= level;
      return {
        here,
        holds: here && (deciding.scope === 'suite' || pPopulation <= level),
        pSuite: adjusted,
        pPopulation,
      };
    });
  const first = read(tested(strata, differences, [0, 1], sign, deciding), levels.first);
  if (dimensions === 1) return first;
  const others = read(
    tested(strata, differences, [1, dimensions], sign, deciding),
    first[0]?.holds === true ? levels.all : levels.others,
  );
  return [...first, ...others];
}

/**
 * The gate. "worse" needs the stratified permutation test (chance which answer is of which side) and, unless these
 * scenarios alone matter, the sign-flip test over scenarios, both adjusted for all dimensions; or hard findings that
 * have become more frequent. "no worse" needs the interval of every dimension within its margin. A hard finding that is
 * new leaves at best "not enough data".
 */
export function decide(strata: readonly Stratum[], dimensions: readonly Dimension[], deciding: Deciding): Decision {
  const { alpha, scope } = deciding;
  const hasHard = (strata[0]?.head[0]?.hard.length ?? 0) > 0;
  const hard = decideHard(strata, alpha * HARD_SHARE, deciding);
  const rows = scenarioMeans(strata, dimensions.length);
  const differences = [...rows.values()].map(({ difference }) => difference);
  const worse = directed(strata, differences, dimensions.length, -1, hasHard, deciding);

  const decisions = dimensions.map(({ id, kind, margin }, dimension): DimensionDecision => {
    const measured = [...rows].filter(([, row]) => !Number.isNaN(row.difference[dimension] ?? NaN));
    const measuredDifferences = measured.map(([, row]) => row.difference[dimension] ?? 0);
    const interval =
      alpha > 0
        ? intervalOf(strata, dimension, kind, measuredDifferences, 1 - 2 * alpha, scope)
        : ([-Infinity, Infinity] as const);
    const { holds = false, here = false, pSuite = 1, pPopulation = 1 } = worse[dimension] ?? {};
    const outcome = interval[0] > -margin ? 'no worse' : holds ? 'worse' : 'not enough data';
    return {
      id,
      outcome,
      onlyHere: here && outcome === 'not enough data',
      base: mean(measured.map(([, row]) => row.base[dimension] ?? 0)),
      head: mean(measured.map(([, row]) => row.head[dimension] ?? 0)),
      difference: mean(measuredDifferences),
      interval,
      margin,
      pSuite,
      pPopulation,
      scenarios: new Map(measured.map(([scenario, row]) => [scenario, row.difference[dimension] ?? 0])),
    };
  });
  if (decisions.some(({ interval }) => interval[0] > 0)) {
    const better = directed(strata, differences, dimensions.length, 1, hasHard, deciding);
    decisions.forEach((dimension, index) => {
      if (dimension.interval[0] > 0 && better[index]?.holds === true) dimension.outcome = 'better';
    });
  }
  return {
    outcome: overall(
      decisions.map(({ outcome }) => outcome),
      hard,
    ),
    dimensions: decisions,
    hard,
  };
}

function overall(outcomes: readonly Outcome[], hard: HardDecision): Outcome {
  if (hard.worse || outcomes.includes('worse')) return 'worse';
  if (outcomes.length === 0 || hard.fresh.length > 0 || outcomes.includes('not enough data')) return 'not enough data';
  return outcomes.includes('better') ? 'better' : 'no worse';
}
