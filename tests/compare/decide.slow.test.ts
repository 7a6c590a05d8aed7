import { describe, expect, test } from 'vitest';
import { ALPHA } from '../../src/compare/directed.ts';
import { decide } from '../../src/compare/decide.ts';
import type { Dimension, Observed, Stratum } from '../../src/compare/stratum.ts';
import { seeded } from '../../src/compare/statistics/random.ts';

const dimensions: Dimension[] = [
  { id: 'pass', kind: 'share', margin: 0.05 },
  { id: 'score', kind: 'share', margin: 0.03 },
];
const RUNS = 300;

/** Share of comparisons in which the gate says "worse"; the seed is fixed, so it is always the same share. */
function worse(
  scenarios: number,
  [inBase, inHead]: readonly [number, number],
  chances: (normal: number) => readonly [base: number, head: number],
  hard = 0,
): number {
  const random = seeded(11);
  const answers = (count: number, chance: number): Observed[] =>
    Array.from({ length: count }, () => {
      const pass = random.uniform() < chance ? 1 : 0;
      return { values: [pass, 0.6 * pass + 0.4 * random.uniform()], hard: [random.uniform() < hard ? 1 : 0] };
    });
  let hits = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const strata = Array.from({ length: scenarios }, (_, index): Stratum => {
      const [base, head] = chances(random.normal());
      return { scenario: String(index), base: answers(inBase, base), head: answers(inHead, head) };
    });
    if (decide(strata, dimensions, { scope: 'population', alpha: ALPHA, draws: 199, seed: run }).outcome === 'worse')
      hits += 1;
  }
  return hits / RUNS;
}

/** 5 %, and three standard errors of the simulation. */
const LIMIT = ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / RUNS);

describe('without a true difference "worse" is rare', () => {
  const varying = (normal: number): readonly [number, number] => {
    const half = Math.max(-0.5, Math.min(0.5, 0.15 * normal));
    return [0.5 - half, 0.5 + half];
  };
  const rows: [
    what: string,
    scenarios: number,
    repeats: [number, number],
    chances: Parameters<typeof worse>[2],
    hard: number,
  ][] = [
    ['when nothing differs at all', 8, [3, 3], () => [0.6, 0.6], 0.1],
    ['when effects vary among scenarios and answers are many, where pooled tests fail', 10, [20, 20], varying, 0],
    ['at a ceiling, with 2 answers against 10, where the t test fails', 20, [2, 10], () => [0.95, 0.95], 0],
  ];
  test.each(rows)('%s', (_what, scenarios, repeats, chances, hard) => {
    expect(worse(scenarios, repeats, chances, hard)).toBeLessThanOrEqual(LIMIT);
  });
});

describe('a true loss', () => {
  test('of 30 points is seen in most comparisons of 20 scenarios with 5 answers', () => {
    expect(worse(20, [5, 5], () => [0.7, 0.4])).toBeGreaterThan(0.8);
  });
});
