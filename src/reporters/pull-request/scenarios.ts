import type { PullReport } from '../../domain/runs/pull-request.ts';
import { counted } from '../../formats/words.ts';
import type { ShowName } from './footer.ts';

type Row = PullReport['rows'][number];

/** Rows that are shown without being asked for. */
const ROWS = 15;

/** How many answers of a side pass, and their mean score. */
export const sideText = (side: Row['base']): string =>
  side === null ? 'none' : `${side.passed} of ${side.of}${side.score === null ? '' : ` (${side.score.toFixed(3)})`}`;

/** Scenarios whose numbers differ come first: by how many fewer answers pass, then by score. */
function ordered(rows: readonly Row[]): { differing: Row[]; alike: Row[] } {
  const share = (side: Row['base']): number => (side === null || side.of === 0 ? 0 : side.passed / side.of);
  const gain = ({ base, head }: Row): number => share(head) - share(base);
  const sorted = rows.toSorted(
    (one, other) => gain(one) - gain(other) || (one.head.score ?? 0) - (other.head.score ?? 0),
  );
  const differs = ({ base, head }: Row): boolean =>
    base === null || base.passed !== head.passed || base.of !== head.of || base.score !== head.score;
  return { differing: sorted.filter(differs), alike: sorted.filter((row) => !differs(row)) };
}

/** At most fifteen scenarios that differ as a table, and all others folded. */
export function scenarioTables({ rows }: PullReport, show: ShowName): string[] {
  const { differing, alike } = ordered(rows);
  const line = ({ scenario, base, head, asksOther }: Row): string =>
    `| ${show(scenario)}${asksOther ? ' (asks something else now)' : ''} | ${sideText(base)} | ${sideText(head)} |`;
  const table = (some: readonly Row[]): string[] =>
    some.length === 0
      ? []
      : ['| scenario | base passes (score) | head passes (score) |', '|---|---|---|', ...some.map(line), ''];
  const rest = [...differing.slice(ROWS), ...alike];
  const title = `${counted(rest.length, 'more scenario')}, ${alike.length} alike on both sides`;
  const folded = [`<details><summary>${title}</summary>`, '', ...table(rest), '</details>', ''];
  return [...table(differing.slice(0, ROWS)), ...(rest.length === 0 ? [] : folded)];
}
