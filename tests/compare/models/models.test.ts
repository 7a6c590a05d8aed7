import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare } from '../../../src/compare/compare.ts';
import { acceptedOf, formOf, quantile, worstCaseOf } from '../../../src/compare/models/figures.ts';
import { pairsOf, ranksOf } from '../../../src/compare/models/ranking.ts';
import type { Entrant } from '../../../src/compare/models/ranking.ts';
import { recommend } from '../../../src/compare/models/recommend.ts';
import { question, sampleCell, sampleCells, sampleSummary } from '../../support/sample-runs.ts';
import { runs } from '../../support/levels.ts';

describe('the cost of an accepted answer', () => {
  const cell = (pass: boolean | null, costUsd: number | null, acceptance?: 'passed' | 'errored') => {
    const made = sampleCell({ pass, costUsd });
    if (acceptance !== undefined) made.checks['python/acceptance'] = [acceptance, null];
    return made;
  };

  test('counts what failed and ungraded answers cost, and not the answers themselves', () => {
    expect(acceptedOf([cell(true, 1), cell(false, 1), cell(null, 2), cell(true, 1)])).toMatchObject({
      answers: 2,
      costUsd: 5,
      perAnswer: 2.5,
    });
  });

  test('is none where none is accepted, and not known where a cost is missing', () => {
    expect(acceptedOf([cell(false, 1)])).toMatchObject({ answers: 0, perAnswer: null, costUsd: 1 });
    expect(acceptedOf([cell(true, null), cell(true, 1)])).toMatchObject({ answers: 2, unpriced: 1, perAnswer: null });
    expect(acceptedOf([])).toMatchObject({ answers: 0, costUsd: null, perAnswer: null });
  });

  test('accepts no answer whose contract was not measured', () => {
    expect(acceptedOf([cell(true, 1, 'passed'), cell(true, 1, 'errored')])).toMatchObject({
      answers: 1,
      withContract: 1,
      perAnswer: 2,
    });
  });
});

test('ungraded answers are bounded from both sides, and form stands apart from behaviour', () => {
  const cells = [true, true, false, null].map((pass) => sampleCell({ pass }));
  expect(worstCaseOf(cells)).toEqual([0.5, 0.75]);
  const formless = sampleCell({ pass: false });
  formless.checks['answer/files'] = ['failed', 0];
  expect(formOf([...cells, formless])).toEqual({ form: { hits: 3, of: 4 }, behaviour: { hits: 2, of: 3 } });
  expect([quantile([3, 1, 2], 0.5), quantile([1, 2, 3, 4], 0.95)]).toEqual([2, 4]);
});

const entrant = (model: string, scenarios: number[][]): Entrant => ({
  model,
  passes: new Map(scenarios.map((values, index) => [`s${index}`, values])),
});
const all = (model: string, value: number, scenarios = 12) =>
  entrant(
    model,
    Array.from({ length: scenarios }, () => [value, value, value]),
  );

