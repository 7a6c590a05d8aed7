import type { CellRow } from '../../../domain/runs/comparison.ts';
import type { ComparisonData, ScenarioData } from '../../comparison/data.ts';
import { byId, element, embedded } from './element.ts';
import { startKeyboard } from './keyboard.ts';
import { nextTheme, startTheme } from './theme.ts';

const MOST_CELLS = 50;

const data = embedded(
  (value): value is ComparisonData => typeof value === 'object' && value !== null && 'scenarios' in value,
);
const rows = [...document.querySelectorAll<HTMLDetailsElement>('details.scenario')];
const search = byId('search', HTMLInputElement);
const move = byId('move', HTMLSelectElement);
const help = byId('help', HTMLDialogElement);
/** The scenarios whose details are there. */
const filled = new Set<HTMLDetailsElement>();
const signs = { pass: '✓ pass', fail: '✗ fail', ungraded: '! ungraded' };

/** What one answer came to; findings that the other side's answers do not have are marked. */
function cellItem(cell: CellRow, side: 'base' | 'head'): HTMLElement {
  const other = side === 'base' ? 'head' : 'base';
  const findings = cell.findings
    .flatMap((index) => data.findings[index] ?? [])
    .toSorted((one, another) => one[other] - another[other]);
  return element(
    'li',
    { class: cell.verdict },
    element(
      'p',
      {},
      element('span', { class: 'word' }, signs[cell.verdict]),
      ` ${cell.score?.toFixed(3) ?? ''} #${cell.repeat}`,
    ),
    cell.wanting.length > 0 &&
      element('p', { class: 'quiet' }, cell.wanting.map(([id, status]) => `${id} ${status}`).join(', ')),
    findings.length > 0 &&
      element(
        'ul',
        { class: 'own' },
        ...findings.map((finding) =>
          element(
            'li',
            {},
            finding[other] === 0 && element('b', {}, side === 'head' ? 'new ' : 'gone '),
            element('code', {}, finding.text),
            ` ${finding.example}`,
          ),
        ),
      ),
  );
}

function column(side: 'base' | 'head', cells: readonly CellRow[]): HTMLElement {
  const more = cells.length - MOST_CELLS;
  return element(
    'div',
    {},
    element('h4', {}, side),
    element('ul', { class: 'answers' }, ...cells.slice(0, MOST_CELLS).map((cell) => cellItem(cell, side))),
    more > 0 && element('p', { class: 'quiet' }, `… and ${more} more`),
  );
}

/** The answers of both sides beside each other, made when they are asked for. */
function sideBySide({ base, head }: ScenarioData): HTMLElement {
  const details = element('details', { class: 'texts' }, element('summary', {}, 'The answers side by side'));
  const choice = (side: 'base' | 'head', cells: readonly CellRow[]): HTMLElement => {
    const select = element(
      'select',
      { 'aria-label': `answer of the ${side}` },
      ...cells.map(({ name, key }) => element('option', { value: key }, name)),
    );
    const text = element('pre', { tabindex: '0' });
    const show = (): void => {
      text.textContent =
        data.answers[`${data.runs[side]}/${select.value}`] ??
        `not embedded; it is in reports/runs/${data.runs[side]}/answers/${select.value}.md`;
    };
    select.addEventListener('input', show);
    show();
    return element('div', {}, select, text);
  };
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1)
      details.append(element('div', { class: 'pair' }, choice('base', base), choice('head', head)));
  });
  return details;
}

function fill(row: HTMLDetailsElement): void {
  const scenario = data.scenarios[Number(row.dataset['row'])];
  if (scenario === undefined || filled.has(row)) return;
  filled.add(row);
  row.append(
    element(
      'div',
      { class: 'body' },
      element('div', { class: 'pair' }, column('base', scenario.base), column('head', scenario.head)),
      sideBySide(scenario),
    ),
  );
}

/** Everything of a scenario that can be searched for, in lower case; made when it is first needed. */
const texts = new Map<number, string>();
function textOf(index: number): string {
  const kept = texts.get(index);
  if (kept !== undefined) return kept;
  const scenario = data.scenarios[index];
  const cells = [...(scenario?.base ?? []), ...(scenario?.head ?? [])];
  const findings = new Set(cells.flatMap((cell) => cell.findings));
  const checks = new Set(cells.flatMap(({ wanting }) => wanting.map(([id, status]) => `${id} ${status}`)));
  const text = [
    scenario?.scenario,
    ...checks,
    ...[...findings].map((at) => `${data.findings[at]?.text} ${data.findings[at]?.example}`),
  ]
    .join('\n')
    .toLowerCase();
  texts.set(index, text);
  return text;
}

function matches(row: HTMLDetailsElement, words: readonly string[]): boolean {
  const { move: direction, flag, score } = row.dataset;
  if (
    move.value === 'flag'
      ? flag !== '1'
      : move.value === 'moved'
        ? direction === '0' && score === '0'
        : move.value !== '' && direction !== move.value
  )
    return false;
  return words.every((word) => textOf(Number(row.dataset['row'])).includes(word));
}

function apply(): void {
  const words = search.value
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  let count = 0;
  for (const row of rows) {
    row.hidden = !matches(row, words);
    if (!row.hidden) count += 1;
  }
  byId('count', HTMLElement).textContent = `${count} of ${rows.length} scenarios`;
  byId('nothing', HTMLElement).hidden = count > 0;
}

startKeyboard({ item: 'details.scenario', items: rows, search, help, nextTheme });
startTheme();
byId('keys', HTMLElement).addEventListener('click', () => help.showModal());
const form = byId('controls', HTMLFormElement);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', apply);
// The fields are empty only after the event.
form.addEventListener('reset', () => setTimeout(apply));
for (const row of rows) row.addEventListener('toggle', () => row.open && fill(row));
apply();
