import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noncentralTCdf, normalQuantile, tCdf, tQuantile } from '../../../src/compare/statistics/distributions.ts';
import { benjaminiHochberg, fisher, fisherMore, holm, mcnemar } from '../../../src/compare/statistics/exact.ts';
import scipy from './fixtures/scipy.json' with { type: 'json' };
import {
  boundedPairedT,
  clusteredStandardError,
  jeffreys,
  pairedT,
  wilson,
} from '../../../src/compare/statistics/intervals.ts';
import { passAtK, passHatK } from '../../../src/compare/statistics/pass-k.ts';
import { minimalDetectableEffect, power } from '../../../src/compare/statistics/power.ts';
import { seeded } from '../../../src/compare/statistics/random.ts';
import { signFlip } from '../../../src/compare/statistics/sign-flip.ts';
import { alphaSpending } from '../../../src/compare/statistics/spending.ts';
import { stratifiedPermutation } from '../../../src/compare/statistics/stratified.ts';
import { runs } from '../../support/levels.ts';

const resampling = { draws: 2000, seed: 1 };
const close = (found: number, expected: number, digits = 9): void => expect(found).toBeCloseTo(expected, digits);
const side = (values: readonly number[]): number[][] => values.map((value) => [value]);

describe("scipy's values", () => {
  test('are those of the distribution functions', () => {
    for (const [t = 0, df = 0, p = 0] of scipy.tCdf) close(tCdf(t, df), p, 7);
    for (const [p = 0, df = 0, t = 0] of scipy.tQuantile) close(tQuantile(p, df), t, 6);
    for (const [t = 0, df = 0, nc = 0, p = 0] of scipy.noncentralT) close(noncentralTCdf(t, df, nc), p, 6);
    for (const [p = 0, z = 0] of scipy.normalQuantile) close(normalQuantile(p), z, 7);
  });

  test('are those of the intervals', () => {
    for (const [level, [low, high]] of scipy.pairedT as [number, [number, number]][]) {
      const found = pairedT(scipy.scores, level);
      close(found[0], low, 6);
      close(found[1], high, 6);
    }
    for (const [hits, of, [low, high]] of scipy.wilson as [number, number, [number, number]][]) {
      close(wilson(hits, of, 0.95)[0], low, 7);
      close(wilson(hits, of, 0.95)[1], high, 7);
    }
    for (const [hits, of, [low, high]] of scipy.jeffreys as [number, number, [number, number]][]) {
      close(jeffreys(hits, of, 0.95)[0], low, 6);
      close(jeffreys(hits, of, 0.95)[1], high, 6);
    }
  });

  test('are those of the exact tests', () => {
    for (const [base, head, two, more] of scipy.fisher as [[number, number], [number, number], number, number][]) {
      const counts = [
        { hits: base[0], of: base[1] },
        { hits: head[0], of: head[1] },
      ] as const;
      close(fisher(...counts), two, 7);
      close(fisherMore(...counts), more, 7);
    }
    for (const [lost = 0, gained = 0, p = 0] of scipy.mcnemar) close(mcnemar(lost, gained), p);
    benjaminiHochberg(scipy.ps).forEach((p, index) => close(p, scipy.benjaminiHochberg[index] ?? NaN));
  });

  test('are those of the permutation tests, which are exact when all arrangements can be tried', () => {
    scipy.signFlip.forEach((p, dimension) =>
      close(signFlip(scipy.differences, 2, resampling)[dimension]?.raw ?? NaN, p),
    );
    const strata = (scipy.strata as [number[], number[]][]).map(([base, head]) => ({
      base: side(base),
      head: side(head),
      weight: 1,
    }));
    close(stratifiedPermutation(strata, 1, resampling)[0]?.raw ?? NaN, scipy.stratified);
  });

  test('are those of the power', () => {
    for (const [scenarios = 0, sd = 0, effect = 0, alpha = 0, expected = 0] of scipy.power)
      close(power(scenarios, sd, effect, alpha), expected, 6);
  });
});

const passes = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 4 });
const strataOf = fc.array(fc.record({ base: passes, head: passes }), { minLength: 1, maxLength: 6 });

