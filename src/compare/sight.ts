/** What a comparison could see, and what would settle one: words for people, from the same formulas as the gate. */
import type { Gate } from '../domain/runs/gate.ts';
import { ALPHA, dimensionAlphas } from './directed.ts';
import { fewestRepeats } from './intervals.ts';
import { decide } from './decide.ts';
import type { Decision } from './decide.ts';
import { normalCdf, tQuantile } from './statistics/distributions.ts';
import { fewestForCollapse, leastLossOfFew } from './statistics/few.ts';
import { mean, variance } from './statistics/moments.ts';
import { differenceSd, minimalDetectableEffect } from './statistics/power.ts';
import { seeded } from './statistics/random.ts';
import type { Dimension, Observed, Stratum } from './stratum.ts';

const points = (share: number): string => `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} points`;
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** How much the scenarios' differences vary, apart into answers (for one answer a side) and effects. */
interface Spread {
  within: number;
  between: number;
}

function spreadOf(strata: readonly Stratum[], dimension: number): Spread {
  const within: number[] = [];
  const sampling: number[] = [];
  const differences: number[] = [];
  for (const { base, head } of strata) {
    const values = [base, head].map((answers) => answers.map((answer) => answer.values[dimension] ?? NaN));
    if (values.flat().some(Number.isNaN)) continue;
    const [one = [], other = []] = values;
    // Never quite nothing: a scenario with two equal answers may still have others.
    const share = (values.flat().reduce((sum, value) => sum + value, 0) + 0.5) / (values.flat().length + 1);
    const spread = one.length + other.length > 4 ? variance(values.flat()) : Math.max(0, share * (1 - share));
    within.push(spread);
    sampling.push(spread * (1 / one.length + 1 / other.length));
    differences.push(mean(other) - mean(one));
  }
  return { within: mean(within), between: Math.max(0, variance(differences) - mean(sampling)) };
}

/** The chance that "no worse" can be said when nothing differs. */
function chanceOfNoWorse(
  scenarios: number,
  repeats: number,
  { within, between }: Spread,
  margin: number,
  scope: Gate['scope'],
): number {
  if (scenarios < 2 && scope === 'population') return 0;
  const sd2 = (within * 2) / repeats + (scope === 'population' ? between : 0);
  const df = scope === 'population' ? scenarios - 1 : scenarios * (2 * repeats - 1);
  const error = Math.sqrt(((scenarios - 1) * sd2 + 2 / repeats) / (scenarios + 1) / (scenarios + 2));
  return normalCdf((margin - tQuantile(1 - ALPHA, df) * error) / Math.sqrt(sd2 / scenarios));
}

/** The smallest number for which a chance is 80 %; null when 2,000 are not enough. */
function fewest(chance: (count: number) => number, from: number): number | null {
  for (let count = from; count <= 2000; count += count < 50 ? 1 : 10) if (chance(count) >= 0.8) return count;
  return null;
}

function settling(
  strata: readonly Stratum[],
  decision: Decision,
  dimensions: readonly Dimension[],
  scope: Gate['scope'],
  costOfAnswer: number | null,
): string[] {
  const open = decision.dimensions.findIndex(
    ({ outcome }, index) => outcome === 'not enough data' && dimensions[index]?.kind === 'share',
  );
  const [dimension, judged] = [dimensions[open], decision.dimensions[open]];
  if (dimension === undefined || judged === undefined) return [];
  const scenarios = Math.max(1, judged.scenarios.size);
  const repeats = fewestRepeats(strata);
  const spread = spreadOf(strata, open);
  const chance = (s: number, r: number): number => chanceOfNoWorse(s, r, spread, dimension.margin, scope);
  const cost = (s: number, r: number): string =>
    costOfAnswer === null
      ? ''
      : `, about ${(Math.max(0, s * r - scenarios * repeats) * 2 * costOfAnswer).toFixed(2)} USD more`;
  const moreRepeats = fewest((r) => chance(scenarios, r), repeats + 1);
  const ways =
    moreRepeats === null
      ? [`no number of repeats of ${plural(scenarios, 'scenario')}`]
      : [
          `${plural(moreRepeats, 'repeat')} of each of the ${plural(scenarios, 'scenario')} a ` +
            `side${cost(scenarios, moreRepeats)}`,
        ];
  if (scope === 'population') {
    const planned = [...new Set([repeats, 3, 5, 10])]
      .filter((r) => r >= repeats)
      .flatMap((r) => {
        const s = fewest((count) => chance(count, r), scenarios + 1);
        return s === null ? [] : [{ s, r }];
      });
    const cheapest = planned.sort((one, other) => one.s * one.r - other.s * other.r)[0];
    ways.push(
      cheapest === undefined
        ? 'more than 2,000 scenarios'
        : `${plural(cheapest.s, 'scenario')} with ${plural(cheapest.r, 'repeat')} each${cost(cheapest.s, cheapest.r)}`,
    );
  }
  return [
    `If nothing differs, what would show it for ${dimension.id} (within ${points(dimension.margin)}, in four of ` +
      `five tries): ${ways.join('; or ')}. A true difference settles sooner, the sooner the larger it is.`,
  ];
}

