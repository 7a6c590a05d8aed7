import type { Latency } from '../../domain/grading/contract/contract.ts';

/** Milliseconds within which so many percent of all answers came. */
export type Percentiles = Record<'p50' | 'p95' | 'p99', number>;

/** What a load measured, in milliseconds an answer. */
export interface Measured {
  latency: Latency;
  program: readonly number[];
  /** The bare server, in turn with the program. */
  bare: readonly number[];
  /** Requests that got no answer at all. */
  unanswered: number;
}

/** The 50th, 95th and 99th percentile (nearest rank); null of nothing. */
export function percentilesOf(times: readonly number[]): Percentiles | null {
  if (times.length === 0) return null;
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return Math.round(value * 100) / 100;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** The 95th percentile of a bare server, in milliseconds, from which on the machine is too busy to measure anything. */
const BUSY_MS = 15;
/** A bare server whose slow answers take that many times as long as its usual ones says the same. */
const UNEVEN = 25;

/** Why nothing can be said now; null when something can. */
export function notMeasurable({ bare }: Pick<Measured, 'bare'>): string | null {
  const percentiles = percentilesOf(bare);
  if (percentiles === null) return 'the bare server beside it did not answer';
  const { p50, p95 } = percentiles;
  return p95 > BUSY_MS || p95 > Math.max(p50, 0.2) * UNEVEN
    ? `the machine is too busy: a bare server beside it took ${p95} ms (p95)`
    : null;
}

/** The percentiles that are over their budget, in words. What the bare server takes is not held against the program. */
export function overBudget({ latency, program, bare }: Measured): string[] {
  const [own, other] = [percentilesOf(program), percentilesOf(bare)];
  if (own === null || other === null) return [];
  return (['p50', 'p95', 'p99'] as const).flatMap((name) => {
    const budget = latency.budget_ms[name];
    if (budget === undefined || own[name] - other[name] <= budget) return [];
    return [`${name} is ${own[name]} ms (a bare server: ${other[name]} ms), the budget is ${budget} ms`];
  });
}
