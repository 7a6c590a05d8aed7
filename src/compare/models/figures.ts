/** Figures of one model's answers by themselves. */
import { namesOfCheck } from '../../domain/grading/check-id.ts';
import type { CellSummary } from '../../domain/runs/summary.ts';
import type { Accepted, Count } from '../../domain/runs/upgrade.ts';

/** The statuses of the checks of a name, whatever the language. */
const statusesOf = ({ checks }: CellSummary, name: string): string[] =>
  Object.entries(checks).flatMap(([id, [status]]) => (namesOfCheck(id)[2] === name ? [status] : []));

/** Whether the contract of an answer's scenario was asked of its program; null where nobody asked. */
function contractMeasured(cell: CellSummary): boolean | null {
  const statuses = statusesOf(cell, 'acceptance');
  return statuses.length === 0 ? null : statuses.every((status) => status === 'passed' || status === 'failed');
}

/**
 * What one accepted answer costs: the cost of all answers, ungraded ones included, by the answers that pass and whose
 * contract, where there is one, was measured. Where a single cost is not known, neither is the quotient.
 */
export function acceptedOf(cells: readonly CellSummary[]): Accepted {
  const accepted = cells.filter((cell) => cell.verdict === 'pass' && contractMeasured(cell) !== false);
  const costs = cells.flatMap(({ costUsd }) => costUsd ?? []);
  const costUsd = costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0);
  const unpriced = cells.length - costs.length;
  const known = costUsd !== null && unpriced === 0 && accepted.length > 0;
  return {
    answers: accepted.length,
    withContract: accepted.filter((cell) => contractMeasured(cell) === true).length,
    costUsd,
    unpriced,
    perAnswer: known ? costUsd / accepted.length : null,
  };
}

/**
 * The share of all answers that would pass if the ungraded ones all failed, and if they all passed. `others`: ungraded
 * answers that are not among the cells.
 */
export function worstCaseOf(cells: readonly CellSummary[], others = 0): readonly [low: number, high: number] {
  const count = (verdict: CellSummary['verdict']): number => cells.filter((cell) => cell.verdict === verdict).length;
  const all = Math.max(1, cells.length + others);
  return [count('pass') / all, (count('pass') + count('ungraded') + others) / all];
}

const isWhole = (cell: CellSummary): boolean =>
  ['complete', 'files'].every((name) => statusesOf(cell, name).every((status) => status === 'passed'));

/** What form gains apart from what behaviour does: whole answers with files, and how many of these pass. */
export function formOf(cells: readonly CellSummary[]): { form: Count; behaviour: Count } {
  const graded = cells.filter(({ verdict }) => verdict !== 'ungraded');
  const whole = graded.filter(isWhole);
  return {
    form: { hits: whole.length, of: graded.length },
    behaviour: { hits: whole.filter(({ verdict }) => verdict === 'pass').length, of: whole.length },
  };
}

/** The value below which this share (0 to 1) of the values lies, by nearest rank; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
