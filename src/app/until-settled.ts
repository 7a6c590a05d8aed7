/** Adds answers to a run in rounds, until its gate is decided. */
import { cellKey } from '../domain/grading/cell.ts';
import type { Cell } from '../domain/grading/cell.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Comparison } from '../domain/runs/comparison.ts';
import { defaultGate } from '../domain/runs/gate.ts';
import type { Results } from '../domain/runs/run.ts';
import type { Suite } from '../domain/runs/suite.ts';
import type { RunSummary } from '../domain/runs/summary.ts';
import type { RunListener } from '../ports/run-listener.ts';
import { helpfulFirst } from '../compare/compare.ts';
import { ALPHA, dimensionAlphas } from '../compare/directed.ts';
import { alphaSpending } from '../compare/statistics/spending.ts';
import { compareWith, opponentOf, summaryOf } from './gate.ts';
import type { Opponent } from './gate.ts';
import type { Services } from './services/services.ts';

/** A run with the comparison that decides its gate. */
export interface Settled {
  results: Results;
  comparison: Comparison | null;
  /** The grades without those of answers that were to be added and could not be had. */
  settled: readonly Grade[];
}

/** The next repeat of the strata that help most, on the sides that are open, at most `room` cells. */
function nextCells(base: RunSummary, head: RunSummary, { sides, open }: Opponent, suite: Suite, room: number): Cell[] {
  const strata = helpfulFirst(base, head, sides, suite.gate ?? defaultGate, open);
  const next: Cell[] = [];
  for (const stratum of strata.slice(0, Math.ceil(strata.length / 2))) {
    const grown = (open === 'both' ? [stratum.base, stratum.head] : [stratum.head]).map((cells) =>
      cells.map(({ cell }) => cell),
    );
    const added = grown.flatMap(([first, ...rest]) =>
      first === undefined
        ? []
        : [{ ...first, repeat: Math.max(first.repeat, ...rest.map(({ repeat }) => repeat)) + 1 }],
    );
    if (next.length + added.length > room) break;
    next.push(...added);
  }
  return next;
}

/** Keys of cells that were added and got no answer: the budget is spent, or nothing more is to be had. */
function unanswered({ grades }: Results, first: Results): Set<string> {
  const planned = new Set(first.run.cells.map(cellKey));
  const missing = grades.filter(
    ({ cell, checks }) =>
      !planned.has(cellKey(cell)) && checks.some(({ id, status }) => id === 'answer/received' && status === 'errored'),
  );
  return new Set(missing.map(({ cell }) => cellKey(cell)));
}

/**
 * What each comparison may spend of the chance of a false "worse". How often there will be one at most is known
 * beforehand: each round adds answers to half of the strata.
 */
function spendingOf(suite: Suite, opponent: Opponent, begun: RunSummary, scenarios: number, most: number): number[] {
  const gate = suite.gate ?? defaultGate;
  const strata = helpfulFirst(opponent.baseline ?? begun, begun, opponent.sides, gate, opponent.open).length;
  const step = Math.ceil(strata / 2) * (opponent.open === 'both' ? 2 : 1);
  const dimensions = Object.keys(gate.margins).length + Object.keys(gate.limits).length;
  const share = dimensionAlphas(1, dimensions, gate.hard.length > 0).first;
  return alphaSpending(ALPHA, 1 + Math.ceil(most / step), gate.scope === 'suite' ? 0 : 2 ** -scenarios / share);
}

/**
 * Adds answers in rounds until the gate is decided, or `most` were added, or the budget is used up. `grow` takes the
 * run to the cells with these keys, of which the highest repeat is given.
 */
export async function untilSettled(
  services: Services,
  suite: Suite,
  first: Results,
  most: number,
  grow: (wanted: ReadonlySet<string>, repeats: number) => Promise<Results>,
  listener: RunListener,
): Promise<Settled> {
  const opponent = await opponentOf(suite, services.root);
  if (opponent === null) return { results: first, comparison: null, settled: first.grades };
  const { id } = first.run;
  const scenarios = new Set(first.run.cells.map(({ scenario }) => scenario)).size;
  const spending = spendingOf(suite, opponent, await summaryOf(services.root, id), scenarios, most);
  let [results, room, spent] = [first, most, 0];
  for (const [index, part] of spending.entries()) {
    const whole = await summaryOf(services.root, id);
    const missing = unanswered(results, first);
    const head = { ...whole, cells: whole.cells.filter(({ cell }) => !missing.has(cellKey(cell))) };
    const last = index === spending.length - 1 || missing.size > 0;
    const next = last ? [] : nextCells(opponent.baseline ?? head, head, opponent, suite, room);
    // The last comparison may spend all that the others left.
    const alpha = next.length === 0 ? ALPHA - spent : part;
    const comparison = await compareWith(services, suite, opponent, head, listener, alpha);
    const decided = comparison.outcome !== 'not enough data';
    services.notify({
      kind: 'interim-comparison',
      number: index + 1,
      most: spending.length,
      outcome: comparison.outcome,
      added: decided ? 0 : next.length,
    });
    if (decided || next.length === 0)
      return { results, comparison, settled: results.grades.filter(({ cell }) => !missing.has(cellKey(cell))) };
    spent += alpha;
    room -= next.length;
    const cells = [...results.run.cells, ...next];
    results = await grow(new Set(cells.map(cellKey)), Math.max(...cells.map(({ repeat }) => repeat)));
  }
  throw new Error('the last comparison decided nothing and ended nothing');
}
