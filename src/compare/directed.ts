/** The tests of one direction, "worse" or "better", each with the bound that belongs to it. */
import type { Gate } from '../domain/runs/gate.ts';
import type { Directed } from './agreement.ts';
import { fewestRepeats } from './intervals.ts';
import { MOST_FEW, fewBound, fewTest } from './statistics/few.ts';
import { signFlipBound, stratifiedBound } from './statistics/inversion.ts';
import type { PValues } from './statistics/max-t.ts';
import { signFlip } from './statistics/sign-flip.ts';
import { stratifiedPermutation } from './statistics/stratified.ts';
import type { TwoSides } from './statistics/stratified.ts';
import type { Dimension, Observed, Stratum } from './stratum.ts';

/** The whole chance of a false "worse", whatever is looked at and however often. */
export const ALPHA = 0.05;
/** The part of it that belongs to hard invariants, where there are any. */
export const HARD_SHARE = 0.2;
/**
 * The part of what is left that the first dimension has for itself, where there are several: the others share the rest,
 * and get all of it once the first is found worse.
 */
const FIRST_SHARE = 0.8;

/** How a decision is to be made. */
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

/** What a test of one direction is asked about: both sides' answers, and one difference a scenario. */
export interface Evidence {
  strata: readonly Stratum[];
  /** By scenario, then by dimension. */
  differences: readonly (readonly number[])[];
  dimensions: readonly Dimension[];
}

/** P values of one direction for each dimension: for these scenarios, and for scenarios like these. */
interface Tested {
  suite: PValues[];
  population: PValues[];
}

/** −1 for "worse", 1 for "better". */
export type Sign = 1 | -1;

const picked = (values: readonly number[], from: number, to: number, sign: Sign): number[] =>
  values.slice(from, to).map((value) => sign * value);

/**
 * The answers of both sides with the values of the dimensions `from` to `to`, turned so that more is what is tested.
 */
export function sidesOf(strata: readonly Stratum[], from: number, to: number, sign: Sign): TwoSides[] {
  const perScenario = Map.groupBy(strata, ({ scenario }) => scenario);
  const turned = (answers: readonly Observed[]): number[][] =>
    answers.map(({ values }) => picked(values, from, to, sign));
  return strata.map(({ scenario, base, head }) => ({
    base: turned(base),
    head: turned(head),
    weight: 1 / (perScenario.get(scenario)?.length ?? 1),
  }));
}

/** Both tests for the dimensions `from` to `to` at once, `sign` −1 for "worse" and 1 for "better". */
function tested(
  { strata, differences }: Evidence,
  [from, to]: readonly [number, number],
  sign: Sign,
  { draws, seed }: Deciding,
): Tested {
  return {
    suite: stratifiedPermutation(sidesOf(strata, from, to, sign), to - from, { draws, seed }),
    population: signFlip(
      differences.map((row) => picked(row, from, to, sign)),
      to - from,
      { draws, seed: seed + 1 },
    ),
  };
}

/**
 * Few answers that pass or fail, where these scenarios alone matter: as many of each side to each scenario, and how
 * many of them speak for the direction. Null where the permutation test sees as much. Only numbers of answers choose
 * between the two tests, so the choice cannot favour an outcome.
 */
function fewAnswers(strata: readonly Stratum[], sign: Sign): { lost: number; each: number } | null {
  const repeats = fewestRepeats(strata);
  const each = repeats * strata.length;
  if (each > MOST_FEW || strata.length === 0) return null;
  const count = (answers: readonly Observed[], value: number): number =>
    answers.slice(0, repeats).filter(({ values }) => values[0] === value).length;
  const [forBase, forHead] = sign < 0 ? [1, 0] : [0, 1];
  const lost = strata.reduce((sum, { base, head }) => sum + count(base, forBase) + count(head, forHead), 0);
  return { lost, each };
}

/** What came of the tests of one dimension in one direction. */
export interface Direction extends Directed {
  /** Moved on these very scenarios, whatever the gate's scope. */
  here: boolean;
  pSuite: number;
  pPopulation: number;
}

/** The level at which a test alone says what its adjusted p value says at `level`. */
const aloneAt = ({ raw, adjusted }: PValues, level: number): number =>
  adjusted > 0 ? (level * raw) / adjusted : level;

const certain: PValues = { raw: 1, adjusted: 1 };

/**
 * Which dimensions hold in one direction, each with its adjusted p values: the first one for itself, then the others
 * together.
 */
export function directed(evidence: Evidence, sign: Sign, hasHard: boolean, deciding: Deciding): Direction[] {
  const { strata, differences, dimensions } = evidence;
  const levels = dimensionAlphas(deciding.alpha, dimensions.length, hasHard);
  const ofSuite = deciding.scope === 'suite';
  const few = ofSuite && dimensions[0]?.binary === true ? fewAnswers(strata, sign) : null;

  const direction = (index: number, suite: PValues, population: PValues, level: number): Direction => {
    const here = suite.adjusted <= level;
    return {
      here,
      holds: here && (ofSuite || population.adjusted <= level),
      pSuite: suite.adjusted,
      pPopulation: population.adjusted,
      bound(): number {
        const { draws, seed } = deciding;
        if (index === 0 && few !== null) return fewBound(few.lost, few.each, level);
        const one = sidesOf(strata, index, index + 1, sign);
        const bySuite = stratifiedBound(one, aloneAt(suite, level), { draws, seed });
        if (ofSuite) return bySuite;
        const measured = differences.flatMap((row) => picked(row, index, index + 1, sign));
        const finite = measured.filter((value) => !Number.isNaN(value));
        return Math.min(bySuite, signFlipBound(finite, aloneAt(population, level), { draws, seed: seed + 1 }));
      },
    };
  };
  const read = (from: number, to: number, level: number): Direction[] => {
    const { suite, population } = tested(evidence, [from, to], sign, deciding);
    return suite.map((p, at) => direction(from + at, p, population[at] ?? certain, level));
  };
  const [first] = read(0, 1, levels.first);
  if (first === undefined) return [];
  const byFew = few === null ? null : fewTest(few.lost, few.each);
  const leading =
    byFew === null
      ? first
      : direction(
          0,
          { raw: byFew, adjusted: byFew },
          { raw: first.pPopulation, adjusted: first.pPopulation },
          levels.first,
        );
  if (dimensions.length === 1) return [leading];
  return [leading, ...read(1, dimensions.length, leading.holds ? levels.all : levels.others)];
}
