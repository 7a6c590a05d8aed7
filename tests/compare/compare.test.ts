import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultGate, gateSchema } from '../../src/domain/runs/gate.ts';
import { costOf } from '../../src/domain/runs/cost.ts';
import type { Paid } from '../../src/domain/grading/answer.ts';
import type { RunSummary } from '../../src/domain/runs/summary.ts';
import { UsageError } from '../../src/domain/usage-error.ts';
import { compare } from '../../src/compare/compare.ts';
import { NotComparableError } from '../../src/compare/match.ts';
import { question, sampleCell, sampleCells, sampleSide, sampleSummary } from '../support/sample-runs.ts';
import { outlook } from '../../src/compare/sight.ts';
import { runs } from '../support/levels.ts';

const good = (prompt: string, scenarios = 8, repeats = 3) => sampleCells(scenarios, repeats, prompt, () => ({}));
const base = sampleSummary('base', good('p@1'));
const head = (wish: Parameters<typeof sampleCells>[3]) => sampleSummary('head', sampleCells(8, 3, 'p@2', wish));

describe('what got worse is caught', () => {
  test('when no answer passes any more', () => {
    const made = compare(
      question(
        base,
        head(() => ({ pass: false })),
      ),
    );
    expect(made).toMatchObject({ outcome: 'worse', gate: { met: false, why: 'it got worse' } });
    expect(made.reasons[0]).toMatch(/^pass: worse; 100\.0 % → 0\.0 %, -100\.0 points/);
  });

  test('when a third of the answers fails', () => {
    expect(
      compare(
        question(
          base,
          head((_, repeat) => ({ pass: repeat !== 2 })),
        ),
      ).outcome,
    ).toBe('worse');
  });

  test('when cost is what got worse, and the limit is exceeded', () => {
    const gate = gateSchema.parse({ limits: { cost: 1.25 } });
    const paid = (prompt: string, factor: number) =>
      sampleSummary(
        prompt,
        sampleCells(8, 3, prompt, (scenario, repeat) => ({
          costUsd: factor * (0.1 + 0.01 * ((scenario * 7 + repeat * 3) % 5)),
        })),
      );
    expect(
      compare(question(paid('p@1', 1), paid('p@2', 2), { gate })).dimensions.find(({ id }) => id === 'cost'),
    ).toMatchObject({ outcome: 'worse', unit: 'ratio' });
    expect(
      compare(question(paid('p@1', 1), paid('p@2', 1.02), { gate })).dimensions.find(({ id }) => id === 'cost')
        ?.outcome,
    ).toBe('no worse');
  });

  test('and said of these scenarios alone where others like them cannot be judged by so few', () => {
    const few = (wish: Parameters<typeof sampleCells>[3]) => sampleCells(6, 5, 'p@2', wish);
    const two = (scenario: number) => ({ pass: scenario > 1 });
    const sides = [sampleSummary('base', good('p@1', 6, 5)), sampleSummary('head', few(two))] as const;
    const population = { ...defaultGate, scope: 'population' as const };
    const made = compare(question(...sides, { gate: population }));
    expect(made.outcome).toBe('not enough data');
    expect(made.reasons[0]).toMatch(/^on these very scenarios pass is worse/);
    expect(made.gate).toMatchObject({ met: false, why: expect.stringContaining('"scope: suite" calls that worse') });
    expect(compare(question(...sides, { gate: { ...population, unconfirmed: 'pass' } })).gate.met).toBe(true);
    expect(compare(question(...sides))).toMatchObject({ outcome: 'worse', gate: { met: false, why: 'it got worse' } });
  });
});

describe('what did not get worse is left alone', () => {
  test('when the answers are others and come to the same', () => {
    const made = compare(
      question(
        base,
        head(() => ({})),
      ),
    );
    expect(made.outcome).not.toBe('worse');
    expect(made.gate.met).toBe(true);
    expect(made.sight.join(' ')).toMatch(/at the ceiling/);
  });

  test('when many scenarios show it, it is no worse', () => {
    const many = (prompt: string) => sampleSummary(prompt, good(prompt, 60, 5));
    expect(compare(question(many('p@1'), many('p@2'))).outcome).toBe('no worse');
  });

  test('when it got better, better is said', () => {
    const failing = sampleSummary(
      'base',
      sampleCells(12, 4, 'p@1', (_, repeat) => ({ pass: repeat > 2 })),
    );
    expect(compare(question(failing, sampleSummary('head', good('p@2', 12, 4)))).outcome).toBe('better');
  });

  test('two or three scenarios with one answer are not enough data, whatever came of them', () => {
    const one = (prompt: string, passes: boolean[]) =>
      sampleSummary(
        prompt,
        passes.map((pass, scenario) => sampleCell({ scenario: `s${scenario}`, prompt, pass })),
      );
    const made = compare(question(one('p@1', [true, true, false]), one('p@2', [false, true, true])));
    expect(made).toMatchObject({
      outcome: 'not enough data',
      gate: { met: true },
      mcnemar: { lost: 1, gained: 1, p: 1 },
    });
    expect(
      compare(
        question(one('p@1', [true, true, true]), one('p@2', [false, false, false]), {
          gate: { ...defaultGate, unsettled: 'fail' },
        }),
      ).gate,
    ).toMatchObject({ met: false });
  });
});

