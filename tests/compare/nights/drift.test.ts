import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Night, SeriesNight } from '../../../src/domain/runs/night.ts';
import { BUDGET, MONTH, confirms, levelOf, nightsToFind, suspect } from '../../../src/compare/nights/drift.ts';
import { flakyOf, quarantined } from '../../../src/compare/nights/flaky.ts';
import { seeded } from '../../../src/compare/statistics/random.ts';
import type { Random } from '../../../src/compare/statistics/random.ts';
import { appendNight, readNights } from '../../../src/store/runs/nights.ts';

const SCENARIOS = 10;
const REPEATS = 3;

/** A night in which each scenario has its own pass rate, and the service its own mood. */
function night(random: Random, model: string, loss = 0): SeriesNight {
  const rates = Array.from({ length: SCENARIOS }, (_, index) => Math.max(0, 0.75 + 0.025 * index - loss));
  const perScenario = Object.fromEntries(
    rates.map((rate, index) => {
      const passed = Array.from({ length: REPEATS }, () => (random.uniform() < rate ? 1 : 0)).reduce<number>(
        (sum, one) => sum + one,
        0,
      );
      return [`s${index}`, [passed, REPEATS] as [number, number]];
    }),
  );
  const passed = Object.values(perScenario).reduce((sum, [count]) => sum + count, 0);
  return {
    model,
    prompt: 'p@1',
    line: 1,
    scenarios: 'h',
    answers: SCENARIOS * REPEATS,
    ungraded: 0,
    passed,
    score: Math.min(1, 0.6 + (0.4 * passed) / (SCENARIOS * REPEATS) + 0.01 * random.normal()),
    costUsd: 0.1 * Math.exp(0.05 * random.normal()),
    latencyMs: 20_000 * Math.exp(0.25 * random.normal()),
    perScenario,
    outcome: null,
    gateMet: true,
    control: null,
  };
}

const MODELS = ['a', 'b', 'c'];

/** Alarms of so many nights, each suspicion confirmed by a fresh night; the losses begin with the given night. */
function alarms(
  seed: number,
  nights: number,
  lossOf: (model: string, night: number) => number,
): { at: number; model: string }[] {
  const random = seeded(seed);
  const level = levelOf(MODELS.length);
  const histories = new Map(MODELS.map((model) => [model, [] as SeriesNight[]]));
  const found: { at: number; model: string }[] = [];
  for (let at = 1; at <= nights; at += 1)
    for (const [model, history] of histories) {
      history.push(night(random, model, lossOf(model, at)));
      for (const suspicion of suspect(history, level))
        if (confirms(history, suspicion, night(random, model, lossOf(model, at)))) found.push({ at, model });
    }
  return found;
}

describe('ninety nights of three models', () => {
  test('in which nothing changes have no more false alarms than the budget', () => {
    const rounds = 10;
    let total = 0;
    for (let seed = 1; seed <= rounds; seed += 1) total += alarms(seed, 90, () => 0).length;
    const allowed = (rounds * 90 * BUDGET) / MONTH;
    expect(total).toBeLessThanOrEqual(allowed + 3 * Math.sqrt(allowed));
  });
});

describe('thirty nights of which one model gets worse on night 20', () => {
  test.each([0.25, 0.4])('by %d are found within the nights that the power calculation says', (loss) => {
    const rate = 0.8625;
    const within = nightsToFind(
      { before: 19, answers: SCENARIOS * REPEATS, from: rate, to: rate - loss },
      levelOf(MODELS.length),
    );
    expect(within).not.toBeNull();
    expect(within).toBeLessThanOrEqual(8);
    const rounds = 20;
    let found = 0;
    for (let seed = 1; seed <= rounds; seed += 1) {
      const first = alarms(1000 + seed, 30, (model, at) => (model === 'b' && at >= 20 ? loss : 0)).find(
        ({ model, at }) => model === 'b' && at >= 20,
      );
      if (first !== undefined && first.at < 20 + (within ?? 0)) found += 1;
    }
    expect(found / rounds).toBeGreaterThanOrEqual(0.9 - 3 * Math.sqrt((0.9 * 0.1) / rounds));
  });

  test('a loss that is smaller than chance is not promised to be found', () => {
    expect(nightsToFind({ before: 19, answers: 3, from: 0.9, to: 0.88 }, levelOf(3))).toBeNull();
  });

  test('a dearer or slower model is suspected, and a new line forgets the old one', () => {
    const random = seeded(5);
    const history = Array.from({ length: 20 }, () => night(random, 'a'));
    const dear = { ...night(random, 'a'), costUsd: 0.3 };
    expect(suspect([...history, dear], levelOf(1)).map(({ what }) => what)).toContain('cost');
    expect(suspect([...history, { ...dear, line: 2 }], levelOf(1))).toEqual([]);
  });
});

describe('a history', () => {
  const made = (run: string): Night => ({
    format: 1,
    at: '2026-12-01T02:00:00.000Z',
    run,
    suite: 's',
    grader: 'g',
    tools: {},
    bridge: null,
    series: [night(seeded(1), 'a')],
    suspicions: [],
    spentUsd: 0,
  });

  test('is whole wherever the machine is killed: a night that was cut off is missing, and no other', async () => {
    const root = await mkdtemp(join(tmpdir(), 'cupel-nights-'));
    try {
      const path = join(root, 'reports/baselines/s.history.ndjson');
      await appendNight(root, made('r1'));
      const size = (await readFile(path)).length;
      await appendNight(root, made('r2'));
      const whole = (await readFile(path)).length;
      for (const cut of [size + 1, size + 50, Math.floor((size + whole) / 2), whole - 2]) {
        await truncate(path, cut);
        expect((await readNights(root, 's')).nights.map(({ run }) => run)).toEqual(['r1']);
        await appendNight(root, made('r2'));
        expect((await readNights(root, 's')).nights.map(({ run }) => run)).toEqual(['r1', 'r2']);
        await appendNight(root, made('r2')); // the same run twice is one night
        expect((await readNights(root, 's')).nights).toHaveLength(2);
        await truncate(path, size);
        await appendNight(root, made('r2'));
      }
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});

describe('scenarios that go back and forth', () => {
  const nightsOf = (passes: number[]): SeriesNight[] =>
    passes.map((passed) => ({ ...night(seeded(1), 'a'), perScenario: { s: [passed, 3], steady: [3, 3] } }));
  test('are named, and those that changed once are not', () => {
    expect(flakyOf(nightsOf([3, 1, 3, 2, 3]))).toEqual([{ scenario: 's', passed: 12, of: 15 }]);
    expect(flakyOf(nightsOf([3, 3, 3, 0, 0, 0]))).toEqual([]);
  });
  test('may be kept from gating until a day that is not too far', () => {
    const entry = (scenario: string, until: string) => ({ scenario, until, reason: 'r', owner: 'o' });
    expect(
      quarantined([entry('now', '2026-12-10'), entry('past', '2026-11-30'), entry('far', '2027-06-01')], '2026-12-01'),
    ).toEqual({ holds: new Set(['now']), over: ['past'], tooLong: ['far'] });
  });
});
