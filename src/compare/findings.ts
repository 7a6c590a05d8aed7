import { withoutRoot } from '../domain/grading/check-id.ts';
import type { FindingRow } from '../domain/runs/comparison.ts';
import type { CellSummary, FindingCount } from '../domain/runs/summary.ts';
import { benjaminiHochberg, fisher } from './statistics/exact.ts';

const keyOf = ({ check, tool, rule, severity }: FindingCount): string =>
  [withoutRoot(check), tool, rule, severity].join('\u0000');

interface Seen {
  first: FindingCount;
  base: number;
  head: number;
  scenarios: Set<string>;
}

function countedIn(side: 'base' | 'head', cells: readonly CellSummary[], seen: Map<string, Seen>): void {
  for (const cell of cells) {
    const inCell = new Map(cell.findings.map((finding) => [keyOf(finding), finding] as const));
    for (const [key, finding] of inCell) {
      const row = seen.get(key) ?? { first: finding, base: 0, head: 0, scenarios: new Set<string>() };
      row[side] += 1;
      row.scenarios.add(cell.cell.scenario ?? 'answer');
      seen.set(key, row);
    }
  }
}

/**
 * How many answers of each side have each finding; those whose frequency differs most first. The index finds a cell's
 * own ones.
 */
export function findingRows(
  base: readonly CellSummary[],
  head: readonly CellSummary[],
): { rows: FindingRow[]; indexOf(finding: FindingCount): number | undefined } {
  const counts = new Map<string, Seen>();
  // The head first: its examples are of more interest.
  countedIn('head', head, counts);
  countedIn('base', base, counts);
  const all = [...counts].map(([key, row]) => ({
    key,
    ...row,
    p: fisher({ hits: row.base, of: base.length }, { hits: row.head, of: head.length }),
  }));
  const q = benjaminiHochberg(all.map(({ p }) => p));
  const ordered = all
    .map((row, index) => ({ ...row, q: q[index] ?? 1 }))
    .sort(
      (one, other) =>
        one.p - other.p ||
        Math.abs(other.head - other.base) - Math.abs(one.head - one.base) ||
        (one.key < other.key ? -1 : 1),
    );
  const indices = new Map(ordered.map(({ key }, index) => [key, index]));
  const rows = ordered.map(({ first, base: inBase, head: inHead, scenarios, p, q: adjusted }): FindingRow => {
    const { check, tool, rule, severity, example } = first;
    return {
      check: withoutRoot(check),
      tool,
      rule,
      severity,
      base: inBase,
      head: inHead,
      p,
      q: adjusted,
      scenarios: [...scenarios].sort(),
      example,
    };
  });
  return { rows, indexOf: (finding) => indices.get(keyOf(finding)) };
}
