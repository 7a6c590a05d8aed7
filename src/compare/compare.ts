import { cellKey, cellName } from '../domain/grading/cell.ts';
import type {
  CellRow,
  Comparison,
  DimensionRow,
  HardRow,
  Outcome,
  PassK,
  Rate,
  ScenarioRow,
  SideInfo,
} from '../domain/runs/comparison.ts';
import type { Gate } from '../domain/runs/gate.ts';
import type { CellSummary, FindingCount, RunSummary } from '../domain/runs/summary.ts';
import { mostHelpful } from './allocate.ts';
import type { Open } from './allocate.ts';
import { changesOf, regradingOf, sameAnswers } from './changes.ts';
import type { Texts } from './changes.ts';
import { ALPHA, decide, fewestRepeats, intervalOf, scenarioMeans } from './decide.ts';
import type { Decision } from './decide.ts';
import { findingRows } from './findings.ts';
import { NotComparableError, match } from './match.ts';
import type { Match, Sides } from './match.ts';
import { atOnePrice } from './prices.ts';
import { sightOf } from './sight.ts';
import { benjaminiHochberg, fisher, mcnemar } from './statistics/exact.ts';
import { clusteredStandardError, wilson } from './statistics/intervals.ts';
import { mean } from './statistics/moments.ts';
import { passAtK, passHatK } from './statistics/pass-k.ts';
import { signFlip } from './statistics/sign-flip.ts';
import { gated, invariantOfNoCheck, observed, ungated } from './values.ts';
import type { Measured } from './values.ts';
import type { Stratum } from './stratum.ts';

/** A side as it is to be compared, and as it stood before it was graded again (the same where it was not). */
export interface Side {
  name: string;
  run: RunSummary;
  before: RunSummary;
}

export interface Question {
  base: Side;
  head: Side;
  sides: Sides;
  gate: Gate;
  texts: Texts;
  /** Spent on this look; `ALPHA` unless the run looks several times. */
  alpha?: number;
}

/** Resamples of every test, and where their random numbers begin: the same comparison says the same tomorrow. */
const RESAMPLING = { draws: 1999, seed: 20_250_101 };

const passes = ({ verdict }: CellSummary): number => (verdict === 'pass' ? 1 : 0);

function sideInfo({ name, run }: Side, { cells, ungraded }: Match['base']): SideInfo {
  const distinct = (factor: 'prompt' | 'model'): string[] => [
    ...new Set(cells.flatMap(({ cell }) => cell[factor] ?? [])),
  ];
  return { name, run: run.run, prompts: distinct('prompt'), models: distinct('model'), cells: cells.length, ungraded };
}

/** A ratio is shown as head ÷ base, not as a logarithm of which more is better. */
function row(
  { id, kind, margin }: Measured,
  gatedRow: boolean,
  values: Pick<
    DimensionRow,
    'base' | 'head' | 'difference' | 'outcome' | 'pSuite' | 'pPopulation' | 'onlyHere' | 'q' | 'scenarios'
  > & { interval: readonly [number, number] },
): DimensionRow {
  const [low, high] = values.interval;
  const known = Number.isFinite(low) && Number.isFinite(high);
  const { outcome, pSuite, pPopulation, onlyHere, q, scenarios } = values;
  const shown =
    kind === 'share'
      ? {
          base: values.base,
          head: values.head,
          difference: values.difference,
          interval: known ? ([low, high] as const) : null,
          margin: gatedRow ? margin : null,
        }
      : {
          base: Math.exp(-values.base),
          head: Math.exp(-values.head),
          difference: Math.exp(-values.difference),
          interval: known ? ([Math.exp(-high), Math.exp(-low)] as const) : null,
          margin: gatedRow ? Math.exp(margin) : null,
        };
  return { id, unit: kind, gated: gatedRow, outcome, ...shown, pSuite, pPopulation, onlyHere, q, scenarios };
}

function gatedRows(decision: Decision, dimensions: readonly Measured[]): DimensionRow[] {
  return dimensions.flatMap((dimension, index) => {
    const judged = decision.dimensions[index];
    return judged === undefined ? [] : [row(dimension, true, { ...judged, q: null, scenarios: judged.scenarios.size })];
  });
}

