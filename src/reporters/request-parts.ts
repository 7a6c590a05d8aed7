import { cellName } from '../domain/grading/cell.ts';
import { withoutRoot } from '../domain/grading/check-id.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Extent, RequestPart } from '../domain/grading/request-parts.ts';

/** How much of a part is checked, with a sign that does not rest on colour. */
export const extentWords: Readonly<Record<Extent, string>> = {
  checked: '✓ checked',
  partly: '◐ partly',
  presence: '○ presence only',
  not: '– not checked',
};

/** One list of what was asked, and the answers to which it applies. */
export interface RequestList {
  /** Names of the answers. */
  answers: string[];
  parts: readonly RequestPart[];
}

/** The lists of a run, each once. */
export function requestListsOf(grades: readonly Grade[]): RequestList[] {
  const lists = Map.groupBy(
    grades.filter(({ asked = [] }) => asked.length > 0),
    ({ asked }) => JSON.stringify(asked),
  );
  return [...lists.values()].map((some) => ({
    answers: some.map(({ cell }) => cellName(cell)),
    parts: some[0]?.asked ?? [],
  }));
}

/** Where a part of the request stands: the prompt's instructions, or one of its variables. */
export const originOf = ({ variable }: RequestPart): string => variable ?? 'instruction';

/** Most probes that are named one by one. */
const MOST_PROBES = 6;

/** The checks that looked at a part, and the probes that quote it. */
export function lookedAtBy({ checks, probes }: RequestPart): string {
  const ids = [...new Set(checks.map(withoutRoot))].join(', ');
  const rest = probes.length > MOST_PROBES ? ` and ${probes.length - MOST_PROBES} more` : '';
  return probes.length === 0 ? ids : `${ids}: ${probes.slice(0, MOST_PROBES).join(', ')}${rest}`;
}

/** How many parts are checked how much: `12 checked, 5 partly, 4 presence only, 20 not checked`. */
export function extentsText(parts: readonly RequestPart[]): string {
  return (['checked', 'partly', 'presence', 'not'] as const)
    .map((extent) => [extent, parts.filter((part) => part.extent === extent).length] as const)
    .filter(([, count]) => count > 0)
    .map(([extent, count]) => `${count} ${extentWords[extent].slice(2)}`)
    .join(', ');
}
