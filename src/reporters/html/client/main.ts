import { byId } from './element.ts';
import { showAll, startFilter } from './filter.ts';
import { startKeyboard } from './keyboard.ts';
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
startKeyboard({ item: 'details.cell', items: inOrder, search: byId('search', HTMLElement), help, nextTheme });
document.addEventListener('click', clicked);
addEventListener('beforeprint', print);
addEventListener('hashchange', () => follow(location.hash));
byId('keys', HTMLElement).addEventListener('click', () => help.showModal());
if (!follow(location.hash)) {
  // The first answer of the summary is open, so that its lines are in sight without a click.
  const [, first] = /^#c(\d+)/.exec(document.querySelector<HTMLAnchorElement>('.not-passing a')?.hash ?? '') ?? [];
  if (first !== undefined) rows[Number(first)]?.setAttribute('open', '');
}
