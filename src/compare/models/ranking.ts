/** Three or more models in an order that their answers carry, and no further. */
import type { Gate } from '../../domain/runs/gate.ts';
import type { Pair, Rank } from '../../domain/runs/upgrade.ts';
import { ALPHA } from '../directed.ts';
import { decide } from '../decide.ts';
import { RESAMPLING } from '../resampling.ts';
import type { Observed, Stratum } from '../stratum.ts';

/** A model's answers by scenario: 1 for one that passes, 0 for one that does not. */
export interface Entrant {
  model: string;
  passes: ReadonlyMap<string, readonly number[]>;
}

const observedOf = (values: readonly number[]): Observed[] => values.map((value) => ({ values: [value], hard: [] }));

/** The mean over scenarios, in which each counts the same. */
export function rateOfEntrant({ passes }: Entrant): number {
  const means = [...passes.values()].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  return means.reduce((sum, value) => sum + value, 0) / Math.max(1, means.length);
}

/** The two models on the scenarios that both have. */
function strataOf(one: Entrant, other: Entrant): Stratum[] {
  return [...one.passes].flatMap(([scenario, values]): Stratum[] => {
    const others = other.passes.get(scenario);
    return others === undefined ? [] : [{ scenario, base: observedOf(values), head: observedOf(others) }];
  });
}

/** All pairs; the chance that any interval of them is wrong is at most 5 %. */
export function pairsOf(entrants: readonly Entrant[], scope: Gate['scope']): Pair[] {
  const couples = entrants.flatMap((one, index) => entrants.slice(index + 1).map((other) => [one, other] as const));
  // Two sides for each pair: an error up or down.
  const alpha = ALPHA / 2 / Math.max(1, couples.length);
  return couples.map(([one, other]): Pair => {
    const strata = strataOf(one, other);
    const dimension = { id: 'pass', kind: 'share', binary: true, margin: 1 } as const;
    const [decided] =
      strata.length === 0 ? [] : decide(strata, [dimension], { scope, alpha, ...RESAMPLING }).dimensions;
    const [low, high] = decided?.interval ?? [-1, 1];
    const interval = [Math.max(-1, low), Math.min(1, high)] as const;
    const apart = interval[0] > 0 || interval[1] < 0;
    return { one: one.model, other: other.model, difference: decided?.difference ?? 0, interval, apart };
  });
}

/** Largest sets of models of which no two are told apart; each is a letter (Piepho 2004, by Bron and Kerbosch). */
function alikeSets(models: readonly string[], alike: (one: string, other: string) => boolean): string[][] {
  const sets: string[][] = [];
  const grow = (chosen: string[], open: string[], seen: string[]): void => {
    if (open.length === 0 && seen.length === 0) sets.push(chosen);
    let [left, done] = [open, seen];
    for (const model of open) {
      const near = (other: string): boolean => alike(model, other);
      grow(
        [...chosen, model],
        left.filter((other) => other !== model && near(other)),
        done.filter(near),
      );
      left = left.filter((other) => other !== model);
      done = [...done, model];
    }
  };
  grow([], [...models], []);
  return sets;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The models, the best rate first, each with the places that the answers leave open and the letters of its groups. */
export function ranksOf(entrants: readonly Entrant[], pairs: readonly Pair[]): Rank[] {
  const rates = new Map(entrants.map((entrant) => [entrant.model, rateOfEntrant(entrant)]));
  const models = [...rates.keys()].sort(
    (one, other) => (rates.get(other) ?? 0) - (rates.get(one) ?? 0) || (one < other ? -1 : 1),
  );
  /** Whether `one` is shown to be better than `other`. */
  const beats = (one: string, other: string): boolean =>
    pairs.some(
      (pair) =>
        (pair.one === other && pair.other === one && pair.interval[0] > 0) ||
        (pair.one === one && pair.other === other && pair.interval[1] < 0),
    );
  const alike = (one: string, other: string): boolean => !beats(one, other) && !beats(other, one);
  const place = (model: string): number => models.indexOf(model);
  const sets = alikeSets(models, alike)
    .map((set) => set.toSorted((one, other) => place(one) - place(other)))
    .sort((one, other) => place(one[0] ?? '') - place(other[0] ?? '') || other.length - one.length);
  return models.map((model): Rank => ({
    model,
    rate: rates.get(model) ?? 0,
    best: 1 + models.filter((other) => beats(other, model)).length,
    worst: models.length - models.filter((other) => beats(model, other)).length,
    groups: sets.flatMap((set, index) => (set.includes(model) ? (LETTERS[index] ?? `(${index + 1})`) : [])).join(''),
  }));
}
