import { cellName } from '../domain/grading/cell.ts';
import type { CheckCatalog } from '../domain/grading/check-description.ts';
import type { Finding } from '../domain/grading/finding.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Results } from '../domain/runs/run.ts';
import { behaviourHeading, behaviourShort, behaviourText } from './behaviour.ts';
import { exposedText } from './exposed.ts';
import { harmless } from './harmless.ts';
import { textTable } from './table.ts';
import { factsText, scoreText, statusSigns, verdictSigns } from './words.ts';

/** Most characters of a line of a message, and most of its lines: a command that can be pasted is one of them. */
const LONGEST = 1000;
const MOST_LINES = 4;

/** A message in lines; those after the first are indented. */
function messageLines(text: string): string[] {
  return text
    .split('\n')
    .slice(0, MOST_LINES)
    .map((line, index) => `${index === 0 ? '' : '  '}${harmless(line, LONGEST)}`);
}

function findingLines(check: string, { rule, file, line, answer_line: answerLine, message }: Finding): string {
  const place = file === null ? '' : ` ${file}${line === null ? '' : `:${line}`}`;
  const where = answerLine === null ? '' : ` (answer:${answerLine})`;
  return `${check}  ${harmless(`${rule}${place}`)}${where}  ${messageLines(message).join('\n')}`;
}

function firstReason([first = 'all required checks passed', ...rest]: readonly string[]): string {
  return `${harmless(first)}${rest.length > 0 ? ` (and ${rest.length} more)` : ''}`;
}

/** The table at the end of a run. */
export function resultTable(results: Results): string {
  const exposed = exposedText(results.run);
  const isAsked = results.grades.some((grade) => behaviourShort(grade) !== '');
  const table = textTable([
    ['scenario', 'prompt', 'model', '#', 'verdict', ...(isAsked ? [behaviourHeading] : []), 'score', 'first reason'],
    ...results.grades.map((grade) => [
      grade.cell.scenario ?? '(answer)',
      grade.cell.prompt ?? '-',
      grade.cell.model ?? '-',
      String(grade.cell.repeat),
      verdictSigns[grade.verdict],
      ...(isAsked ? [behaviourShort(grade)] : []),
      scoreText(grade.score),
      firstReason(grade.reasons),
    ]),
  ]);
  return exposed === null ? table : `${table}\n\n${harmless(exposed)}`;
}

/** One grade for people: verdict, why, each check, the first findings. */
export function gradeText(grade: Grade, catalog: CheckCatalog): string {
  const behaviour = behaviourText(grade);
  const behaviourSuffix = behaviour === '' ? '' : ` ${behaviour},`;
  const lines = [
    `${cellName(grade.cell)}: ${verdictSigns[grade.verdict]},${behaviourSuffix} score ${scoreText(grade.score)}`,
  ];
  for (const assumption of grade.assumptions) lines.push(`  assumed: ${assumption}`);
  for (const reason of grade.reasons) lines.push(`  because ${harmless(reason, LONGEST)}`);
  lines.push(
    '',
    textTable([
      ['check', 'status', 'score', 'measured'],
      ...grade.checks.map((check) => [
        check.id,
        statusSigns[check.status],
        scoreText(check.score),
        factsText(check, catalog),
      ]),
    ]),
    '',
  );
  for (const flag of grade.flags) lines.push(`answer:${flag.line}  ${flag.code}  ${harmless(flag.detail)}`);
  for (const check of grade.checks.filter(({ status }) => status === 'failed')) {
    const errors = check.findings.filter(({ severity }) => severity === 'error');
    lines.push(...errors.slice(0, 5).map((finding) => findingLines(check.id, finding)));
  }
  return `${lines.join('\n')}\n`;
}