describe('the permutation tests', () => {
  test('agree with each other and with McNemar where each scenario has one answer a side', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 1 })), {
          minLength: 1,
          maxLength: 10,
        }),
        (pairs) => {
          const strata = pairs.map(([base, head]) => ({ base: [[base]], head: [[head]], weight: 1 }));
          const [dealt] = stratifiedPermutation(strata, 1, resampling);
          const [flipped] = signFlip(
            pairs.map(([base, head]) => [head - base]),
            1,
            resampling,
          );
          close(dealt?.raw ?? NaN, flipped?.raw ?? NaN);
          const [lost, gained] = [
            pairs.filter(([base, head]) => base > head).length,
            pairs.filter(([base, head]) => base < head).length,
          ];
          if (gained > lost) close(mcnemar(lost, gained), Math.min(1, 2 * (flipped?.raw ?? NaN)));
        },
      ),
    );
  });

  test('do not care in which order scenarios and answers come, and give a p value above 0', () => {
    fc.assert(
      fc.property(strataOf, (strata) => {
        const given = strata.map(({ base, head }) => ({
          base: side(base),
          head: side(head),
          weight: 1 / strata.length,
        }));
        const turned = given
          .toReversed()
          .map((stratum) => ({ ...stratum, base: stratum.base.toReversed(), head: stratum.head.toReversed() }));
        const [one, other] = [
          stratifiedPermutation(given, 1, resampling)[0]?.raw ?? NaN,
          stratifiedPermutation(turned, 1, resampling)[0]?.raw ?? NaN,
        ];
        expect(one).toBeGreaterThan(0);
        expect(one).toBeLessThanOrEqual(1);
        // Where all arrangements are tried the order is no matter at all; drawn ones differ by chance.
        expect(Math.abs(one - other)).toBeLessThan(0.06);
      }),
      { numRuns: runs(50) },
    );
  });

  test('pay for looking at several dimensions, and not for one that says the same twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })), {
          minLength: 2,
          maxLength: 8,
        }),
        (differences) => {
          const [first] = signFlip(
            differences.map(([one]) => [one]),
            1,
            resampling,
          );
          const both = signFlip(differences, 2, resampling);
          for (const { raw, adjusted } of both) expect(adjusted).toBeGreaterThanOrEqual(raw - 1e-12);
          close(both[0]?.raw ?? NaN, first?.raw ?? NaN);
          const twice = signFlip(
            differences.map(([one]) => [one, one]),
            2,
            resampling,
          );
          close(twice[1]?.adjusted ?? NaN, first?.raw ?? NaN);
        },
      ),
    );
  });

  test('never give 0, however few are drawn', () => {
    const [p] = signFlip(
      Array.from({ length: 40 }, () => [1]),
      1,
      { draws: 99, seed: 3 },
    );
    expect(p?.raw).toBe(0.01);
  });

  test('give the same for the same seed, and nearly the same for another', () => {
    const strata = Array.from({ length: 20 }, (_, index) => ({
      base: side([0, 1, index % 2, 1]),
      head: side([1, 1, index % 3 === 0 ? 0 : 1, 1]),
      weight: 1 / 20,
    }));
    const p = (seed: number): number => stratifiedPermutation(strata, 1, { draws: 5000, seed })[0]?.raw ?? NaN;
    expect(p(1)).toBe(p(1));
    expect(Math.abs(p(1) - p(2))).toBeLessThan(0.03);
  });
});

describe('the intervals', () => {
  test('of a bounded difference have a width where all scenarios are alike, and are narrower than the t interval by no more than two further scenarios explain', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 }),
        (differences) => {
          const [low, high] = boundedPairedT(differences, 0.9, 1);
          expect(low).toBeLessThan(high);
          expect((low + high) / 2).toBeCloseTo(
            differences.reduce((sum, value) => sum + value, 0) / differences.length,
            9,
          );
          const plain = pairedT(differences, 0.9);
          // Two further values never make the sum of squares smaller, and the mean of n + 2 varies less than that of n.
          const n = differences.length;
          const least = Math.sqrt((n * (n - 1)) / ((n + 1) * (n + 2)));
          expect(high - low).toBeGreaterThanOrEqual((plain[1] - plain[0]) * least * (1 - 1e-9)); // but for rounding
        },
      ),
    );
    expect(boundedPairedT([0, 0, 0, 0, 0], 0.9, 1)[0]).toBeLessThan(-0.3);
  });

  test('of shares hold the share and stay between 0 and 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
        const hits = Math.round(of * share);
        for (const [low, high] of [wilson(hits, of, 0.95), jeffreys(hits, of, 0.95)]) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low - 1e-9).toBeLessThanOrEqual(hits / of);
          expect(high + 1e-9).toBeGreaterThanOrEqual(hits / of);
        }
      }),
    );
  });

  test('answers of one scenario that all agree count as one answer', () => {
    const single = clusteredStandardError([[1], [0], [1], [1]]);
    const repeated = clusteredStandardError([
      [1, 1, 1],
      [0, 0, 0],
      [1, 1, 1],
      [1, 1, 1],
    ]);
    close(repeated, single);
  });
});

describe('pass@k and pass^k', () => {
  test('are what drawing k of the answers, all ways, gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (answers, k) => {
          const [n, c] = [answers.length, answers.filter(Boolean).length];
          if (k > n) {
            expect(passAtK(n, c, k)).toBeNaN();
            return;
          }
          const subsets = Array.from({ length: 2 ** n }, (_, mask) =>
            answers.filter((__, index) => (mask >> index) & 1),
          ).filter(({ length }) => length === k);
          close(passAtK(n, c, k), subsets.filter((chosen) => chosen.some(Boolean)).length / subsets.length);
          close(passHatK(n, c, k), subsets.filter((chosen) => chosen.every(Boolean)).length / subsets.length);
        },
      ),
    );
  });
});

describe('power and multiplicity', () => {
  test('the smallest change that can be seen is seen with the power that was asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), fc.double({ min: 0.05, max: 0.8, noNaN: true }), (scenarios, sd) => {
        close(power(scenarios, sd, minimalDetectableEffect(scenarios, sd, 0.04), 0.04), 0.8, 4);
      }),
      { numRuns: runs(30) },
    );
  });

  test('looks never spend more than there is, and none spends what could not reject', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 50 }), (looks, scenarios) => {
        const parts = alphaSpending(0.04, looks, 2 ** -scenarios);
        close(
          parts.reduce((sum, part) => sum + part, 0),
          0.04,
        );
        for (const part of parts.slice(0, -1)) expect(part === 0 || part >= 2 ** -scenarios).toBe(true);
      }),
    );
  });

  test('Holm is stricter than Benjamini and Hochberg, and both are stricter than nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.0001, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (p) => {
        const [strict, mild] = [holm(p), benjaminiHochberg(p)];
        p.forEach((value, index) => {
          expect(mild[index]).toBeGreaterThanOrEqual(value - 1e-12);
          expect(strict[index]).toBeGreaterThanOrEqual((mild[index] ?? NaN) - 1e-12);
        });
      }),
    );
  });

  test('random numbers are even', () => {
    const random = seeded(7);
    const counts = [0, 0, 0, 0, 0];
    for (let draw = 0; draw < 50_000; draw += 1) {
      const face = random.below(5);
      counts[face] = (counts[face] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