describe('a total collapse', () => {
  const all = (scenarios: number, repeats: number, pass: boolean) =>
    sampleSummary(
      String(pass),
      sampleCells(scenarios, repeats, 'p@1', () => ({ pass })),
    );
  const collapsed = (scenarios: number, repeats: number, gate = {}) =>
    compare(question(all(scenarios, repeats, true), all(scenarios, repeats, false), { gate: gateSchema.parse(gate) }));

  test.each([
    [1, 1],
    [2, 1],
    [1, 2],
    [3, 1],
    [2, 2],
    [4, 3],
    [30, 1],
  ])('of %i scenarios with %i answers fails the gate, in either scope', (scenarios, repeats) => {
    expect(collapsed(scenarios, repeats).gate.met).toBe(false);
    expect(collapsed(scenarios, repeats, { scope: 'population' }).gate.met).toBe(false);
  });

  test('is worse from three answers a side on; two are too few, and that is said with what would show more', () => {
    expect(collapsed(3, 1).outcome).toBe('worse');
    const two = collapsed(2, 1);
    expect(two.outcome).toBe('not enough data');
    expect(two.reasons[0]).toMatch(/^all 2 answers of the base pass and none of the 2 of the head does/);
    expect(two.sight[0]).toMatch(/2 answers a side cannot show that pass is worse, not even if all are lost: 3/);
    expect(collapsed(4, 1, { scope: 'population' }).gate.why).toMatch(/scope: suite/);
  });

  test('may be let through on purpose', () => {
    expect(collapsed(2, 1, { unconfirmed: 'pass' }).gate.met).toBe(true);
  });
});

describe('a hard finding', () => {
  const gate = gateSchema.parse({ hard: ['finding:bandit B*', 'check:python/tests'] });

  test('that is new is not averaged away, and fails the gate although it is not called worse', () => {
    const made = compare(
      question(
        base,
        head((scenario, repeat) => (scenario === 3 && repeat === 1 ? { findings: ['bandit B608'] } : {})),
        { gate },
      ),
    );
    expect(made.outcome).toBe('not enough data');
    expect(made.reasons[0]).toMatch(
      /^hard finding that is new: finding:bandit B\* in 1 of 3 answers to s3, in none of 3 before/,
    );
    expect(made.gate).toMatchObject({ met: false });
    expect(made.hard).toMatchObject([{ scenario: 's3', fresh: true }]);
    const lenient = compare(
      question(
        base,
        head((scenario) => (scenario === 3 ? { findings: ['bandit B608'] } : {})),
        { gate: { ...gate, unconfirmed: 'pass' } },
      ),
    );
    expect(lenient.gate.met).toBe(true);
    expect(lenient.outcome).not.toBe('no worse');
  });

  test('that is new leaves not enough data where everything else is no worse', () => {
    const many = (prompt: string, findings: string[]) =>
      sampleSummary(
        prompt,
        sampleCells(60, 5, prompt, (scenario, repeat) => (scenario === 3 && repeat === 1 ? { findings } : {})),
      );
    expect(compare(question(many('p@1', []), many('p@2', []), { gate })).outcome).toBe('no worse');
    const made = compare(
      question(many('p@1', []), many('p@2', ['bandit B608']), { gate: { ...gate, unconfirmed: 'pass' } }),
    );
    expect(made.outcome).toBe('not enough data');
    expect(made.dimensions.filter(({ gated }) => gated).map(({ outcome }) => outcome)).toEqual([
      'no worse',
      'no worse',
    ]);
  });

  test('that is frequent in one scenario is worse, although another one lost as many', () => {
    const many = (prompt: string, where: number) =>
      sampleSummary(
        prompt,
        sampleCells(8, 8, prompt, (scenario) => (scenario === where ? { findings: ['bandit B608'] } : {})),
      );
    expect(compare(question(many('p@1', 1), many('p@2', 5), { gate })).outcome).toBe('worse');
  });

  test('of another rule is no matter of the gate', () => {
    const made = compare(
      question(
        base,
        head(() => ({ findings: ['ruff B608', 'banditry B608'] })),
        { gate },
      ),
    );
    expect(made.hard).toEqual([]);
    expect(made.findings.slice(0, 2)).toMatchObject([
      { base: 0, head: 24 },
      { base: 0, head: 24 },
    ]);
  });
});

