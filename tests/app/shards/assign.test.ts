import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../src/domain/grading/cell.ts';
import { assignShards, partOf } from '../../../src/app/shards/assign.ts';
import { secondsOf } from '../../../src/app/shards/durations.ts';
import { runs } from '../../support/levels.ts';

const scenarios = ['a', 'b', 'c', 'd', 'e'];

/** A suite's cells in its order, and how long its scenarios take. */
const plans = fc
  .record({
    seconds: fc.option(fc.dictionary(fc.constantFrom(...scenarios), fc.double({ min: 0.1, max: 900, noNaN: true }))),
    prompts: fc.integer({ min: 1, max: 3 }),
    repeats: fc.integer({ min: 1, max: 7 }),
    chosen: fc.subarray(scenarios, { minLength: 1 }),
    of: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ seconds, prompts, repeats, chosen, of }) => ({
    seconds,
    of,
    cells: Array.from({ length: prompts }, (_, prompt) => `p@${prompt}`).flatMap((prompt) =>
      chosen.flatMap((scenario) =>
        Array.from({ length: repeats }, (_, index): Cell => ({ prompt, scenario, model: 'm', repeat: index + 1 })),
      ),
    ),
  }));

const counts = (values: readonly number[], of: number): number[] =>
  Array.from({ length: of }, (_, shard) => values.filter((value) => value === shard).length);
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

describe('cells are given to shards', () => {
  test('so that each is in one shard, in the order of the suite', () => {
    fc.assert(
      fc.property(plans, ({ cells, of, seconds }) => {
        const parts = Array.from({ length: of }, (_, index) =>
          partOf(cells, (cell) => cell, { index: index + 1, of }, seconds),
        );
        expect(parts.flat()).toHaveLength(cells.length);
        expect(new Set(parts.flat())).toEqual(new Set(cells));
        for (const part of parts) expect(part).toEqual(cells.filter((cell) => part.includes(cell)));
      }),
      { numRuns: runs(300) },
    );
  });

  test('so that repeats of a question are spread evenly, and no shard has more to do by more than one cell', () => {
    fc.assert(
      fc.property(plans, ({ cells, of, seconds }) => {
        const shards = assignShards(cells, of, seconds);
        const question = ({ prompt, scenario }: Cell): string => `${prompt} ${scenario}`;
        for (const name of new Set(cells.map(question))) {
          const own = shards.filter((_shard, index) => cells[index] !== undefined && question(cells[index]) === name);
          expect(spread(counts(own, of))).toBeLessThanOrEqual(1);
        }
        const known = Object.values(seconds ?? {}).sort((one, other) => one - other);
        const median = known[Math.floor((known.length - 1) / 2)] ?? 1;
        const weight = ({ scenario }: Cell): number => seconds?.[scenario ?? ''] ?? median;
        const loads = Array.from({ length: of }, (_, shard) =>
          cells.reduce((sum, cell, index) => sum + (shards[index] === shard ? weight(cell) : 0), 0),
        );
        expect(spread(loads)).toBeLessThanOrEqual(Math.max(...cells.map(weight)) + 1e-6);
      }),
      { numRuns: runs(300) },
    );
  });

  test('by what was written down: one long scenario is alone, and the short ones share a shard', () => {
    const cells = ['a', 'b', 'c', 'd'].map((scenario): Cell => ({ prompt: 'p', scenario, model: 'm', repeat: 1 }));
    expect(assignShards(cells, 2, { a: 1, b: 1, c: 60, d: 1 })).toEqual([1, 1, 0, 1]);
    expect(counts(assignShards(cells, 2, null), 2)).toEqual([2, 2]);
  });
});

test('what scenarios took is the mean of their graded answers, and ungraded ones say nothing', () => {
  const graded = (scenario: string, cpuMs: number, verdict: 'pass' | 'ungraded' = 'pass') => ({
    cell: { prompt: 'p', scenario, model: 'm', repeat: 1 },
    verdict,
    score: 1,
    reasons: [],
    required: [],
    assumptions: [],
    flags: [],
    projects: [],
    checks: [
      {
        id: 'python/tests',
        status: 'passed' as const,
        score: 1,
        reason: null,
        facts: {},
        findings: [],
        evidence: [{ command: 'x', exitCode: 0, signal: null, limit: null, durationMs: 1, cpuMs, output: '' }],
      },
    ],
  });
  expect(
    secondsOf([{ grades: [graded('b', 3000), graded('b', 5000), graded('a', 0), graded('a', 9e6, 'ungraded')] }]),
  ).toEqual({ a: 0.1, b: 4 });
});
