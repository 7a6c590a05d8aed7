// Simulates the whole gate of a comparison: how often it says "worse" when nothing differs, and when something does.
// Usage: npm run bench -- statistics [--runs 500] [--quick] [--world 1] [--write]
import { parseArgs } from 'node:util';
import { mostHelpful } from '../../src/compare/allocate.ts';
import { ALPHA, dimensionAlphas } from '../../src/compare/directed.ts';
import { scenarioMeans } from '../../src/compare/intervals.ts';
import { decide } from '../../src/compare/decide.ts';
import type { Decision } from '../../src/compare/decide.ts';
import { normalCdf, tCdf } from '../../src/compare/statistics/distributions.ts';
import { mcnemar } from '../../src/compare/statistics/exact.ts';
import { mean, variance } from '../../src/compare/statistics/moments.ts';
import { seeded } from '../../src/compare/statistics/random.ts';
import type { Random } from '../../src/compare/statistics/random.ts';
import { alphaSpending } from '../../src/compare/statistics/spending.ts';
import type { Dimension, Observed, Stratum } from '../../src/compare/stratum.ts';
import { markdownTable } from '../../src/reporters/table.ts';
import { print } from './measure.ts';

/** A gate with a dimension of every kind. */
const dimensions: readonly Dimension[] = [
  { id: 'pass', kind: 'share', margin: 0.05 },
  { id: 'score', kind: 'share', margin: 0.03 },
  { id: 'tests', kind: 'share', margin: 0.05 },
  { id: 'lint', kind: 'share', margin: 0.05 },
  { id: 'cost', kind: 'ratio', margin: Math.log(1.25) },
  { id: 'tokens', kind: 'ratio', margin: Math.log(1.25) },
  { id: 'latency', kind: 'ratio', margin: Math.log(1.5) },
];
/** How often an answer breaks each of the hard invariants, on both sides. */
const HARD = [0.005, 0.1];
const DRAWS = 399;

/** What is true: the chance to pass of each side, drawn for one scenario. */
interface World {
  name: string;
  chances(random: Random): { base: number; head: number };
}

/** The head's loss where power is looked at: points of the pass rate. */
const LOSS = 0.2;

/** Around `centre`, an effect that is as likely up as down: its mean over scenarios is 0. */
function varying(random: Random, centre: number, spread: number): { base: number; head: number } {
  const room = 2 * Math.min(centre, 1 - centre);
  const effect = Math.max(-room, Math.min(room, spread * random.normal()));
  return { base: centre - effect / 2, head: centre + effect / 2 };
}

const alike = (chance: number): { base: number; head: number } => ({ base: chance, head: chance });
const worlds: readonly World[] = [
  { name: 'no effect', chances: (random) => alike(0.25 + 0.7 * random.uniform()) },
  { name: 'effects vary, sd 0.3', chances: (random) => varying(random, 0.35 + 0.4 * random.uniform(), 0.3) },
  { name: 'ceiling 95 %', chances: () => alike(0.95) },
  { name: 'ceiling 95 %, effects vary', chances: (random) => varying(random, 0.95, 0.05) },
  {
    name: 'few gain much, most lose a little',
    chances: (random) => (random.uniform() < 0.1 ? { base: 0.3, head: 0.75 } : { base: 0.6, head: 0.55 }),
  },
];

function answer(random: Random, chance: number): Observed {
  const pass = random.uniform() < chance ? 1 : 0;
  const tests = pass === 1 ? 1 : random.uniform() < 0.6 ? 0.9 * random.uniform() : 1;
  const lint = random.uniform() < 0.8 ? 1 : random.uniform();
  const size = 0.25 * random.normal();
  return {
    values: [
      pass,
      0.5 * tests + 0.2 * lint + 0.3 * pass,
      tests,
      lint,
      -size - 0.05 * random.normal(),
      -size,
      -size - 0.3 * random.normal(),
    ],
    hard: HARD.map((rate) => (random.uniform() < rate ? 1 : 0)),
  };
}