describe('a ranking', () => {
  test('orders what the answers tell apart, and leaves open what they do not', () => {
    const models = [all('bad', 0), all('good', 1), all('fine', 1)];
    const ranks = ranksOf(models, pairsOf(models, 'suite'));
    expect(ranks.map(({ model, best, worst, groups }) => [model, best, worst, groups])).toEqual([
      ['fine', 1, 2, 'a'],
      ['good', 1, 2, 'a'],
      ['bad', 3, 3, 'b'],
    ]);
  });

  test('says of few answers that all may have any place', () => {
    const models = ['x', 'y', 'z'].map((model, index) => entrant(model, [[index === 0 ? 1 : 0]]));
    const ranks = ranksOf(models, pairsOf(models, 'suite'));
    expect(ranks.every(({ best, worst, groups }) => best === 1 && worst === 3 && groups === 'a')).toBe(true);
  });

  test('never contradicts its intervals, whatever the answers are', () => {
    const answers = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 4 });
    const field = fc
      .integer({ min: 1, max: 8 })
      .chain((scenarios) =>
        fc.array(fc.array(answers, { minLength: scenarios, maxLength: scenarios }), { minLength: 3, maxLength: 5 }),
      );
    fc.assert(
      fc.property(field, (rows) => {
        const models = rows.map((row, index) => entrant(`m${index}`, row));
        const pairs = pairsOf(models, 'suite');
        const ranks = ranksOf(models, pairs);
        const of = (model: string) => ranks.find((rank) => rank.model === model);
        for (const { one, other, interval, apart } of pairs) {
          const shared = ['a', 'b', 'c', 'd', 'e', 'f'].some(
            (letter) => of(one)?.groups.includes(letter) === true && of(other)?.groups.includes(letter) === true,
          );
          expect(shared).toBe(!apart);
          if (!apart) continue;
          const [better, worse] = interval[0] > 0 ? [other, one] : [one, other];
          expect(of(better)?.best ?? 9).toBeLessThan(of(worse)?.worst ?? 0);
        }
        for (const { best, worst } of ranks) expect(best).toBeLessThanOrEqual(worst);
      }),
      { numRuns: runs(40) },
    );
  });

  test('tells equal models apart in at most 5 % of cases', () => {
    let [seed, wrong] = [1, 0];
    const coin = () => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 < 0.6 ? 1 : 0);
    for (let round = 0; round < 100; round += 1) {
      const models = ['x', 'y', 'z'].map((model) =>
        entrant(
          model,
          Array.from({ length: 6 }, () => [coin(), coin(), coin()]),
        ),
      );
      if (pairsOf(models, 'suite').some(({ apart }) => apart)) wrong += 1;
    }
    expect(wrong / 100).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 100));
  });
});

describe('a recommendation', () => {
  const side = (name: string, pass: (scenario: number) => boolean, costUsd: number, repeats = 5) =>
    sampleSummary(
      name,
      sampleCells(40, repeats, 'p', (scenario, repeat) => ({
        model: name,
        pass: pass(scenario),
        costUsd: costUsd + 0.001 * ((scenario + repeat) % 4),
      })),
    );
  const against = (head: ReturnType<typeof side>, base = side('old', (scenario) => scenario % 4 > 0, 0.2)) => ({
    model: head.run,
    comparison: compare(question(base, head)),
  });
  const better = against(side('new', () => true, 0.2));
  const cheaper = against(side('cheap', (scenario) => scenario % 4 > 0, 0.1));
  const dearer = against(side('dear', (scenario) => scenario % 4 > 0, 0.4));
  const worse = against(side('bad', () => false, 0.01));

  test('is to change where a model is better, or as good and cheaper', () => {
    expect(recommend('old', [better], [])).toMatchObject({ kind: 'change', models: ['new'] });
    expect(recommend('old', [cheaper], [])).toMatchObject({ kind: 'change', models: ['cheap'] });
    expect(recommend('old', [cheaper, better], [])).toMatchObject({ kind: 'change', models: ['new'] });
  });

  test('is to stay where nothing speaks for a change, however cheap a worse model is', () => {
    expect(recommend('old', [dearer], [])).toMatchObject({ kind: 'stay', models: ['old'] });
    expect(recommend('old', [worse], [])).toMatchObject({ kind: 'stay' });
  });

  test('is none where the answers carry none', () => {
    const few = compare(
      question(
        sampleSummary(
          'old',
          sampleCells(2, 1, 'p', () => ({ model: 'old' })),
        ),
        sampleSummary(
          'new',
          sampleCells(2, 1, 'p', () => ({ model: 'new' })),
        ),
      ),
    );
    expect(recommend('old', [{ model: 'new', comparison: few }], [])).toMatchObject({ kind: 'open', models: [] });
    expect(recommend('old', [{ ...better, wanting: '9 answers are ungraded' }], [])).toMatchObject({ kind: 'open' });
    const twin = { ...better, model: 'twin' };
    expect(recommend('old', [better, twin], [])).toMatchObject({ kind: 'choose', models: ['new', 'twin'] });
  });
});