/** What could have been seen in the first dimension, ceilings included, and what would settle what is open. */
export function sightOf(
  strata: readonly Stratum[],
  decision: Decision,
  dimensions: readonly Dimension[],
  { scope, hasHard, costOfAnswer }: { scope: Gate['scope']; hasHard: boolean; costOfAnswer: number | null },
): string[] {
  const [first] = dimensions;
  const [judged] = decision.dimensions;
  if (first === undefined || judged === undefined || first.kind !== 'share') return [];
  const sentences: string[] = [];
  const scenarios = judged.scenarios.size;
  const alpha = dimensionAlphas(ALPHA, dimensions.length, hasHard).first;
  const least = Math.ceil(-Math.log2(alpha));
  const repeats = fewestRepeats(strata);
  const spread = spreadOf(strata, 0);
  const sd = Math.sqrt((spread.within * 2) / repeats + (scope === 'population' ? spread.between : 0));
  const few = fewestForCollapse(alpha);
  if (scope === 'suite' && strata.length * repeats < few) {
    sentences.push(
      `${plural(strata.length * repeats, 'answer')} a side cannot show that ${first.id} is worse, not even if all are ` +
        `lost: ${few} a side are the least. A gate fails all the same where all pass and then none does (unconfirmed).`,
    );
  } else if (scope === 'population' && scenarios < least) {
    sentences.push(
      `${plural(scenarios, 'scenario')} cannot show that ${first.id} is worse for scenarios like these: ${least} ` +
        'is the least. With "scope: suite" these scenarios are judged for themselves.',
    );
  } else {
    const each = strata.length * repeats;
    const visible = Math.max(
      minimalDetectableEffect(Math.max(2, scenarios), sd, alpha),
      scope === 'suite' ? leastLossOfFew(each, alpha) : 0,
    );
    sentences.push(
      `What could be seen here: a loss of about ${points(Math.min(1, visible))} of ${first.id}, in four of five tries.`,
    );
  }
  if (judged.base >= 0.95 && judged.head >= 0.95) {
    sentences.push(
      `Both sides are at the ceiling (${(judged.base * 100).toFixed(0)} % and ${(judged.head * 100).toFixed(0)} % ` +
        `${first.id}): this cannot tell which is better, only that neither is much worse. Harder scenarios would.`,
    );
  }
  return [...sentences, ...settling(strata, decision, dimensions, scope, costOfAnswer)];
}

/** A run that is only planned. */
export interface Planned {
  scenarios: number;
  repeats: number;
  /** Pass rate that is expected; what is known of earlier runs, or a guess. */
  rate: number;
}

export interface Outlook {
  /**
   * Chance that the gate says something else than "not enough data" when nothing differs, and when 20 points are lost.
   */
  same: number;
  lost: number;
  /** Smallest loss of the pass rate that is seen in four of five tries; null when none can be. */
  visible: number | null;
}

const TRIES = 200;
/**
 * Effects of prompts and models vary among scenarios; without data this is what is assumed (standard deviation of the
 * pass rate).
 */
const SPREAD = 0.1;

/**
 * What the planned answers can settle about the pass rate: simulated through the gate itself, before anything is paid.
 */
export function outlook({ scenarios, repeats, rate }: Planned, gate: Gate): Outlook {
  const dimensions: Dimension[] = [{ id: 'pass', kind: 'share', binary: true, margin: gate.margins['pass'] ?? 0.05 }];
  const random = seeded(1);
  const answers = (chance: number): Observed[] =>
    Array.from({ length: repeats }, () => ({ values: [random.uniform() < chance ? 1 : 0], hard: [] }));
  const settled = (loss: number): number => {
    let hits = 0;
    for (let index = 0; index < TRIES; index += 1) {
      const strata = Array.from({ length: scenarios }, (_, scenario): Stratum => {
        const effect = SPREAD * random.normal() - loss;
        return {
          scenario: String(scenario),
          base: answers(rate),
          head: answers(Math.max(0, Math.min(1, rate + effect))),
        };
      });
      if (
        decide(strata, dimensions, { scope: gate.scope, alpha: ALPHA, draws: 199, seed: index }).outcome !==
        'not enough data'
      )
        hits += 1;
    }
    return hits / TRIES;
  };
  const alpha = dimensionAlphas(
    ALPHA,
    Object.keys(gate.margins).length + Object.keys(gate.limits).length,
    gate.hard.length > 0,
  ).first;
  const enough =
    gate.scope === 'suite'
      ? scenarios * repeats >= fewestForCollapse(alpha)
      : scenarios >= 2 && 2 ** -scenarios <= alpha;
  const sd = differenceSd(rate, gate.scope === 'population' ? SPREAD : 0, repeats, repeats);
  return {
    same: settled(0),
    lost: settled(0.2),
    visible: enough ? Math.min(1, minimalDetectableEffect(Math.max(2, scenarios), sd, alpha)) : null,
  };
}

/** The outlook in words. */
export function outlookText(planned: Planned, { same, lost, visible }: Outlook): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const lossText =
    visible === null || visible >= 1
      ? 'no loss can be seen'
      : `the smallest loss that is seen in four of five tries is about ${points(visible)}`;
  const { scenarios, repeats, rate } = planned;
  return [
    `${plural(scenarios, 'scenario')} with ${plural(repeats, 'repeat')} a side, if ${percent(rate)} of the answers pass:`,
    `the gate is settled with a chance of ${percent(same)} if nothing differs,`,
    `of ${percent(lost)} if 20 points are lost; ${lossText}.`,
  ].join(' ');
}
