/** Ends of intervals that agree with the tests beside them. */
import type { Interval } from './statistics/intervals.ts';

/** Whether a test of one direction rejects "no difference", and the bound that belongs to that very test. */
export interface Directed {
  holds: boolean;
  /** Only asked for where it holds: how far from 0, at least, the difference lies in that direction; above 0. */
  bound(): number;
}

/**
 * The interval that belongs to the tests. An end beyond 0 needs the test that decides: where it rejects, the end is
 * that test's own bound; where it does not, the end is 0 at most. Elsewhere the end is that of `interval`, which
 * decides about margins. Each end is that of a test of every difference at the interval's level, so its level stays.
 */
export function agreeing([low, high]: Interval, worse: Directed, better: Directed): Interval {
  const least = (bound: number): number => Math.max(bound, Number.MIN_VALUE); // never 0 itself: that was rejected
  const upper = worse.holds ? -least(worse.bound()) : Math.max(high, 0);
  const lower = better.holds
    ? low > 0
      ? Math.min(low, least(better.bound()))
      : least(better.bound())
    : Math.min(low, 0);
  return [Math.min(lower, upper), Math.max(lower, upper)];
}
