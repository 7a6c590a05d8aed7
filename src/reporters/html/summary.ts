import { cellName } from '../../domain/cell.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Grade } from '../../domain/grade.ts';
import { culprit, gravestFirst, placeOf } from '../culprit.ts';
import { harmless } from '../harmless.ts';
import { checksInOrder } from './cell.ts';
import type { Excerpts } from './data.ts';
import { placeKey } from './excerpt.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';

/** Answers that the summary names one by one. */
const MOST_NAMED = 6;

const answers = (count: number): string => (count === 1 ? '1 answer' : `${count} answers`);

/** A run in one sentence. */
export function headline(grades: readonly Grade[]): string {
  const count = (verdict: Grade['verdict']): number => grades.filter((grade) => grade.verdict === verdict).length;
  const [failing, ungraded, all] = [count('fail'), count('ungraded'), grades.length];
  if (all === 0) return 'No answer was graded';
  if (failing === 0 && ungraded === 0) return all === 1 ? 'The answer passes' : `All ${all} answers pass`;
  const fails = failing === 0 ? 'No answer is known to fail' : `${failing} of ${answers(all)} ${failing === 1 ? 'fails' : 'fail'}`;
  return ungraded === 0 ? fails : `${fails}; ${ungraded} could not be graded`;
}

/** The line of code that a finding is about; empty where it is not known. */
function markedLine(found: Finding, excerpts: Excerpts): string {
  const lines = excerpts[placeKey(found) ?? ''] ?? [];
  const meant = lines.find(([file, answer]) => (found.file === null ? answer === found.answer_line : file === found.line));
  return harmless(meant?.[2] ?? '', 160);
}

/** An answer in a person's words: its scenario first, then what tells it from the others. */
function named({ cell }: Grade): Markup {
  const parts = [cell.prompt === null ? null : `prompt ${cell.prompt}`, cell.model === null ? null : `model ${cell.model}`, `repeat ${cell.repeat}`];
  return html`<strong>${cell.scenario ?? 'the answer'}</strong> <span class="quiet">(${parts.filter((part) => part !== null).join(', ')})</span>`;
}

function item(grade: Grade, index: number, excerpts: Excerpts): Markup {
  const check = culprit(grade);
  const found = check === null ? undefined : gravestFirst(check.findings)[0];
  const at = check === null ? '' : `-${checksInOrder(grade).findIndex(({ id }) => id === check.id)}`;
  const place = found === undefined ? '' : placeOf(found);
  const line = found === undefined ? '' : markedLine(found, excerpts);
  const others = grade.reasons.length - 1;
  const said = found === undefined ? '' : harmless(found.message, 220);
  return html`<li class="${grade.verdict}">
<p>${named(grade)} ${grade.verdict === 'fail' ? '✗ fails because' : '! is ungraded:'} ${harmless(grade.reasons[0] ?? 'no reason was given', 300)}${others > 0 ? html` <span class="quiet">(and ${others} more ${others === 1 ? 'reason' : 'reasons'})</span>` : null}</p>
${place === '' ? null : html`<p>Where: <code>${harmless(place, 200)}</code></p>`}${line === '' ? null : html`<code class="line">${line}</code>`}
<p>${said === '' ? null : html`What the tool says: <q>${said}</q> `}<a href="#c${index}${at}">Show it<span class="off"> for ${cellName(grade.cell)}</span></a></p>
</li>`;
}

/** Answers that fail before those that are ungraded before those that pass; of those that fail, the lowest score first. */
export function worstFirst<T extends { grade: Grade }>(graded: readonly T[]): T[] {
  const rank = ({ grade: { verdict, score } }: T): number => (verdict === 'fail' ? (score ?? 0) : verdict === 'ungraded' ? 2 : 3);
  return graded.toSorted((one, other) => rank(one) - rank(other));
}

/** What a stranger must know: how many answers do not pass, and for each of the first ones where and why. */
export function summary(grades: readonly Grade[], excerpts: readonly Excerpts[]): Markup {
  const wanting = grades.map((grade, index) => ({ grade, index })).filter(({ grade }) => grade.verdict !== 'pass');
  if (wanting.length === 0) return html`<p>Every check that had to pass did, in every answer.</p>`;
  const ordered = worstFirst(wanting);
  const rest = wanting.length - MOST_NAMED;
  return html`<ol class="wanting">
${ordered.slice(0, MOST_NAMED).map(({ grade, index }) => item(grade, index, excerpts[index] ?? {}))}
</ol>
${rest > 0 ? html`<p>… and ${answers(rest)} more below.</p>` : null}`;
}
