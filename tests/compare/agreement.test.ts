import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agreeing } from '../../src/compare/agreement.ts';
import { compare } from '../../src/compare/compare.ts';
import { NotComparableError } from '../../src/compare/match.ts';
import { gateSchema } from '../../src/domain/runs/gate.ts';
import { fewBound, fewTest, fewestForCollapse } from '../../src/compare/statistics/few.ts';
import { signFlipBound, stratifiedBound } from '../../src/compare/statistics/inversion.ts';
import { signFlip } from '../../src/compare/statistics/sign-flip.ts';
import { stratifiedPermutation } from '../../src/compare/statistics/stratified.ts';
import { question, sampleCell, sampleSummary } from '../support/sample-runs.ts';
import { runs } from '../support/levels.ts';

const resampling = { draws: 399, seed: 7 };

/** Two sides to compare: for each scenario, which answers of base and head pass, and what each cost. */
const experiment = fc.array(
  fc.record({
    base: fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 4 }),
    head: fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 9 },
);

describe('test and interval', () => {
  test('never disagree, whatever the answers, the scope and the margin', () => {
    fc.assert(
      fc.property(
        experiment,
        fc.constantFrom('suite' as const, 'population' as const),
        fc.constantFrom(0.05, 0.3, 0.9),
        (scenarios, scope, margin) => {
          const side = (which: 'base' | 'head') =>
            sampleSummary(
              which,
              scenarios.flatMap((row, scenario) =>
                row[which].map(([pass, cost], repeat) =>
                  sampleCell({ scenario: `s${scenario}`, prompt: which, repeat: repeat + 1, pass, costUsd: cost }),
                ),
              ),
            );
          const gate = gateSchema.parse({ scope, margins: { pass: margin, tests: margin }, limits: { cost: 1.5 } });
          const { dimensions } = compare(question(side('base'), side('head'), { gate }));
          for (const { unit, outcome, interval, margin: allowed, gated, pSuite, pPopulation } of dimensions) {
            if (interval === null) continue;
            // Quantities: less is better, and 1 is no difference.
            const [low, high] = unit === 'share' ? interval : [-Math.log(interval[1]), -Math.log(interval[0])];
            const least = allowed === null ? 0 : unit === 'share' ? allowed : Math.log(allowed);
            if (gated) {
              if (outcome === 'worse') expect(high).toBeLessThan(0);
              if (outcome === 'better') expect(low).toBeGreaterThan(0);
              else expect(low).toBeLessThanOrEqual(0);
              if (outcome === 'not enough data') expect(high).toBeGreaterThanOrEqual(0);
              if (outcome === 'no worse') expect(low).toBeGreaterThan(-least - 1e-9);
              if (outcome === 'not enough data' || outcome === 'worse') expect(low).toBeLessThanOrEqual(-least + 1e-9);
            } else {
              const p = pSuite ?? pPopulation ?? 1;
              if (low > 0 || high < 0) expect(p).toBeLessThanOrEqual(0.1 + 1e-9);
              else expect(p).toBeGreaterThan(0.1 - 1e-9);
            }
          }
        },
      ),
      { numRuns: runs(60) },
    );
  });

  test('ends beyond 0 come from the test that rejects, others stop at 0', () => {
    const no = { holds: false, bound: () => 0 };
    expect(agreeing([-0.4, 0.1], { holds: true, bound: () => 0.05 }, no)).toEqual([-0.4, -0.05]);
    expect(agreeing([-0.4, -0.1], no, no)).toEqual([-0.4, 0]);
    expect(agreeing([0.1, 0.4], no, no)).toEqual([0, 0.4]);
    expect(agreeing([0.1, 0.4], no, { holds: true, bound: () => 0.2 })).toEqual([0.1, 0.4]);
  });
});

describe('a bound by inversion', () => {
  const level = fc.constantFrom(0.02, 0.05, 0.1);

  test('of the sign-flip test is above a shift exactly where the test rejects that shift', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 11 }),
        level,
        fc.integer({ min: -25, max: 25 }),
        (values, alpha, half) => {
          const shift = half + 0.5; // never equal to a difference's mean but by chance, and then equality decides
          const p =
            signFlip(
              values.map((value) => [value - shift]),
              1,
              resampling,
            )[0]?.raw ?? 1;
          const bound = signFlipBound(values, alpha, resampling);
          if (Math.abs(bound - shift) > 1e-6) expect(bound > shift).toBe(p <= alpha + 1e-12);
        },
      ),
      { numRuns: runs(200) },
    );
  });

  test('of the stratified test is above a shift exactly where the test rejects that shift', () => {
    const answers = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 3 });
    const strata = fc.array(fc.record({ base: answers, head: answers }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(strata, level, fc.integer({ min: -12, max: 12 }), (sides, alpha, whole) => {
        const shift = whole + 0.37;
        const rows = (by: number) =>
          sides.map(({ base, head }) => ({ base: base.map((v) => [v]), head: head.map((v) => [v - by]), weight: 1 }));
        const p = stratifiedPermutation(rows(shift), 1, resampling)[0]?.raw ?? 1;
        const bound = stratifiedBound(rows(0), alpha, resampling);
        if (Math.abs(bound - shift) > 1e-6) expect(bound > shift).toBe(p <= alpha + 1e-12);
      }),
      { numRuns: runs(200) },
    );
  });

  test('of few answers is above 0 exactly where their test rejects', () => {
    for (let each = 1; each <= 12; each += 1)
      for (let lost = each; lost <= 2 * each; lost += 1)
        for (const alpha of [0.01, 0.04, 0.05])
          expect(fewBound(lost, each, alpha) > 0).toBe(fewTest(lost, each) <= alpha);
  });
});

describe('few answers', () => {
  test('show a loss of all of them from three answers a side on', () => {
    expect(fewTest(4, 2)).toBeCloseTo(1 / 16);
    expect(fewTest(6, 3)).toBeCloseTo(1 / 64);
    expect(fewestForCollapse(0.04)).toBe(3);
  });

  test('are called worse wrongly no more often than promised, whatever the pass rates of the scenarios are', () => {
    // All outcomes with their probabilities: no simulation, no luck.
    const rate = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(rate, { minLength: 1, maxLength: 5 }), level4, (rates, alpha) => {
        let wrongly = 0;
        const n = rates.length;
        for (let outcome = 0; outcome < 4 ** n; outcome += 1) {
          let [chance, lost] = [1, 0];
          rates.forEach((p, index) => {
            const [base, head] = [(outcome >> (2 * index)) & 1, (outcome >> (2 * index + 1)) & 1];
            chance *= (base === 1 ? p : 1 - p) * (head === 1 ? p : 1 - p);
            lost += base + (1 - head);
          });
          if (fewTest(lost, n) <= alpha) wrongly += chance;
        }
        expect(wrongly).toBeLessThanOrEqual(alpha + 1e-9);
      }),
      { numRuns: runs(100) },
    );
  });
});
const level4 = fc.constantFrom(0.01, 0.04, 0.05, 0.1);

test('nothing to compare is still refused', () => {
  expect(() => compare(question(sampleSummary('a', []), sampleSummary('b', [])))).toThrow(NotComparableError);
});
