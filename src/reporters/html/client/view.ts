import type { CellData, PageData } from '../data.ts';
import { checkItem } from './check.ts';
import { element, embedded } from './element.ts';
import { sibling } from './finding.ts';

/** Checks that are open when an answer is opened. */
const OPEN_AT_FIRST = 1;

/** All that the page embeds. */
export const page = embedded(
  (value): value is PageData => typeof value === 'object' && value !== null && 'cells' in value,
);

/** The answers in the order of the page, which is not that of the run. */
export const inOrder = [...document.querySelectorAll<HTMLDetailsElement>('details.cell')];

/** The answers in the order of `page.cells`. */
export const rows = inOrder.toSorted((one, other) => Number(one.dataset['cell']) - Number(other.dataset['cell']));

const filled = new Set<number>();

function notes({ assumptions = [], flags = [], answerHref }: CellData): HTMLElement {
  return element(
    'div',
    { class: 'notes' },
    element('p', {}, sibling(answerHref, 'The whole answer')),
    ...assumptions.map((assumption) => element('p', {}, `Assumed: ${assumption}`)),
    flags.length > 0 &&
      element('ul', {}, ...flags.map(({ line, text }) => element('li', {}, `Answer line ${line}: ${text}`))),
  );
}

/** Makes the details of an answer, once. */
export function fillCell(index: number): void {
  const [row, cell] = [rows[index], page.cells[index]];
  if (row === undefined || cell === undefined || filled.has(index)) return;
  filled.add(index);
  const checks = cell.checks.map((check, at) => checkItem(check, cell, `c${index}-${at}`));
  checks.forEach((details, at) => {
    const check = cell.checks[at];
    details.open =
      at < OPEN_AT_FIRST &&
      check !== undefined &&
      (check.status === 'failed' || check.status === 'errored') &&
      (check.required || at === 0);
  });
  // Each reason is shown with its check.
  row.append(element('div', { class: 'body' }, ...checks, notes(cell)));
}

/** Opens an answer, and one of its checks, and goes there. */
export function show(index: number, check?: number): void {
  const row = rows[index];
  if (row === undefined) return;
  row.hidden = false;
  fillCell(index);
  row.open = true;
  const target = check === undefined ? row : (document.getElementById(`c${index}-${check}`) ?? row);
  if (target instanceof HTMLDetailsElement) target.open = true;
  target.querySelector('summary')?.focus({ preventScroll: true });
  // Twice, for what is above may get its real height only now.
  target.scrollIntoView({ block: 'start' });
  requestAnimationFrame(() => target.scrollIntoView({ block: 'start' }));
}