describe('answers are matched by identity', () => {
  test('so their order is no matter', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), fc.integer(), (passes, seed) => {
        const cells = (prompt: string, from: number) =>
          sampleCells(6, 1, prompt, (scenario) => ({ pass: passes[from + scenario] ?? true }));
        const shuffled = cells('p@2', 6).toSorted(
          (one, other) =>
            (one.cell.scenario ?? '').localeCompare(other.cell.scenario ?? '') * (seed % 2 === 0 ? 1 : -1),
        );
        const [one, other] = [
          compare(question(sampleSummary('b', cells('p@1', 0)), sampleSummary('h', cells('p@2', 6)))),
          compare(question(sampleSummary('b', cells('p@1', 0)), sampleSummary('h', shuffled))),
        ];
        expect(other.rows).toEqual(one.rows);
        expect(other.dimensions).toEqual(one.dimensions);
      }),
      { numRuns: runs(30) },
    );
  });

  test('a run is its own mirror: no side of the same answers is better or worse', () => {
    const made = compare(question(base, sampleSummary('again', base.cells)));
    expect(made.dimensions.every(({ difference }) => difference === 0)).toBe(true);
    expect(made.reasons.at(-1)).toMatch(/all answers are the same on both sides/);
  });

  test('two prompts of one run, or two models, are its two sides', () => {
    const both = sampleSummary('run', [...good('p@1'), ...good('p@2')]);
    expect(compare(question(both, both))).toMatchObject({
      base: { prompts: ['p@1'], cells: 24 },
      head: { prompts: ['p@2'] },
    });
    const models = sampleSummary(
      'run',
      ['small', 'large'].flatMap((model) => sampleCells(6, 2, 'p@1', () => ({ model, pass: model === 'large' }))),
    );
    expect(
      compare(question(models, models, { sides: { prompt: null, model: ['large', 'small'], common: false } })),
    ).toMatchObject({ outcome: 'worse', base: { models: ['large'] } });
  });

  test('where both sides have the same two models, each is compared with itself', () => {
    const run = (prompt: string, failing: string) =>
      sampleSummary(
        prompt,
        ['a', 'b'].flatMap((model) => sampleCells(6, 2, prompt, () => ({ model, pass: model !== failing }))),
      );
    expect(compare(question(run('p@1', 'a'), run('p@2', 'b'))).dimensions[0]).toMatchObject({
      difference: 0,
      base: 0.5,
    });
    expect(compare(question(run('p@1', 'a'), run('p@2', 'b'))).rows[0]?.baseCells).toHaveLength(4);
  });
});