/** Dimensions that have no say: what was seen, with p values that are adjusted for looking at all of them. */
function otherRows(strata: readonly Stratum[], dimensions: readonly Measured[], gate: Gate): DimensionRow[] {
  const rows = [...scenarioMeans(strata, dimensions.length).values()];
  const test = (sign: 1 | -1): number[] =>
    signFlip(
      rows.map(({ difference }) => difference.map((value) => sign * value)),
      dimensions.length,
      RESAMPLING,
    ).map(({ raw }) => raw);
  const [up, down] = [test(1), test(-1)];
  const p = dimensions.map((_, index) => Math.min(1, 2 * Math.min(up[index] ?? 1, down[index] ?? 1)));
  const measured = dimensions.map((_, index) =>
    rows.filter(({ difference }) => !Number.isNaN(difference[index] ?? NaN)),
  );
  const shown = dimensions.map((_, index) => index).filter((index) => (measured[index] ?? []).length > 0);
  const q = benjaminiHochberg(shown.map((index) => p[index] ?? 1));
  return shown.flatMap((index, at): DimensionRow[] => {
    const [dimension, own] = [dimensions[index], measured[index] ?? []];
    if (dimension === undefined) return [];
    const differences = own.map(({ difference }) => difference[index] ?? 0);
    const interval = intervalOf(strata, index, dimension.kind, differences, 1 - 2 * ALPHA, gate.scope);
    const values = {
      base: mean(own.map(({ base }) => base[index] ?? 0)),
      head: mean(own.map(({ head }) => head[index] ?? 0)),
      difference: mean(differences),
      interval,
    };
    return [
      row(dimension, false, {
        ...values,
        outcome: null,
        onlyHere: false,
        pSuite: null,
        pPopulation: p[index] ?? 1,
        q: q[at] ?? 1,
        scenarios: own.length,
      }),
    ];
  });
}

function rateOf(strata: Match['strata'], side: 'base' | 'head'): Rate {
  const clusters = [...Map.groupBy(strata, ({ scenario }) => scenario).values()].map((own) =>
    own.flatMap((stratum) => stratum[side].map(passes)),
  );
  const all = clusters.flat();
  const [passed, share, standardError] = [
    all.reduce((sum, value) => sum + value, 0),
    mean(all),
    clusteredStandardError(clusters),
  ];
  // As many independent answers as the clustered error amounts to; where nothing varies, one for each scenario is all that is known.
  const effective =
    standardError > 0 ? Math.min(all.length, (share * (1 - share)) / standardError ** 2) : clusters.length;
  return { passed, of: all.length, interval: wilson(share * effective, effective, 0.95), standardError };
}

function passKOf(strata: Match['strata']): PassK[] {
  const most = fewestRepeats(strata);
  const kept = [1, 2, 3, 5, 10].filter((k) => k <= most);
  const at = (k: number, side: 'base' | 'head'): { any: number; all: number } => {
    const counts = strata.map((stratum) => ({
      n: stratum[side].length,
      c: stratum[side].reduce((sum, cell) => sum + passes(cell), 0),
    }));
    return {
      any: mean(counts.map(({ n, c }) => passAtK(n, c, k))),
      all: mean(counts.map(({ n, c }) => passHatK(n, c, k))),
    };
  };
  return kept.map((k) => ({ k, base: at(k, 'base'), head: at(k, 'head') }));
}

function mcnemarOf(strata: Match['strata']): Comparison['mcnemar'] {
  if (strata.some(({ base, head }) => base.length !== 1 || head.length !== 1)) return null;
  const turned = strata.map(
    ({ base, head }) =>
      head.reduce((sum, cell) => sum + passes(cell), 0) - base.reduce((sum, cell) => sum + passes(cell), 0),
  );
  const [lost, gained] = [turned.filter((value) => value < 0).length, turned.filter((value) => value > 0).length];
  return { lost, gained, p: mcnemar(lost, gained) };
}

function hardRows(strata: readonly Stratum[], decision: Decision, { hard }: Gate): HardRow[] {
  return hard.flatMap((invariant, index) =>
    strata.flatMap(({ scenario, base, head }): HardRow[] => {
      const [inBase, inHead] = [base, head].map((answers) => ({
        hits: answers.filter((answer) => answer.hard[index] === 1).length,
        of: answers.length,
      }));
      if (inBase === undefined || inHead === undefined || inBase.hits + inHead.hits === 0) return [];
      return [
        {
          invariant,
          scenario,
          base: inBase,
          head: inHead,
          fresh: decision.hard.fresh.some((fresh) => fresh.invariant === index && fresh.scenario === scenario),
        },
      ];
    }),
  );
}

