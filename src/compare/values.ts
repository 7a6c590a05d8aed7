/** What the dimensions are, and an answer's value in each: higher is always better. */
import { namesOfCheck, withoutRoot } from '../domain/grading/check-id.ts';
import type { Gate } from '../domain/runs/gate.ts';
import type { CellSummary } from '../domain/runs/summary.ts';
import type { Matched } from './match.ts';
import type { Dimension, Observed, Stratum } from './stratum.ts';

/** A dimension with the way to its values. */
export interface Measured extends Dimension {
  /** NaN where the answer has none. */
  value(cell: CellSummary): number;
}

/** Tells whether a name means a check; kept for each id, because thousands of answers have the same checks. */
function meaning(name: string): (id: string) => boolean {
  const answers = new Map<string, boolean>();
  return (id) => {
    const means = answers.get(id) ?? namesOfCheck(id).includes(name);
    answers.set(id, means);
    return means;
  };
}

/** The worst score of the checks of that name; NaN where there is none. */
function checkScore(name: string): (cell: CellSummary) => number {
  const matches = meaning(name);
  return ({ checks }) => {
    let worst = Infinity;
    for (const id in checks) if (matches(id)) worst = Math.min(worst, checks[id]?.[1] ?? Infinity);
    return worst === Infinity ? NaN : worst;
  };
}

const less = (quantity: number | null): number => (quantity === null || quantity <= 0 ? NaN : -Math.log(quantity));
const ratios = {
  cost: ({ costUsd }) => less(costUsd),
  tokens: ({ usage }) => less(usage?.outputTokens ?? null),
  latency: ({ latencyMs }) => less(latencyMs),
} satisfies Record<keyof Gate['limits'], (cell: CellSummary) => number>;

/** The value of an answer by a name that a gate may use: `pass`, `score`, or a check's name or id. NaN for none. */
export function shareOf(id: string): (cell: CellSummary) => number {
  if (id === 'pass') return ({ verdict }) => (verdict === 'pass' ? 1 : 0);
  if (id === 'score') return ({ score }) => score ?? NaN;
  return checkScore(id);
}

/** The dimensions that a gate looks at, those with a margin first, in its order. */
export function gated({ margins, limits }: Gate): Measured[] {
  const shares = Object.entries(margins).map(([id, margin]): Measured => ({
    id,
    kind: 'share',
    binary: id === 'pass',
    margin,
    value: shareOf(id),
  }));
  const quantities = Object.entries(limits).map(([id, limit]): Measured => ({
    id,
    kind: 'ratio',
    margin: Math.log(limit ?? 1),
    value: ratios[id as keyof typeof ratios],
  }));
  return [...shares, ...quantities];
}

/** Everything else that the answers have values for: pass, score, each check, cost, tokens and latency. */
export function ungated(cells: readonly CellSummary[], gatedOnes: readonly Measured[]): Measured[] {
  const names = [...new Set(cells.flatMap(({ checks }) => Object.keys(checks).map(withoutRoot)))].sort();
  const shares = ['pass', 'score', ...names].map((id): Measured => ({
    id,
    kind: 'share',
    margin: 0,
    value: shareOf(id),
  }));
  const quantities = Object.entries(ratios).map(([id, value]): Measured => ({ id, kind: 'ratio', margin: 0, value }));
  return [...shares, ...quantities].filter(({ id }) => !gatedOnes.some((other) => other.id === id));
}

/**
 * The first of the hard invariants that names a check which no answer has: it is misspelt, or no scenario asks for it.
 */
export function invariantOfNoCheck(invariants: readonly string[], cells: readonly CellSummary[]): string | undefined {
  const ids = new Set(cells.flatMap(({ checks }) => Object.keys(checks)));
  return invariants.find(
    (invariant) => invariant.startsWith('check:') && !ids.values().some(meaning(invariant.slice('check:'.length))),
  );
}

/** Whether a cell breaks a hard invariant. */
export function breaks(invariant: string): (cell: CellSummary) => boolean {
  const [, kind = '', pattern = ''] = /^(check|finding):(.*)$/.exec(invariant) ?? [];
  if (kind === 'check') {
    const matches = meaning(pattern);
    return ({ checks }) =>
      Object.entries(checks).some(([id, [status]]) => matches(id) && (status === 'failed' || status === 'blocked'));
  }
  const namePattern = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
  return ({ findings }) => findings.some(({ tool, rule }) => namePattern.test(`${tool} ${rule}`));
}

/** Matched answers as numbers. */
export function observed(
  strata: readonly Matched[],
  dimensions: readonly Measured[],
  invariants: readonly string[],
): Stratum[] {
  const tests = invariants.map(breaks);
  const numbers = (cell: CellSummary): Observed => ({
    values: dimensions.map(({ value }) => value(cell)),
    hard: tests.map((test) => (test(cell) ? 1 : 0)),
  });
  return strata.map(({ scenario, base, head }) => ({ scenario, base: base.map(numbers), head: head.map(numbers) }));
}
