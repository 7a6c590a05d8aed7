// Simulates the gate as it is by default, on few answers: how often it fails when nothing differs, and when all is
// lost.
// Usage: npm run bench -- gate [--runs 2000] [--write]
import { parseArgs } from 'node:util';
import { decide } from '../../src/compare/decide.ts';
import { ALPHA } from '../../src/compare/directed.ts';
import { seeded } from '../../src/compare/statistics/random.ts';
import type { Random } from '../../src/compare/statistics/random.ts';
import type { Dimension, Observed, Stratum } from '../../src/compare/stratum.ts';
import { markdownTable } from '../../src/reporters/table.ts';
import { print } from './measure.ts';

const dimensions: readonly Dimension[] = [
  { id: 'pass', kind: 'share', binary: true, margin: 0.05 },
  { id: 'score', kind: 'share', margin: 0.03 },
];

/** Pass rates of the two sides, for each scenario. The same on both sides is a run that is only repeated. */
interface World {
  name: string;
  rates(random: Random, scenarios: number): { base: number; head: number }[];
}

const each = (make: (random: Random) => number) => (random: Random, scenarios: number) =>
  Array.from({ length: scenarios }, () => make(random)).map((rate) => ({ base: rate, head: rate }));

const unchanged: readonly World[] = [
  { name: 'half pass', rates: each(() => 0.5) },
  { name: 'rates from 20 to 100 %', rates: each((random) => 0.2 + 0.8 * random.uniform()) },
  { name: 'ceiling 95 %', rates: each(() => 0.95) },
  {
    name: 'effects that cancel out',
    rates: (_random, scenarios) =>
      Array.from({ length: scenarios - (scenarios % 2) }, (_, index) =>
        index % 2 === 0 ? { base: 0.3, head: 0.7 } : { base: 0.7, head: 0.3 },
      ).concat(scenarios % 2 === 0 ? [] : [{ base: 0.5, head: 0.5 }]),
  },
];
const lost: readonly World[] = [
  { name: 'all is lost', rates: (_random, count) => Array.from({ length: count }, () => ({ base: 1, head: 0 })) },
  {
    name: 'from 95 to 45 %',
    rates: (_random, count) => Array.from({ length: count }, () => ({ base: 0.95, head: 0.45 })),
  },
];

const answers = (random: Random, count: number, rate: number): Observed[] =>
  Array.from({ length: count }, () => {
    const pass = random.uniform() < rate ? 1 : 0;
    return { values: [pass, 0.7 * pass + 0.3 * random.uniform()], hard: [] };
  });

/** Shares of comparisons in which the gate says "worse", fails because all is lost, and would fail as `population`. */
function share(
  world: World,
  scenarios: number,
  repeats: number,
  runs: number,
): { worse: number; collapse: number; population: number } {
  const random = seeded(scenarios * 100 + repeats);
  const hits = { worse: 0, collapse: 0, population: 0 };
  for (let run = 0; run < runs; run += 1) {
    const strata = world.rates(random, scenarios).map(({ base, head }, index): Stratum => ({
      scenario: `s${index}`,
      base: answers(random, repeats, base),
      head: answers(random, repeats, head),
    }));
    const deciding = { alpha: ALPHA, draws: 199, seed: run };
    const { outcome } = decide(strata, dimensions, { ...deciding, scope: 'suite' });
    const whole = (side: 'base' | 'head', value: number): boolean =>
      strata.every((stratum) => stratum[side].every(({ values }) => values[0] === value));
    if (outcome === 'worse') hits.worse += 1;
    else if (outcome === 'not enough data' && whole('base', 1) && whole('head', 0)) hits.collapse += 1;
    if (decide(strata, dimensions, { ...deciding, scope: 'population' }).outcome === 'worse') hits.population += 1;
  }
  return { worse: hits.worse / runs, collapse: hits.collapse / runs, population: hits.population / runs };
}

const sizes: readonly (readonly [scenarios: number, repeats: number])[] = [
  [1, 1],
  [2, 1],
  [3, 1],
  [5, 1],
  [10, 1],
  [2, 3],
  [3, 5],
  [6, 3],
];

/** Simulates, prints, and keeps with `--write`; exit status 1 when "worse" is said wrongly too often. */
export function bench(words: readonly string[]): void {
  const { values } = parseArgs({
    args: [...words],
    options: { runs: { type: 'string', default: '2000' }, write: { type: 'boolean', default: false } },
  });
  const runs = Number(values.runs);
  const percent = (rate: number): string => (100 * rate).toFixed(1);
  const limit = ALPHA + 1.645 * Math.sqrt((ALPHA * (1 - ALPHA)) / runs);
  let highest = 0;
  const rows = sizes.flatMap(([scenarios, repeats]) =>
    [...unchanged, ...lost].map((world) => {
      const { worse, collapse, population } = share(world, scenarios, repeats, runs);
      if (unchanged.includes(world)) highest = Math.max(highest, worse);
      const kind = unchanged.includes(world) ? 'false alarm' : 'power';
      return [String(scenarios), String(repeats), world.name, kind, ...[worse, collapse, population].map(percent)];
    }),
  );
  const columns = [
    'scenarios',
    'answers a side',
    'world',
    '',
    'worse %',
    'all passed, none does %',
    'worse %, scope: population',
  ];
  const verdict =
    `${runs} simulated comparisons a row, gate by default (scope: suite; pass and score). Highest rate of false "worse": ` +
    `${percent(highest)} %; 5 % and the simulation's error are ${percent(limit)} %: ` +
    `${highest <= limit ? 'kept in every row' : 'NOT KEPT'}. A gate fails in the columns "worse" and "all passed, none does" together.`;
  print(
    'gate',
    'The gate by default, on few answers',
    `${markdownTable([columns, ...rows])}\n\n${verdict}`,
    values.write,
  );
  if (highest > limit) process.exitCode = 1;
}