describe('what changed', () => {
  test('is the prompt, with its diff, when the prompt is another', () => {
    const texts = {
      prompts: new Map([
        ['hash of p@1', 'Write code.\nBe brief.'],
        ['hash of p@2', 'Write code.\nBe complete.'],
      ]),
      resolutions: null,
    };
    const [change] = compare(
      question(
        base,
        head(() => ({})),
        { texts },
      ),
    ).changes;
    expect(change).toMatchObject({ what: 'prompt', text: 'p@1 → p@2' });
    expect(change?.diff).toMatch(/-Be brief\.\n\+Be complete\./);
  });

  test('is that one of several prompts that is another under the same name', () => {
    const run = (name: string, hash: string) => {
      const [same, edited] = ['p@1', 'q@1'].map((prompt) => sampleCells(6, 2, prompt, () => ({})));
      for (const cell of edited ?? []) cell.fingerprint.prompt = hash;
      return sampleSummary(name, [...(same ?? []), ...(edited ?? [])]);
    };
    const texts = {
      prompts: new Map([
        ['old', 'Write code.'],
        ['new', 'Write good code.'],
      ]),
      resolutions: null,
    };
    const { changes } = compare(question(run('base', 'old'), run('head', 'new'), { texts }));
    expect(changes).toMatchObject([
      {
        what: 'prompt',
        text: 'q@1 → q@1',
        diff: expect.stringMatching(/-Write code\.\n\+Write good code\./) as string,
      },
    ]);
  });

  test('is the model, when it is asked with other settings', () => {
    const run = (name: string, settings: Record<string, string>) =>
      sampleSummary(
        name,
        sampleCells(6, 2, 'p@1', () => ({ settings })),
      );
    const made = compare(
      question(run('base', { temperature: '0.2', effort: 'low' }), run('head', { temperature: '0.7', effort: 'low' })),
    );
    expect(made.changes).toMatchObject([
      { what: 'model', text: 'm (effort low, temperature 0.2) → m (effort low, temperature 0.7)' },
    ]);
  });

  test('is the price, when the base was paid in batches or at another price: the same tokens cost the same, and more tokens cost more', () => {
    const gate = gateSchema.parse({ limits: { cost: 1.25 } });
    const run = (prompt: string, paid: Partial<Paid>, tokens = 1) => {
      const price = { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5, factor: 1, ...paid };
      return sampleSummary(
        prompt,
        sampleCells(8, 3, prompt, (_, repeat) => {
          const usage = {
            inputTokens: 1000,
            outputTokens: tokens * (30_000 + 500 * repeat),
            cacheReadTokens: 0,
            cacheWriteTokens: 0,
          };
          return { usage, paid: price, costUsd: costOf(usage, price, price.factor) };
        }),
      );
    };
    const cost = (one: RunSummary, other: RunSummary) => {
      const { changes, dimensions } = compare(question(one, other, { gate }));
      return {
        outcome: dimensions.find(({ id }) => id === 'cost')?.outcome,
        said: changes.find(({ what }) => what === 'prices')?.text,
      };
    };
    expect(cost(run('p@1', { factor: 0.5 }), run('p@2', {}))).toEqual({
      outcome: 'no worse',
      said: expect.stringMatching(
        /came from batches, at a discount\. Costs are compared as if all had paid the dearest/,
      ),
    });
    expect(cost(run('p@1', { factor: 0.5 }), run('p@2', {}, 2))).toMatchObject({ outcome: 'worse' });
    expect(cost(run('p@1', {}), run('p@2', { input: 4, output: 20 }))).toEqual({
      outcome: 'no worse',
      said: expect.stringContaining('m: $2 and $10, then $4 and $20 for a million tokens'),
    });
    expect(cost(run('p@1', { factor: 0.5 }), run('p@2', { factor: 0.5 }))).toEqual({
      outcome: 'no worse',
      said: undefined,
    });
  });

  test('is the fifth of the models, when only that one is asked otherwise', () => {
    const run = (name: string, last: string) =>
      sampleSummary(
        name,
        ['a', 'b', 'c', 'd', 'e'].flatMap((model) =>
          sampleCells(2, 1, 'p@1', () => ({ model, ...(model === 'e' && { settings: { effort: last } }) })),
        ),
      );
    expect(compare(question(run('base', 'low'), run('head', 'high'))).changes).toMatchObject([
      { what: 'model', text: 'e (effort low) → e (effort high)' },
    ]);
  });

  test('is the tool, when the same answers have new findings after grading again', () => {
    const before = sampleSummary('base', good('p@1'), { tools: { ruff: '0.14.0' } });
    const after = sampleSummary(
      'again',
      sampleCells(8, 3, 'p@1', () => ({ findings: ['ruff B017'] })),
      { tools: { ruff: '0.15.0' } },
    );
    const newer = sampleSummary(
      'head',
      sampleCells(8, 3, 'p@2', () => ({ findings: ['ruff B017'] })),
      { tools: { ruff: '0.15.0' } },
    );
    const made = compare(question(before, newer, { base: sampleSide(after, before) }));
    expect(made.changes.map(({ what, text }) => `${what}: ${text}`)).toContain('tools: ruff 0.14.0 → 0.15.0');
    expect(made.regradings).toMatchObject([
      { side: 'base', run: 'again', verdicts: 0, of: 24, findings: [{ tool: 'ruff', rule: 'B017', cells: 24 }] },
    ]);
    expect(made.outcome).not.toBe('worse');
    expect(made.findings).toMatchObject([{ base: 24, head: 24 }]);
  });

  test("is the dependency, when the same answers were graded with another release, and that is nobody's doing", () => {
    const run = (name: string, lock: string, pass: boolean) =>
      sampleSummary(
        name,
        sampleCells(6, 2, 'p@1', (scenario, repeat) => ({
          answer: `${scenario} ${repeat}`,
          dependencies: { 'python@.': lock },
          pass,
        })),
      );
    const made = compare(
      question(run('base', 'a', true), run('head', 'b', false), {
        texts: { prompts: new Map(), resolutions: { base: 'pydantic==2.10.0', head: 'pydantic==2.11.0' } },
      }),
    );
    expect(made.changes).toHaveLength(1);
    expect(made.changes[0]).toMatchObject({
      what: 'dependencies',
      text: expect.stringMatching(/12 answers, the same on both sides.*12 verdicts changed/) as string,
    });
    expect(made.changes[0]?.diff).toMatch(/-pydantic==2\.10\.0\n\+pydantic==2\.11\.0/);
    expect(made.reasons.at(-1)).toMatch(/not from prompt or model/);
  });
});

