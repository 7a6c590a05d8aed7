import type { Grade } from '../../domain/grading/grade.ts';
import { behaviourNamed } from '../behaviour.ts';
import { harmless } from '../harmless.ts';
import { scoreText, verdictSigns } from '../words.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';

interface Placed {
  grade: Grade;
  /** Position among all grades: the name of the cell in the page. */
  index: number;
}

interface Column {
  prompt: string | null;
  model: string | null;
}

const same = (one: Column, other: Column): boolean => one.prompt === other.prompt && one.model === other.model;

/** What is tried, in the order of the run. */
function columnsOf(grades: readonly Grade[]): Column[] {
  const columns: Column[] = [];
  for (const { cell } of grades) if (!columns.some((column) => same(column, cell))) columns.push(cell);
  return columns;
}

const columnName = ({ prompt, model }: Column): string =>
  [prompt, model].filter((part) => part !== null).join(' × ') || 'answer';

function chip({ grade, index }: Placed, repeats: number): Markup {
  const { verdict, score, reasons, cell } = grade;
  const furtherReasons = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
  const behaviour = behaviourNamed(grade);
  const why = html` <span class="why">${harmless(reasons[0] ?? '', 140)}${furtherReasons}</span>`;
  return html`<a class="chip ${verdict}" href="#c${index}" data-cell="${index}">
<span class="word">${verdictSigns[verdict]}</span> ${behaviour === '' ? null : html`<span class="behaviour">${behaviour},</span> `}<span class="score">${behaviour === '' ? '' : 'score '}${scoreText(score)}</span>
${repeats > 1 ? html` <span class="quiet">#${cell.repeat}</span>` : null}${reasons.length === 0 ? null : why}</a>`;
}

function square(placed: readonly Placed[], column: Column): Markup {
  const passing = placed.filter(({ grade }) => grade.verdict === 'pass').length;
  const tally = placed.length > 1 ? html`<span class="tally">${passing} of ${placed.length} pass</span>` : null;
  const first = placed.length === 0 ? html`<span class="quiet">not run</span>` : tally;
  return html`<td data-column="${columnName(column)}">${first}${placed.map((one) => chip(one, placed.length))}</td>`;
}

/** The head of a column: what was tried, and how many of its answers pass. */
function head(column: Column, grades: readonly Grade[]): Markup {
  const ofColumn = grades.filter(({ cell }) => same(cell, column));
  const passing = ofColumn.filter(({ verdict }) => verdict === 'pass').length;
  const model = column.model === null ? null : html`<span class="quiet"> × ${column.model}</span>`;
  const tally = html`<span class="tally">${passing} of ${ofColumn.length} pass</span>`;
  return html`<th scope="col">${column.prompt ?? 'answer'}${model}${tally}</th>`;
}

/** Scenarios down, prompts × models across, repeats inside. */
export function matrix(grades: readonly Grade[]): Markup {
  const columns = columnsOf(grades);
  const scenarios = Map.groupBy(
    grades.map((grade, index): Placed => ({ grade, index })),
    ({ grade }) => grade.cell.scenario,
  );
  const rows = [...scenarios].map(
    ([scenario, placed]) =>
      html`<tr><th scope="row">${scenario ?? 'answer'}</th>${columns.map((column) =>
        square(
          placed.filter(({ grade }) => same(grade.cell, column)),
          column,
        ),
      )}</tr>\n`,
  );
  return html`<div class="wide" role="region" aria-label="Matrix of answers" tabindex="0"><table class="matrix">
<caption class="off">Verdict, score and first reason of every answer: scenarios down, prompts and models across.</caption>
<thead><tr><th scope="col">scenario</th>${columns.map((column) => head(column, grades))}</tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}
