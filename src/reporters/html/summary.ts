import { cellName } from '../../domain/grading/cell.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import { culprit, gravestFirst, placeOf } from '../culprit.ts';
import { harmless } from '../harmless.ts';
import { answers } from '../headline.ts';
import { checksInOrder } from './cell.ts';
import type { Excerpts } from './data.ts';
import { placeKey } from './excerpt.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';

/** Answers that the summary names one by one. */
const MOST_NAMED = 6;

/** The line of code that a finding is about; empty where it is not known. */
function markedLine(finding: Finding, excerpts: Excerpts): string {
  const lines = excerpts[placeKey(finding) ?? ''] ?? [];
  const marked = lines.find(([file, answer]) =>
    finding.file === null ? answer === finding.answer_line : file === finding.line,
  );
  return harmless(marked?.[2] ?? '', 160);
}

/** The name of an answer: its scenario first, then what distinguishes it from the others. */
function answerName({ cell }: Grade, repeated: boolean): Markup {
  const parts = [
    cell.prompt === null ? null : `prompt ${cell.prompt}`,
    cell.model === null ? null : `model ${cell.model}`,
    repeated ? `repeat ${cell.repeat}` : null,
  ].filter((part) => part !== null);
  const rest = parts.length === 0 ? null : html` <span class="quiet">(${parts.join(', ')})</span>`;
  return html`<strong>${cell.scenario ?? 'the answer'}</strong>${rest}`;
}

function item(grade: Grade, index: number, excerpts: Excerpts, repeated: boolean): Markup {
  const check = culprit(grade);
  const finding = check === null ? undefined : gravestFirst(check.findings)[0];
  const at = check === null ? '' : `-${checksInOrder(grade).findIndex(({ id }) => id === check.id)}`;
  const place = finding === undefined ? '' : placeOf(finding);
  const line = finding === undefined ? '' : markedLine(finding, excerpts);
  const further = grade.reasons.length - 1;
  const more = html` <span class="quiet">(and ${further} more ${further === 1 ? 'reason' : 'reasons'})</span>`;
  const reason = harmless(grade.reasons[0] ?? 'no reason was given', 300);
  const verb = grade.verdict === 'fail' ? '✗ fails because' : '! is ungraded:';
  const link = html`<a href="#c${index}${at}">Show it<span class="off"> for ${cellName(grade.cell)}</span></a>`;
  // A command to paste stands below, whole.
  const said = finding?.exchange === undefined ? finding?.message : finding.message.split('\n')[0];
  const message = harmless(said ?? '', 220);
  return html`<li class="${grade.verdict}">
<p>${answerName(grade, repeated)} ${verb} ${reason}${further > 0 ? more : null}</p>
${place === '' ? null : html`<p>Where: <code>${harmless(place, 200)}</code></p>`}
${line === '' ? null : html`<code class="line">${line}</code>`}
<p>${message === '' ? null : html`What the tool says: <q>${message}</q> `}${link}</p>
</li>`;
}

/**
 * Answers that fail before those that are ungraded before those that pass; of those that fail, the lowest score first.
 */
export function worstFirst<T extends { grade: Grade }>(graded: readonly T[]): T[] {
  const rank = ({ grade: { verdict, score } }: T): number =>
    verdict === 'fail' ? (score ?? 0) : verdict === 'ungraded' ? 2 : 3;
  return graded.toSorted((one, other) => rank(one) - rank(other));
}

/** The summary for a first look: how many answers do not pass, and where and why the first of them do not. */
export function summary(grades: readonly Grade[], excerpts: readonly Excerpts[]): Markup {
  const notPassing = grades.map((grade, index) => ({ grade, index })).filter(({ grade }) => grade.verdict !== 'pass');
  if (notPassing.length === 0) return html`<p>Every check that had to pass did, in every answer.</p>`;
  const repeated = grades.some(({ cell }) => cell.repeat > 1);
  const ordered = worstFirst(notPassing);
  const rest = notPassing.length - MOST_NAMED;
  return html`<ol class="not-passing">
${ordered.slice(0, MOST_NAMED).map(({ grade, index }) => item(grade, index, excerpts[index] ?? {}, repeated))}
</ol>
${rest > 0 ? html`<p>… and ${answers(rest)} more below.</p>` : null}`;
}
