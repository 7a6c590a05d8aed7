/** The parts of a gate that need no base: what a run must not break, and how much of it must hold at least. */
import type { AbsoluteGate, AbsoluteRow } from '../domain/runs/absolute.ts';
import type { Gate } from '../domain/runs/gate.ts';
import type { CellSummary } from '../domain/runs/summary.ts';
import { ALPHA } from './directed.ts';
import { boundsOf } from './statistics/least.ts';
import { mean } from './statistics/moments.ts';
import { breaks, shareOf } from './values.ts';

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
const MOST_ANSWERS = 5000;

/** The answers of one prompt and model; one must not make up for another. */
function groupsOf(cells: readonly CellSummary[]): Map<string, CellSummary[]> {
  return Map.groupBy(cells, ({ cell }) => [cell.prompt, cell.model].filter((part) => part !== null).join(' × '));
}

/** The values that are independent of each other: those of answers, or one mean a scenario where scenarios vary. */
function unitsOf(
  cells: readonly CellSummary[],
  id: string,
  scope: Gate['scope'],
): { values: number[]; binary: boolean } {
  const value = shareOf(id);
  const measured = cells.map((cell) => ({ scenario: cell.cell.scenario, value: value(cell) }));
  const valued = measured.filter((one) => !Number.isNaN(one.value));
  if (scope === 'suite') return { values: valued.map((one) => one.value), binary: id === 'pass' };
  const scenarios = [...Map.groupBy(valued, ({ scenario }) => scenario).values()];
  return {
    values: scenarios.map((same) => mean(same.map((one) => one.value))),
    binary: id === 'pass' && cells.every(({ cell }) => cell.repeat === 1),
  };
}

/** How many of such units would decide if their mean stayed as it is; null where it lies on the limit itself. */
function decidingNumber(seen: number, from: number, wanted: number, level: number, binary: boolean): number | null {
  for (let n = Math.max(2, from + 1); n <= MOST_ANSWERS; n = Math.ceil(n * 1.05)) {
    const hits = Math.round(seen * n);
    const values = Array.from({ length: n }, (_, index) => (index < hits ? 1 : 0));
    const [low, high] = boundsOf(values, level, binary);
    if (low >= wanted || high < wanted) return n;
  }
  return null;
}

function atLeastRow(
  cells: readonly CellSummary[],
  of: string,
  [id, wanted]: [string, number],
  gate: Gate,
  level: number,
): AbsoluteRow {
  const { values, binary } = unitsOf(cells, id, gate.scope);
  const part = `atLeast: ${id}`;
  const goal = `${id} of at least ${percent(wanted)}`;
  if (values.length === 0)
    return { part, of, outcome: 'not met', text: `${goal}: expected answers that it was measured of, found none` };
  const seen = mean(values);
  const [low, high] = boundsOf(values, level, binary);
  const unit = gate.scope === 'suite' ? 'answers' : 'scenarios';
  const figures = `${percent(seen)} of ${values.length} ${unit}, interval ${percent(low)} to ${percent(high)}`;
  if (low >= wanted) return { part, of, outcome: 'met', text: `${goal}: met; ${figures}` };
  if (high < wanted) return { part, of, outcome: 'not met', text: `${goal}: not met; ${figures}` };
  if (seen === 0 && gate.unconfirmed === 'fail')
    return {
      part,
      of,
      outcome: 'not met',
      text: `${goal}: not met; none of ${values.length} ${unit}, too few to exclude chance (gate: unconfirmed)`,
    };
  const more = decidingNumber(seen, values.length, wanted, level, binary);
  const would =
    more === null ? `more than ${MOST_ANSWERS} ${unit} would have to be asked` : `about ${more} ${unit} would decide`;
  return {
    part,
    of,
    outcome: 'not enough data',
    text: `${goal}: not enough data; ${figures}; if it stays so, ${would}`,
  };
}

function hardRow(cells: readonly CellSummary[], of: string, invariant: string): AbsoluteRow {
  const broken = cells.filter(breaks(invariant));
  const part = `hard: ${invariant}`;
  if (broken.length === 0)
    return { part, of, outcome: 'met', text: `${invariant}: in none of ${cells.length} answers` };
  const where = [...new Set(broken.map(({ cell }) => cell.scenario ?? 'answer'))].join(', ');
  return {
    part,
    of,
    outcome: 'not met',
    text: `${invariant}: in ${broken.length} of ${cells.length} answers (${where})`,
  };
}

/**
 * Decides the absolute parts of a gate on the graded answers; null where it has none. `compared`: hard invariants are
 * then a matter of the comparison. Each "not met" of an `atLeast` is wrong in at most 5 % of runs, all parts together.
 */
export function absoluteGate(cells: readonly CellSummary[], gate: Gate, compared: boolean): AbsoluteGate | null {
  const parts = Object.entries(gate.atLeast);
  const invariants = compared ? [] : gate.hard;
  if (parts.length + invariants.length === 0) return null;
  const groups = [...groupsOf(cells.filter(({ verdict }) => verdict !== 'ungraded'))];
  const level = ALPHA / Math.max(1, parts.length * groups.length);
  const rows = groups.flatMap(([of, answers]) => [
    ...invariants.map((invariant) => hardRow(answers, of, invariant)),
    ...parts.map((part) => atLeastRow(answers, of, part, gate, level)),
  ]);
  const several = groups.length > 1;
  const failing = rows.filter(
    ({ outcome }) => outcome === 'not met' || (outcome === 'not enough data' && gate.unsettled === 'fail'),
  );
  if (rows.length === 0) return { met: false, why: 'expected graded answers, found none', rows };
  const why = failing.map(({ of, text }) => (several ? `${of}: ${text}` : text)).join('; ');
  return { met: failing.length === 0, why: failing.length === 0 ? null : why, rows };
}
