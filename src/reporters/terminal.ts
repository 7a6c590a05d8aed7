import { cellName } from '../domain/grading/cell.ts';
import type { CheckCatalog } from '../domain/grading/check-description.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Results } from '../domain/runs/run.ts';
import { behaviourHeading, behaviourShort, behaviourText } from './behaviour.ts';
import { exposedText } from './exposed.ts';
import { harmless } from './harmless.ts';
import { textTable } from './table.ts';
import { factsText, scoreText, statusSigns, verdictSigns } from './words.ts';

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
  for (const reason of grade.reasons) lines.push(`  because ${harmless(reason)}`);
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
    for (const finding of check.findings.filter(({ severity }) => severity === 'error').slice(0, 5)) {
      const place = finding.file === null ? '' : ` ${finding.file}${finding.line === null ? '' : `:${finding.line}`}`;
      lines.push(
        `${check.id}  ${harmless(`${finding.rule}${place}`)}${finding.answer_line === null ? '' : ` (answer:${finding.answer_line})`}  ${harmless(finding.message)}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
