import { byId } from './element.ts';
import { showAll, startFilter } from './filter.ts';
import { nextTheme, startTheme } from './theme.ts';
import { fillCell, inOrder, page, rows, show } from './view.ts';

/** Answers whose details are printed, besides those that are open. */
const MOST_PRINTED = 40;

const help = byId('help', HTMLDialogElement);

/** Goes where `#c3` or `#c3-1` points: an answer, and one of its checks. */
function follow(hash: string): boolean {
  const [, cell, check] = /^#c(\d+)(?:-(\d+))?$/.exec(hash) ?? [];
  if (cell === undefined) return false;
  if (rows[Number(cell)]?.hidden === true) showAll();
  show(Number(cell), check === undefined ? undefined : Number(check));
  return true;
}

function current(): HTMLDetailsElement | null {
  return document.activeElement?.closest<HTMLDetailsElement>('details.cell') ?? null;
}

function move(step: number): void {
  const visible = inOrder.filter((row) => !row.hidden);
  const row = current();
  const at = row === null ? (step > 0 ? -1 : visible.length) : visible.indexOf(row);
  const next = visible[Math.min(visible.length - 1, Math.max(0, at + step))];
  next?.querySelector('summary')?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function escape(): void {
  const row = current();
  if (row !== null) {
    row.open = false;
    row.querySelector('summary')?.focus();
  } else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

const keys: Record<string, () => void> = {
  '/': () => byId('search', HTMLElement).focus(),
  '?': () => help.showModal(),
  j: () => move(1),
  k: () => move(-1),
  t: nextTheme,
  Escape: escape,
};
const arrows: Record<string, () => void> = { ArrowDown: () => move(1), ArrowUp: () => move(-1) };

function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const target = event.target as HTMLElement;
  const typing = target.matches('input, select, textarea');
  // Arrows scroll the page as everywhere, unless the head of an answer has the focus.
  const action = typing
    ? event.key === 'Escape'
      ? escape
      : undefined
    : (keys[event.key] ?? (target.matches('.cell > summary') ? arrows[event.key] : undefined));
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function clicked(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#c"]');
  if (link === null || event.ctrlKey || event.metaKey) return;
  if (!follow(link.hash)) return;
  event.preventDefault();
  history.replaceState(null, '', link.hash);
}

/** Opens what did not pass before the page is printed, because paper cannot be clicked. */
function print(): void {
  const notPassing = rows.flatMap((row, index) =>
    !row.hidden && page.cells[index]?.verdict !== 'pass' ? [index] : [],
  );
  for (const index of notPassing.slice(0, MOST_PRINTED)) {
    fillCell(index);
    const row = rows[index];
    if (row !== undefined) row.open = true;
  }
}

startTheme();
startFilter();
rows.forEach((row, index) => row.addEventListener('toggle', () => row.open && fillCell(index)));
document.addEventListener('keydown', pressed);
document.addEventListener('click', clicked);
addEventListener('beforeprint', print);
addEventListener('hashchange', () => follow(location.hash));
byId('keys', HTMLElement).addEventListener('click', () => help.showModal());
if (!follow(location.hash)) {
  // The first answer of the summary is open, so that its lines are in sight without a click.
  const [, first] = /^#c(\d+)/.exec(document.querySelector<HTMLAnchorElement>('.not-passing a')?.hash ?? '') ?? [];
  if (first !== undefined) rows[Number(first)]?.setAttribute('open', '');
}
