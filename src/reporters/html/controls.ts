import { withoutRoot } from '../../domain/grading/check-id.ts';
import { checkStatuses } from '../../domain/grading/check.ts';
import { verdicts } from '../../domain/grading/grade.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import { statusSigns, verdictSigns } from '../words.ts';
import { option, searchField } from './document.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';

type Option = readonly [value: string, label: string];

function select(id: string, label: string, options: readonly Option[]): Markup {
  const elements = [option('', 'any'), ...options.map(([value, text]) => option(value, text))];
  return html`<label>${label} <select id="${id}">${elements}</select></label>`;
}

/** The names of the checks of a run, without the root of a project. */
function checkNames(grades: readonly Grade[]): string[] {
  return [...new Set(grades.flatMap(({ checks }) => checks.map(({ id }) => withoutRoot(id))))].sort();
}

/** Search and filters; they work only with the page's script. */
export function controls(grades: readonly Grade[]): Markup {
  return html`<form id="controls" role="search" aria-label="Filter the answers">
${searchField('file, rule, message, scenario …')}
${select(
  'verdict',
  'Verdict',
  verdicts.map((verdict) => [verdict, verdictSigns[verdict]]),
)}
${select(
  'check',
  'Check',
  checkNames(grades).map((name) => [name, name]),
)}
${select(
  'status',
  'Status of it',
  checkStatuses.map((status) => [status, statusSigns[status]]),
)}
<button type="reset">Show all</button>
<output id="count" aria-live="polite">${grades.length} of ${grades.length} answers</output>
</form>`;
}

/** The keys of the page, shown by `?`. */
export const keys: readonly Option[] = [
  ['/', 'search'],
  ['j, k (or arrows, on an answer)', 'next, previous answer'],
  ['Enter', 'open or close it'],
  ['Esc', 'close it; leave the search; close this help'],
  ['t', 'light, dark, or as the system says'],
  ['?', 'this help'],
];
