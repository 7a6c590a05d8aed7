/** Exact tests of counts. */
import { lnChoose } from './distributions.ts';

/** P(X ≥ x) for the number of marked among `drawn` of `all`, `marked` of which are. */
function hypergeometricTail(x: number, all: number, marked: number, drawn: number): number {
  let sum = 0;
  for (let k = Math.max(x, 0, drawn - (all - marked)); k <= Math.min(marked, drawn); k += 1) {
    sum += Math.exp(lnChoose(marked, k) + lnChoose(all - marked, drawn - k) - lnChoose(all, drawn));
  }
  return Math.min(1, sum);
}

/** A count out of a number of answers. */
export interface Count {
  hits: number;
  of: number;
}

/** Fisher's exact test, one-sided: the probability of this many hits in the head, or more, if both sides were alike. */
export function fisherMore(base: Count, head: Count): number {
  return hypergeometricTail(head.hits, base.of + head.of, base.hits + head.hits, head.of);
}

/** Fisher's exact test, two-sided: all tables that are no more likely than the one that was seen. */
export function fisher(base: Count, head: Count): number {
  const [all, marked] = [base.of + head.of, base.hits + head.hits];
  const probability = (k: number): number =>
    Math.exp(lnChoose(marked, k) + lnChoose(all - marked, head.of - k) - lnChoose(all, head.of));
  const observed = probability(head.hits);
  let sum = 0;
  for (let k = Math.max(0, head.of - (all - marked)); k <= Math.min(marked, head.of); k += 1) {
    if (probability(k) <= observed * (1 + 1e-7)) sum += probability(k);
  }
  return Math.min(1, sum);
}

/** Exact McNemar, two-sided: `lost` pairs went from pass to fail, `gained` the other way. For one repeat a scenario. */
export function mcnemar(lost: number, gained: number): number {
  const n = lost + gained;
  let tail = 0;
  for (let k = 0; k <= Math.min(lost, gained); k += 1) tail += Math.exp(lnChoose(n, k) - n * Math.LN2);
  return Math.min(1, 2 * tail);
}

/**
 * Benjamini and Hochberg's adjusted p values, in the order given: the share of false ones among those flagged stays
 * below the level.
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const adjusted = p.map(() => 1);
  let lowest = 1;
  p.map((value, index) => ({ value, index }))
    .sort((one, other) => other.value - one.value)
    .forEach(({ value, index }, rank) => {
      lowest = Math.min(lowest, (value * p.length) / (p.length - rank));
      adjusted[index] = lowest;
    });
  return adjusted;
}

/** Holm's adjusted p values, in the order given: the chance of any false one stays below the level. */
export function holm(p: readonly number[]): number[] {
  const adjusted = p.map(() => 1);
  let highest = 0;
  p.map((value, index) => ({ value, index }))
    .sort((one, other) => one.value - other.value)
    .forEach(({ value, index }, rank) => {
      highest = Math.max(highest, Math.min(1, value * (p.length - rank)));
      adjusted[index] = highest;
    });
  return adjusted;
}