describe('what cannot be compared is refused, and no number is given', () => {
  test.each([
    [
      'other scenarios',
      sampleSummary('head', [sampleCell({ scenario: 'x', prompt: 'p@2' })]),
      NotComparableError,
      /no scenario is the same on both sides/,
    ],
    [
      'scenarios whose contract is another',
      sampleSummary(
        'head',
        sampleCells(8, 3, 'p@2', () => ({ scenarioHash: 'changed' })),
      ),
      NotComparableError,
      /no scenario is the same/,
    ],
    [
      'scenarios whose values are others, whatever they were graded with again',
      sampleSummary(
        'head',
        sampleCells(8, 3, 'p@2', () => ({ variables: 'changed' })),
      ),
      NotComparableError,
      /no scenario is the same/,
    ],
    [
      'a part of the scenarios',
      sampleSummary('head', good('p@2', 5)),
      NotComparableError,
      /expected the same scenarios on both sides, found s5 \(only in the base\)/,
    ],
    [
      'ungraded cells',
      sampleSummary(
        'head',
        sampleCells(8, 3, 'p@2', (scenario) => ({ pass: scenario === 0 ? null : true })),
      ),
      NotComparableError,
      /the head is void: expected at most 0 ungraded cells, found 3 of 24/,
    ],
    [
      'several prompts against one',
      sampleSummary('head', [...good('p@2'), ...good('p@3')]),
      UsageError,
      /--prompt <base> <head>/,
    ],
    ['a run against itself', base, UsageError, /against itself: expected two sides/],
  ])('%s', (_what, other, error, message) => {
    const ask = () => compare(question(base, other));
    expect(ask).toThrow(error);
    expect(ask).toThrow(message);
  });

  test('unless the gate allows a few ungraded cells, or only what both have is asked for', () => {
    const some = sampleSummary(
      'head',
      sampleCells(8, 3, 'p@2', (scenario, repeat) => ({ pass: scenario === 0 && repeat === 0 ? null : true })),
    );
    expect(compare(question(base, some, { gate: { ...defaultGate, ungraded: 1 } })).head).toMatchObject({
      cells: 23,
      ungraded: 1,
    });
    const made = compare(
      question(base, sampleSummary('head', good('p@2', 5)), { sides: { prompt: null, model: null, common: true } }),
    );
    expect(made.scenarios).toBe(5);
    expect(made.changes.map(({ text }) => text).join()).toMatch(/s7 \(only in the base\)/);
  });

  test('a gate on something that was never measured', () => {
    expect(() =>
      compare(
        question(
          base,
          head(() => ({})),
          { gate: gateSchema.parse({ limits: { cost: 1.5 } }) },
        ),
      ),
    ).toThrow(/the gate looks at cost, and no scenario has it/);
  });

  test('a gate whose hard invariant is about a check that no answer has', () => {
    expect(() =>
      compare(
        question(
          base,
          head(() => ({})),
          { gate: gateSchema.parse({ hard: ['check:acceptance'] }) },
        ),
      ),
    ).toThrow(/check:acceptance is about a check that no answer has/);
  });
});

describe('the outlook of planned answers', () => {
  test('is better with more scenarios, and says when nothing can be seen', () => {
    const gate = { ...defaultGate, scope: 'population' as const };
    const [few, many] = [4, 40].map((scenarios) => outlook({ scenarios, repeats: 5, rate: 0.9 }, gate));
    expect(outlook({ scenarios: 2, repeats: 1, rate: 0.9 }, defaultGate).visible).toBeNull();
    expect(outlook({ scenarios: 4, repeats: 5, rate: 0.9 }, defaultGate).visible).toBeLessThan(0.5);
    expect(few?.visible).toBeNull();
    expect(few?.lost).toBe(0);
    expect(many?.visible).toBeLessThan(0.15);
    expect(many?.lost).toBeGreaterThan(0.9);
  });
});