/** `repeats` answers of each side to each scenario; the chances come with them for who adds more. */
function experiment(
  random: Random,
  world: World,
  scenarios: number,
  [inBase, inHead]: readonly [number, number],
  loss: number,
): { strata: Stratum[]; more(index: number): void } {
  const chances = Array.from({ length: scenarios }, () => world.chances(random)).map(({ base, head }) => ({
    base,
    head: Math.max(0, head - loss),
  }));
  const several = (count: number, chance: number): Observed[] =>
    Array.from({ length: count }, () => answer(random, chance));
  const strata = chances.map(({ base, head }, index): Stratum => ({
    scenario: `s${index}`,
    base: several(inBase, base),
    head: several(inHead, head),
  }));
  return {
    strata,
    more(index) {
      const [stratum, chance] = [strata[index], chances[index]];
      if (stratum === undefined || chance === undefined) return;
      strata[index] = {
        ...stratum,
        base: [...stratum.base, answer(random, chance.base)],
        head: [...stratum.head, answer(random, chance.head)],
      };
    },
  };
}

/** One look at everything. */
const once = (strata: readonly Stratum[], seed: number): Decision =>
  decide(strata, dimensions, { scope: 'population', alpha: ALPHA, draws: DRAWS, seed });

/** Adds answers where they help most, and looks `looks` times; what is decided first holds. */
function untilSettled(start: ReturnType<typeof experiment>, looks: number, seed: number): Decision['outcome'] {
  const { strata, more } = start;
  const spending = alphaSpending(ALPHA, looks, 2 ** -strata.length / dimensionAlphas(1, dimensions.length, true).first);
  for (const [look, alpha] of spending.entries()) {
    if (look > 0)
      for (const index of mostHelpful(strata, 0, 'both').slice(0, Math.ceil(strata.length / 2))) more(index);
    if (alpha === 0) continue;
    const { outcome } = decide(strata, dimensions, { scope: 'population', alpha, draws: DRAWS, seed });
    if (outcome !== 'not enough data') return outcome;
  }
  return 'not enough data';
}

/** What others do, at the same one-sided level, with the pass rate alone. */
const rivals = {
  t: (strata: readonly Stratum[]): boolean => {
    const differences = [...scenarioMeans(strata, 1).values()].map(({ difference }) => difference[0] ?? 0);
    const [centre, spread] = [mean(differences), Math.sqrt(variance(differences) / differences.length)];
    return spread === 0 ? centre < 0 : tCdf(centre / spread, differences.length - 1) <= ALPHA;
  },
  'pooled z': (strata: readonly Stratum[]): boolean => {
    const [base, head] = [strata.flatMap((stratum) => stratum.base), strata.flatMap((stratum) => stratum.head)].map(
      (all) => all.map(({ values }) => values[0] ?? 0),
    );
    const [one, other] = [mean(base ?? []), mean(head ?? [])];
    const rate = mean([...(base ?? []), ...(head ?? [])]);
    const spread = Math.sqrt(rate * (1 - rate) * (1 / (base?.length ?? 1) + 1 / (head?.length ?? 1)));
    return spread > 0 && normalCdf((other - one) / spread) <= ALPHA;
  },
  McNemar: (strata: readonly Stratum[]): boolean => {
    const pairs = strata.flatMap(({ base, head }) =>
      head.slice(0, base.length).map(({ values }, index) => (values[0] ?? 0) - (base[index]?.values[0] ?? 0)),
    );
    const [lost, gained] = [pairs.filter((value) => value < 0).length, pairs.filter((value) => value > 0).length];
    return lost > gained && mcnemar(lost, gained) / 2 <= ALPHA;
  },
} as const;

const percent = (hits: number, of: number): string => ((100 * hits) / of).toFixed(1).padStart(5);

interface Plan {
  world: World;
  scenarios: number;
  repeats: readonly [number, number];
  /** Looks, the first included; 1 is a plain comparison. */
  looks: number;
}

