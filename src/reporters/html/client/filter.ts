import type { CellData, CheckData } from '../data.ts';
import { byId } from './element.ts';
import { page, rows } from './view.ts';

const search = byId('search', HTMLInputElement);
const verdict = byId('verdict', HTMLSelectElement);
const checkName = byId('check', HTMLSelectElement);
const status = byId('status', HTMLSelectElement);
const chips = [...document.querySelectorAll<HTMLElement>('.chip')];
const lines = [...document.querySelectorAll<HTMLElement>('.matrix tbody tr')];

/** Everything of an answer that can be searched for, in lower case; made when it is first needed. */
const texts = new Map<CellData, string>();
function textOf(cell: CellData): string {
  const kept = texts.get(cell);
  if (kept !== undefined) return kept;
  const checks = cell.checks.flatMap(({ id, reason = '', findings = [] }) => [
    id,
    reason,
    ...findings.flatMap(({ tool, rule, message, file = '' }) => [tool, rule, message, file]),
  ]);
  const text = [cell.name, ...cell.reasons, ...(cell.flags ?? []).map((flag) => flag.text), ...checks]
    .join('\n')
    .toLowerCase();
  texts.set(cell, text);
  return text;
}

function matches(cell: CellData, words: readonly string[]): boolean {
  if (verdict.value !== '' && cell.verdict !== verdict.value) return false;
  const filtered = checkName.value !== '' || status.value !== '';
  const isMeant = ({ id, inProjects, status: itsStatus }: CheckData): boolean =>
    (checkName.value === '' || (inProjects ?? id) === checkName.value) &&
    (status.value === '' || itsStatus === status.value);
  if (filtered && !cell.checks.some(isMeant)) return false;
  return words.every((word) => textOf(cell).includes(word));
}

function apply(): void {
  const words = search.value
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const shown = page.cells.map((cell) => matches(cell, words));
  rows.forEach((row, index) => (row.hidden = shown[index] !== true));
  for (const chip of chips) chip.hidden = shown[Number(chip.dataset['cell'])] !== true;
  for (const line of lines) line.hidden = line.querySelector('.chip:not([hidden])') === null;
  const count = shown.filter(Boolean).length;
  byId('count', HTMLElement).textContent = `${count} of ${page.cells.length} answers`;
  byId('nothing', HTMLElement).hidden = count > 0;
}

/** Takes all filters away. */
export function showAll(): void {
  byId('controls', HTMLFormElement).reset();
}

/** Listens to the search box and the filters. */
export function startFilter(): void {
  const form = byId('controls', HTMLFormElement);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', apply);
  // The fields are empty only after the event.
  form.addEventListener('reset', () => setTimeout(apply));
  // A browser may have kept what was typed before the page was loaded again.
  apply();
}
