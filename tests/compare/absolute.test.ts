import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absoluteGate } from '../../src/compare/absolute.ts';
import { boundsOf } from '../../src/compare/statistics/least.ts';
import { gateSchema } from '../../src/domain/runs/gate.ts';
import { suiteSchema } from '../../src/domain/runs/suite.ts';
import { sampleCell, sampleCells } from '../support/sample-runs.ts';
import { runs } from '../support/levels.ts';

const passing = (hits: number, of: number, model = 'm') =>
  Array.from({ length: of }, (_, index) => sampleCell({ scenario: `s${index}`, model, pass: index < hits }));
const decided = (cells: ReturnType<typeof passing>, gate: object, compared = false) =>
  absoluteGate(cells, gateSchema.parse(gate), compared);

describe('a gate without a base', () => {
  test('asks for a share of answers, decided by an interval', () => {
    expect(decided(passing(40, 40), { atLeast: { pass: 0.8 } })).toMatchObject({ met: true });
    expect(decided(passing(20, 40), { atLeast: { pass: 0.8 } })).toMatchObject({
      met: false,
      why: 'pass of at least 80 %: not met; 50 % of 40 answers, interval 36.1 % to 63.9 %',
    });
    const open = decided(passing(8, 10), { atLeast: { pass: 0.8 } });
    expect(open).toMatchObject({ met: true, rows: [{ outcome: 'not enough data' }] });
    expect(decided(passing(8, 10), { atLeast: { pass: 0.8 }, unsettled: 'fail' })).toMatchObject({ met: false });
    expect(decided(passing(9, 10), { atLeast: { pass: 0.8 } })?.rows[0]?.text).toMatch(
      /about \d+ answers would decide/,
    );
  });

  test('is not met where no answer passes at all, however few there are', () => {
    expect(decided(passing(0, 1), { atLeast: { pass: 0.95 } })).toMatchObject({ met: false });
    expect(decided(passing(0, 1), { atLeast: { pass: 0.95 }, unconfirmed: 'pass' })).toMatchObject({ met: true });
  });

  test('judges each model by itself, and names it', () => {
    const cells = [...passing(40, 40, 'good'), ...passing(2, 40, 'bad')];
    const made = decided(cells, { atLeast: { pass: 0.5 } });
    expect(made).toMatchObject({ met: false, rows: [{ outcome: 'met' }, { outcome: 'not met' }] });
    expect(made?.why).toMatch(/^p@1 × bad: /);
  });

  test('takes no hard invariant for a matter of chance', () => {
    const cells = sampleCells(3, 2, 'p@1', (scenario, repeat) =>
      scenario === 1 && repeat === 0 ? { findings: ['ruff S608'] } : {},
    );
    expect(decided(cells, { hard: ['finding:ruff S*'] })).toMatchObject({
      met: false,
      why: 'finding:ruff S*: in 1 of 6 answers (s1)',
    });
    expect(decided(cells, { hard: ['finding:bandit *'] })).toMatchObject({ met: true });
    // With a base it is the comparison that says whether the base breaks it as well.
    expect(decided(cells, { hard: ['finding:ruff S*'], base: 'baseline' }, true)).toBeNull();
  });

  test('asks other dimensions for their mean, and ungraded answers for nothing', () => {
    const cells = sampleCells(60, 1, 'p@1', (scenario) => ({ pass: scenario % 2 === 0 ? true : null }));
    expect(decided(cells, { atLeast: { tests: 0.8 } })).toMatchObject({ met: true });
    expect(decided(cells, { atLeast: { coverage: 0.8 } })).toMatchObject({ met: false });
  });
});

describe('bounds of a mean', () => {
  test('hold as often as they say for answers that pass at any rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, rate) => {
        let [below, above, chance] = [0, 0, (1 - rate) ** n];
        for (let hits = 0; hits <= n; hits += 1) {
          const values = Array.from({ length: n }, (_, index) => (index < hits ? 1 : 0));
          const [low, high] = boundsOf(values, 0.05, true);
          if (low > rate) below += chance;
          if (high < rate) above += chance;
          chance *= ((n - hits) / (hits + 1)) * (rate / (1 - rate));
        }
        expect(Math.max(below, above)).toBeLessThanOrEqual(0.05 + 1e-9);
      }),
      { numRuns: runs(100) },
    );
  });

  test('of values between 0 and 1 are wider, and contain the mean', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (values) => {
        const [low, high] = boundsOf(values, 0.05, false);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(low).toBeLessThanOrEqual(mean + 1e-9);
        expect(high).toBeGreaterThanOrEqual(mean - 1e-9);
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('what a suite configures has an effect, or is refused', () => {
  const read = (gate: unknown) =>
    suiteSchema.safeParse({ id: 's', prompts: ['p@1'], models: ['recorded'], scenarios: ['a'], gate });
  test.each([
    [{ margins: { pass: 0.05 } }, 'margins', /expected base: baseline/],
    [{ limits: { cost: 2 }, hard: ['check:tests'] }, 'limits', /expected base: baseline/],
    [{ scope: 'suite', hard: ['check:tests'] }, 'scope', /expected atLeast or base/],
    [{ unsettled: 'fail' }, 'unsettled', /expected atLeast or base/],
    [{}, undefined, /expected base .*or one of hard, atLeast and ungraded/],
  ])('%j without a base is refused', (gate, part, message) => {
    const issue = read(gate).error?.issues[0];
    expect(issue?.message).toMatch(message);
    expect(issue?.path).toEqual(part === undefined ? ['gate'] : ['gate', part]);
  });
  test.each([
    { base: 'baseline', margins: { pass: 0.05 }, unsettled: 'fail' },
    { base: 'none', margins: { pass: 0.05 } },
    { hard: ['check:tests'] },
    { ungraded: 2 },
    { atLeast: { pass: 0.8, tests: 0.95 }, scope: 'population', unsettled: 'fail', unconfirmed: 'pass' },
  ])('%j is taken', (gate) => {
    expect(read(gate).success).toBe(true);
  });
});
