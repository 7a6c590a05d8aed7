import { cellKey, cellName } from '../domain/grading/cell.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Results } from '../domain/runs/run.ts';
import { culprit, gravestFirst, placeOf } from './culprit.ts';
import { harmless } from './harmless.ts';
import { headline } from './headline.ts';
import { inline, markdownTable } from './table.ts';
import { scoreText, verdictSigns } from './words.ts';

/** Rows of the summary: GitHub takes a megabyte of it and no more. */
const MOST_ROWS = 300;

/** The message of a workflow command. */
export const commandData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** The value of a property of a workflow command. */
export const commandProperty = (text: string): string =>
  commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function annotation(grade: Grade, runFolder: string): string {
  const check = culprit(grade);
  const finding = gravestFirst(check?.findings ?? [])[0];
  const place = finding === undefined ? '' : placeOf(finding);
  const properties = {
    title: harmless(`${cellName(grade.cell)}: ${grade.verdict}`, 200),
    file: `${runFolder}/answers/${cellKey(grade.cell)}.md`,
    line: String(finding?.answer_line ?? 1),
  };
  const detail = finding === undefined ? '' : `. ${place === '' ? '' : `${place}: `}${finding.message}`;
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${commandProperty(value)}`);
  return `::error ${listed.join(',')}::${commandData(harmless(`${grade.reasons[0] ?? grade.verdict}${detail}`, 500))}`;
}

/** One workflow command for each cell that does not pass; it points to the line of the answer, below `runFolder`. */
export function githubAnnotations({ grades }: Results, runFolder: string): string {
  return grades
    .filter(({ verdict }) => verdict !== 'pass')
    .map((grade) => `${annotation(grade, runFolder)}\n`)
    .join('');
}

/** The summary of a job: one sentence, then the table, what does not pass first. */
export function githubSummary({ run, grades }: Results): string {
  const ordered = grades.toSorted((one, other) => Number(one.verdict === 'pass') - Number(other.verdict === 'pass'));
  const rows = ordered
    .slice(0, MOST_ROWS)
    .map(({ cell, verdict, score, reasons }) => [
      cell.scenario ?? '(answer)',
      cell.prompt ?? '',
      cell.model ?? '',
      String(cell.repeat),
      verdictSigns[verdict],
      scoreText(score),
      harmless(reasons[0] ?? '', 300),
    ]);
  const rest = grades.length - rows.length;
  return [
    `## Cupel: ${headline(grades)}`,
    '',
    markdownTable([['scenario', 'prompt', 'model', 'repeat', 'verdict', 'score', 'first reason'], ...rows]),
    '',
    ...(rest > 0 ? [`… and ${rest} more.`, ''] : []),
    `Run ${inline(run.id)}. An ungraded answer says nothing, good or bad.`,
    '',
  ].join('\n');
}
