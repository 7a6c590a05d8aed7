import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latencySchema } from '../../../src/domain/grading/contract/contract.ts';
import { notMeasurable, overBudget, percentilesOf } from '../../../src/probe/latency/judge.ts';
import type { Measured } from '../../../src/probe/latency/judge.ts';

const latency = latencySchema.parse({ request: { path: '/' }, budget_ms: { p95: 10, p99: 50 } });
const measured = (program: readonly number[], bare: readonly number[]): Measured => ({
  latency,
  program,
  bare,
  unanswered: 0,
});
const evenly = (from: number, to: number): number[] =>
  Array.from({ length: 100 }, (_, at) => from + ((to - from) * (at + 1)) / 100);

describe('the latency of a program', () => {
  test('is told in percentiles, which are times that were measured and in order', () => {
    expect(percentilesOf(evenly(0, 100))).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(percentilesOf([])).toBe(null);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 }), (times) => {
        const { p50, p95, p99 } = percentilesOf(times) ?? { p50: 0, p95: 0, p99: 0 };
        expect(p50 <= p95 && p95 <= p99).toBe(true);
        for (const value of [p50, p95, p99]) expect(times).toContain(value);
      }),
    );
  });

  test('is over its budget only by what a bare server does not take itself', () => {
    expect(overBudget(measured(evenly(0, 12), evenly(0, 1)))).toEqual([
      'p95 is 11.4 ms (a bare server: 0.95 ms), the budget is 10 ms',
    ]);
    expect(overBudget(measured(evenly(0, 12), evenly(0, 4)))).toEqual([]);
    expect(overBudget(measured([], evenly(0, 4)))).toEqual([]);
  });

  test('is not measurable where a bare server is slow, uneven, or silent', () => {
    expect(notMeasurable(measured([], evenly(0, 2)))).toBe(null);
    expect(notMeasurable(measured([], evenly(0, 40)))).toMatch(/too busy: a bare server beside it took 38 ms/);
    expect(
      notMeasurable(measured([], [...Array.from({ length: 90 }, () => 0.1), ...evenly(6, 8).slice(0, 10)])),
    ).toMatch(/busy/);
    expect(notMeasurable(measured([], []))).toMatch(/did not answer/);
  });
});