function cellRow(summary: CellSummary, indexOf: (finding: FindingCount) => number | undefined): CellRow {
  const wanting = Object.entries(summary.checks).flatMap(([id, [status]]): CellRow['wanting'] =>
    status === 'passed' ? [] : [[id, status]],
  );
  const findings = [...new Set(summary.findings.flatMap((finding) => indexOf(finding) ?? []))];
  return {
    name: cellName(summary.cell),
    key: cellKey(summary.cell),
    repeat: summary.cell.repeat,
    verdict: summary.verdict,
    score: summary.score,
    wanting,
    findings,
  };
}

function scenarioRows(strata: Match['strata'], indexOf: (finding: FindingCount) => number | undefined): ScenarioRow[] {
  const grouped = [...Map.groupBy(strata, ({ scenario }) => scenario)].map(([scenario, own]) => {
    const [base, head] = [own.flatMap((stratum) => stratum.base), own.flatMap((stratum) => stratum.head)];
    const tally = (cells: readonly CellSummary[]): ScenarioRow['base'] => ({
      passed: cells.reduce((sum, cell) => sum + passes(cell), 0),
      of: cells.length,
      score: mean(cells.map(({ score }) => score ?? NaN)),
    });
    const [inBase, inHead] = [tally(base), tally(head)];
    return {
      scenario,
      own: { base, head },
      base: inBase,
      head: inHead,
      p: fisher({ hits: inBase.passed, of: inBase.of }, { hits: inHead.passed, of: inHead.of }),
    };
  });
  const q = benjaminiHochberg(grouped.map(({ p }) => p));
  return grouped
    .map(({ scenario, own, base, head, p }, index): ScenarioRow => ({
      scenario,
      base,
      head,
      p,
      q: q[index] ?? 1,
      difference: head.passed / head.of - base.passed / base.of,
      baseCells: own.base.map((cell) => cellRow(cell, indexOf)),
      headCells: own.head.map((cell) => cellRow(cell, indexOf)),
    }))
    .sort(
      (one, other) =>
        one.difference - other.difference ||
        one.head.score - one.base.score - (other.head.score - other.base.score) ||
        (one.scenario < other.scenario ? -1 : 1),
    );
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const signed = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`;

/** One dimension's part in the verdict, in words. */
function told({ id, unit, base, head, difference, interval, outcome, margin }: DimensionRow): string {
  const range =
    interval === null
      ? 'no interval with so few scenarios'
      : unit === 'share'
        ? `90 % interval ${signed(interval[0])} to ${signed(interval[1])} points`
        : `90 % interval ${interval[0].toFixed(2)} to ${interval[1].toFixed(2)} times`;
  const change =
    unit === 'share'
      ? `${percent(base)} → ${percent(head)}, ${signed(difference)} points`
      : `${difference.toFixed(2)} times the base`;
  const allowed =
    margin === null
      ? ''
      : unit === 'share'
        ? `; up to ${(margin * 100).toFixed(0)} points less are no worse`
        : `; up to ${margin.toFixed(2)} times are no worse`;
  return `${id}: ${outcome ?? ''}; ${change} (${range}${allowed})`;
}

/** Why the verdict is what it is: hard findings first, then the dimensions that decide, then who can be to blame. */
function reasonsOf(
  decision: Decision,
  rows: readonly DimensionRow[],
  hard: readonly HardRow[],
  found: Match,
): string[] {
  const fresh = hard.filter((own) => own.fresh);
  const said = fresh.map(
    ({ invariant, scenario, base, head }) =>
      `hard finding that is new: ${invariant} in ${head.hits} of ${head.of} answers to ${scenario}, in none of ${base.of} before`,
  );
  if (decision.hard.worse)
    said.push(
      `hard findings are more frequent than chance allows (p ${Math.min(decision.hard.pScenario, decision.hard.pTotal).toPrecision(2)})`,
    );
  else if (fresh.length > 0)
    said.push('that alone is too seldom to exclude chance, and it is not averaged with anything either: look at it');
  for (const { id, pSuite, scenarios } of rows.filter(({ onlyHere }) => onlyHere)) {
    said.push(
      `on these very scenarios ${id} is worse (p ${(pSuite ?? 1).toPrecision(2)}); whether it would be on others like them, ${scenarios} scenarios do not show. With scope "suite" this is a "worse"`,
    );
  }
  const order: readonly Outcome[] = ['worse', 'not enough data', 'better', 'no worse'];
  const sorted = rows
    .filter(({ outcome }) => outcome !== null)
    .toSorted((one, other) => order.indexOf(one.outcome ?? 'no worse') - order.indexOf(other.outcome ?? 'no worse'));
  said.push(...sorted.map(told));
  const answers = sameAnswers(found);
  if (answers.length > 0 && answers.length === found.base.cells.length && answers.length === found.head.cells.length) {
    said.push(
      'all answers are the same on both sides: what differs comes from grader, tools or dependencies, not from prompt or model',
    );
  }
  return said;
}

/** Whether the gate is met. An unconfirmed hard finding is a fact of the head, not a guess: it can fail the gate without being called worse. */
function gateOf(decision: Decision, gate: Gate): Comparison['gate'] {
  if (decision.outcome === 'worse') return { met: false, why: 'it got worse', rules: gate };
  if (gate.unconfirmed === 'fail' && decision.hard.fresh.some(({ unheard }) => unheard)) {
    return {
      met: false,
      why: 'the head breaks a hard invariant that every answer of the base keeps (gate: unconfirmed)',
      rules: gate,
    };
  }
  if (gate.unsettled === 'fail' && decision.outcome === 'not enough data')
    return { met: false, why: 'there is not enough data (gate: unsettled)', rules: gate };
  return { met: true, why: null, rules: gate };
}

/** Scenarios with the prompt and model of each side, those first in which a further answer helps most. */
export function helpfulFirst(
  base: RunSummary,
  head: RunSummary,
  sides: Sides,
  gate: Gate,
  open: Open,
): Match['strata'] {
  const { strata } = match(base, head, sides, gate);
  return mostHelpful(observed(strata, gated(gate), []), 0, open).flatMap((index) => strata[index] ?? []);
}

/** Compares two runs, or two sides of one. Throws `UsageError` and `NotComparableError` where there is nothing to be said. */
export function compare({ base, head, sides, gate, texts, alpha = ALPHA }: Question): Comparison {
  const { found, change: prices } = atOnePrice(match(base.run, head.run, sides, gate));
  const known = gated(gate);
  const strata = observed(found.strata, known, gate.hard);
  const wanting = known.find((_, index) =>
    strata.every(({ base: one, head: other }) =>
      [...one, ...other].some(({ values }) => Number.isNaN(values[index] ?? NaN)),
    ),
  );
  if (wanting !== undefined)
    throw new NotComparableError(
      `the gate looks at ${wanting.id}, and no scenario has it on both sides; expected answers that it was measured of. Take it out of the gate's margins or limits.`,
    );
  const all = [...found.base.cells, ...found.head.cells];
  const unknown = invariantOfNoCheck(gate.hard, all);
  if (unknown !== undefined)
    throw new NotComparableError(
      `the gate's hard invariant ${unknown} is about a check that no answer has; expected one that at least one scenario asks for. Correct it, or take it out.`,
    );
  const decision = decide(strata, known, { scope: gate.scope, alpha, ...RESAMPLING });
  const others = ungated(all, known);
  const { rows: findings, indexOf } = findingRows(found.base.cells, found.head.cells);
  const rows = gatedRows(decision, known);
  const hard = hardRows(strata, decision, gate);
  const costs = all.flatMap(({ costUsd }) => costUsd ?? []);
  const sight = sightOf(strata, decision, known, {
    scope: gate.scope,
    hasHard: gate.hard.length > 0,
    costOfAnswer: costs.length > 0 ? mean(costs) : null,
  });
  return {
    format: 1,
    outcome: decision.outcome,
    reasons: reasonsOf(decision, rows, hard, found),
    gate: gateOf(decision, gate),
    base: sideInfo(base, found.base),
    head: sideInfo(head, found.head),
    scenarios: new Set(strata.map(({ scenario }) => scenario)).size,
    changes: [
      ...changesOf(found, { base: base.before, head: head.before }, texts),
      ...(prices === null ? [] : [prices]),
    ],
    regradings: [['base', base] as const, ['head', head] as const].flatMap(([side, { run, before }]) =>
      run === before ? [] : [regradingOf(side, before, run)],
    ),
    dimensions: [...rows, ...otherRows(observed(found.strata, others, []), others, gate)],
    pass: { base: rateOf(found.strata, 'base'), head: rateOf(found.strata, 'head') },
    passK: passKOf(found.strata),
    mcnemar: mcnemarOf(found.strata),
    hard,
    findings,
    rows: scenarioRows(found.strata, indexOf),
    sight,
  };
}
