import type { Comparison, FormAndBehaviour, SideInfo } from '../domain/runs/comparison.ts';
import type { Gate } from '../domain/runs/gate.ts';
import type { CellSummary, RunSummary } from '../domain/runs/summary.ts';
import { mostHelpful } from './allocate.ts';
import type { Open } from './allocate.ts';
import { changesOf, regradingOf } from './changes.ts';
import type { Texts } from './changes.ts';
import { ALPHA } from './directed.ts';
import { decide } from './decide.ts';
import type { Decision } from './decide.ts';
import { gatedRows, otherRows } from './dimension-rows.ts';
import { findingRows } from './findings.ts';
import { NotComparableError, match } from './match.ts';
import type { Match, Sides } from './match.ts';
import { atOnePrice } from './prices.ts';
import { collapseOf, mcnemarOf, passKOf, rateOf } from './rates.ts';
import { reasonsOf } from './reasons.ts';
import { RESAMPLING } from './resampling.ts';
import { hardRows, scenarioRows } from './scenario-rows.ts';
import { sightOf } from './sight.ts';
import { formOf, worstCaseOf } from './models/figures.ts';
import { mean } from './statistics/moments.ts';
import { gated, invariantOfNoCheck, observed, ungated } from './values.ts';
import type { Measured } from './values.ts';
import type { Stratum } from './stratum.ts';

/** A side as it is to be compared, and as it stood before it was graded again (the same where it was not). */
export interface Side {
  name: string;
  run: RunSummary;
  before: RunSummary;
}

/** What is compared, and how. */
export interface Question {
  base: Side;
  head: Side;
  sides: Sides;
  gate: Gate;
  texts: Texts;
  /** The chance of a false "worse" that this comparison may spend; `ALPHA` unless a run is compared several times. */
  alpha?: number;
}

function sideInfo({ name, run }: Side, { cells, ungraded }: Match['base']): SideInfo {
  const distinct = (factor: 'prompt' | 'model'): string[] => [
    ...new Set(cells.flatMap(({ cell }) => cell[factor] ?? [])),
  ];
  return { name, run: run.run, prompts: distinct('prompt'), models: distinct('model'), cells: cells.length, ungraded };
}

/**
 * Whether the gate is met. A hard finding that is new, a pass rate that fell from all to none and a loss on these very
 * scenarios are facts of the head, not guesses: they can fail the gate without being called worse.
 */
function gateOf(decision: Decision, gate: Gate, collapse: string | null): Comparison['gate'] {
  if (decision.outcome === 'worse') return { met: false, why: 'it got worse', rules: gate };
  if (gate.unconfirmed === 'fail' && decision.hard.fresh.some(({ unheard }) => unheard)) {
    return {
      met: false,
      why: 'the head breaks a hard invariant that every answer of the base keeps (gate: unconfirmed)',
      rules: gate,
    };
  }
  const otherScope = gate.scope === 'suite' ? '' : '; "scope: suite" judges these scenarios for themselves';
  if (gate.unconfirmed === 'fail' && collapse !== null && decision.outcome === 'not enough data')
    return { met: false, why: `${collapse}${otherScope} (gate: unconfirmed)`, rules: gate };
  const [here] = decision.dimensions.filter(({ onlyHere }) => onlyHere);
  if (gate.unconfirmed === 'fail' && here !== undefined)
    return {
      met: false,
      why: `on these very scenarios ${here.id} got worse; "scope: suite" calls that worse (gate: unconfirmed)`,
      rules: gate,
    };
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

/** Refuses a gate that decides by what no answer has. */
function refuseUnmeasured(
  strata: readonly Stratum[],
  deciding: readonly Measured[],
  gate: Gate,
  all: readonly CellSummary[],
): void {
  const wanting = deciding.find((_, index) =>
    strata.every(({ base: one, head: other }) =>
      [...one, ...other].some(({ values }) => Number.isNaN(values[index] ?? NaN)),
    ),
  );
  if (wanting !== undefined)
    throw new NotComparableError(
      `the gate looks at ${wanting.id}, and no scenario has it on both sides; expected answers that it was ` +
        `measured of. Take it out of the gate's margins or limits.`,
    );
  const unknown = invariantOfNoCheck(gate.hard, all);
  if (unknown !== undefined)
    throw new NotComparableError(
      `the gate's hard invariant ${unknown} is about a check that no answer has; expected one that at least one ` +
        'scenario asks for. Correct it, or take it out.',
    );
}

function partsOf({ cells, ungraded }: Match['base']): FormAndBehaviour {
  return { ...formOf(cells), worstCase: worstCaseOf(cells, ungraded) };
}

/**
 * Compares two runs, or two sides of one. Throws `UsageError` and `NotComparableError` where nothing can be compared.
 */
export function compare({ base, head, sides, gate, texts, alpha = ALPHA }: Question): Comparison {
  const { matched, change: prices } = atOnePrice(match(base.run, head.run, sides, gate));
  const deciding = gated(gate);
  const strata = observed(matched.strata, deciding, gate.hard);
  const all = [...matched.base.cells, ...matched.head.cells];
  refuseUnmeasured(strata, deciding, gate, all);
  const decision = decide(strata, deciding, { scope: gate.scope, alpha, ...RESAMPLING });
  const ungatedDimensions = ungated(all, deciding);
  const { rows: findings, indexOf } = findingRows(matched.base.cells, matched.head.cells);
  const rows = gatedRows(decision, deciding);
  const hard = hardRows(strata, decision, gate);
  const pass = { base: rateOf(matched.strata, 'base'), head: rateOf(matched.strata, 'head') };
  const collapse = collapseOf(pass);
  const costs = all.flatMap(({ costUsd }) => costUsd ?? []);
  const sight = sightOf(strata, decision, deciding, {
    scope: gate.scope,
    hasHard: gate.hard.length > 0,
    costOfAnswer: costs.length > 0 ? mean(costs) : null,
  });
  return {
    format: 1,
    outcome: decision.outcome,
    reasons: [
      ...(collapse !== null && decision.outcome === 'not enough data' ? [collapse] : []),
      ...reasonsOf(decision, rows, hard, matched),
    ],
    gate: gateOf(decision, gate, collapse),
    base: sideInfo(base, matched.base),
    head: sideInfo(head, matched.head),
    scenarios: new Set(strata.map(({ scenario }) => scenario)).size,
    changes: [
      ...changesOf(matched, { base: base.before, head: head.before }, texts),
      ...(prices === null ? [] : [prices]),
    ],
    regradings: [['base', base] as const, ['head', head] as const].flatMap(([side, { run, before }]) =>
      run === before ? [] : [regradingOf(side, before, run)],
    ),
    dimensions: [...rows, ...otherRows(observed(matched.strata, ungatedDimensions, []), ungatedDimensions, gate)],
    pass,
    parts: { base: partsOf(matched.base), head: partsOf(matched.head) },
    passK: passKOf(matched.strata),
    mcnemar: mcnemarOf(matched.strata),
    hard,
    findings,
    rows: scenarioRows(matched.strata, indexOf),
    sight,
  };
}