/** One row: false alarms of the gate and of its rivals, then their power. */
function row({ world, scenarios, repeats, looks }: Plan, runs: number, seed: number): string[] {
  const random = seeded(seed);
  const told = [0, LOSS].map((loss) => {
    const hits = { gate: 0, fresh: 0, missed: 0, t: 0, 'pooled z': 0, McNemar: 0 };
    for (let run = 0; run < runs; run += 1) {
      const start = experiment(random, world, scenarios, repeats, loss);
      if (looks > 1) {
        const outcome = untilSettled(start, looks, seed + run);
        if (outcome === 'worse') hits.gate += 1;
        else if (outcome !== 'not enough data') hits.missed += 1;
      } else {
        const { outcome, hard } = once(start.strata, seed + run);
        if (outcome === 'worse') hits.gate += 1;
        else if (outcome !== 'not enough data') hits.missed += 1;
        if (outcome !== 'worse' && hard.fresh.some(({ unheard }) => unheard)) hits.fresh += 1;
      }
      for (const [name, says] of Object.entries(rivals)) if (says(start.strata)) hits[name as keyof typeof rivals] += 1;
    }
    return hits;
  });
  const of = (index: number, name: keyof (typeof told)[number]): string => percent(told[index]?.[name] ?? 0, runs);
  const shape = repeats[0] === repeats[1] ? String(repeats[0]) : `${repeats[0]} to ${repeats[1]}`;
  return [
    world.name,
    String(scenarios),
    looks > 1 ? `${shape}, ${looks} looks` : shape,
    of(0, 'gate'),
    of(0, 't'),
    of(0, 'pooled z'),
    of(0, 'McNemar'),
    looks > 1 ? '' : of(0, 'fresh'),
    of(1, 'gate'),
    of(1, 't'),
    of(1, 'pooled z'),
    of(1, 'McNemar'),
    of(1, 'missed'),
  ];
}

const columns = [
  ...['world', 'scenarios', 'repeats'],
  ...['false "worse" %: gate', 'paired t', 'pooled z', 'McNemar'],
  'kept hard invariant broken, unconfirmed',
  ...['power %: gate', 'paired t', 'pooled z', 'McNemar'],
  'loss missed: "no worse"',
];

/** Every size of an experiment in the chosen worlds; `quick` has the smallest and the usual ones alone. */
function plansFor(chosen: readonly World[], quick: boolean): Plan[] {
  const sizes = quick ? [5, 20] : [5, 10, 20, 50];
  const small = sizes.slice(0, 3);
  return chosen.flatMap((world) => [
    ...sizes.flatMap((scenarios) =>
      (quick ? [1, 5] : [1, 2, 5, 20]).map((repeats): Plan => ({
        world,
        scenarios,
        repeats: [repeats, repeats],
        looks: 1,
      })),
    ),
    ...small.map((scenarios): Plan => ({ world, scenarios, repeats: [2, 10], looks: 1 })),
    ...small.map((scenarios): Plan => ({ world, scenarios, repeats: [2, 2], looks: 6 })),
  ]);
}

/** Simulates, prints, and keeps with `--write`; exit status 1 when a promised row has too many false alarms. */
export function bench(words: readonly string[]): void {
  const { values } = parseArgs({
    args: [...words],
    options: {
      runs: { type: 'string', default: '500' },
      world: { type: 'string' },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  const chosen = values.world === undefined ? worlds : worlds.slice(Number(values.world) - 1, Number(values.world));
  let highest = 0;
  const rows = plansFor(chosen, values.quick).map((plan, index) => {
    const cells = row(plan, runs, 1_000 * (index + 1) * (worlds.indexOf(plan.world) + 1));
    highest = Math.max(highest, Number(cells[3]));
    process.stderr.write(`${cells.join(' | ')}\n`); // minutes: something to see meanwhile
    return cells.map((cell) => cell.trim());
  });
  const limit = 100 * (ALPHA + 1.645 * Math.sqrt((ALPHA * (1 - ALPHA)) / runs));
  const asked = `${dimensions.length} dimensions and ${HARD.length} hard invariants`;
  const kept = highest <= limit ? 'kept in every row' : 'NOT KEPT';
  const verdict = [
    `${runs} simulated comparisons a row and side, ${asked};`,
    `loss in the power columns: ${100 * LOSS} points of the pass rate.\n` +
      `Highest rate of false "worse": ${highest.toFixed(1)} %;`,
    `5 % and the simulation's error (95 %, one-sided) are ${limit.toFixed(1)} %: ${kept}.`,
  ].join(' ');
  const table = markdownTable([columns, ...rows]);
  print('statistics', 'Is it worse? False alarms and power', `${table}\n\n${verdict}`, values.write);
  if (highest > limit) process.exitCode = 1;
}
