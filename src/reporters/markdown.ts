import { exposedText } from './exposed.ts';
import { cellName } from '../domain/grading/cell.ts';
import type { CheckResult } from '../domain/grading/check.ts';
import type { CheckCatalog } from '../domain/grading/check-description.ts';
import type { Finding } from '../domain/grading/finding.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Results } from '../domain/runs/run.ts';
import { behaviourHeading, behaviourShort, behaviourText } from './behaviour.ts';
import { placeOf } from './culprit.ts';
import { visible } from './harmless.ts';
import { extentWords, extentsText, lookedAtBy, originOf, requestListsOf } from './request-parts.ts';
import { inline, markdownTable } from './table.ts';
import { factsText, scoreText, statusSigns, verdictSigns } from './words.ts';

/** Findings of one check that are shown; the others are in results.json. */
const MOST_FINDINGS = 20;

/** Characters of a command that is shown whole. */
const LONGEST_COMMAND = 2000;

/** The command with which a request can be sent again, as indented code: no text can end that. */
function commandLines({ exchange, message }: Finding): string[] {
  const command = exchange === undefined ? '' : message.slice(message.indexOf('\n') + 1);
  if (!message.includes('\n') || command === '') return [];
  return [
    '',
    ...visible(command, LONGEST_COMMAND)
      .split('\n')
      .map((line) => `      ${line}`),
    '',
  ];
}

function findingLines(finding: Finding): string[] {
  const place = placeOf(finding);
  const [first = ''] = finding.exchange === undefined ? [finding.message] : finding.message.split('\n');
  const name = `${finding.severity} ${inline(`${finding.tool} ${finding.rule}`)}`;
  return [
    `- ${name}${place === '' ? '' : ` (${inline(place)})`}: ${inline(first).slice(0, 400)}`,
    ...commandLines(finding),
  ];
}

function checkSection(check: CheckResult): string[] {
  const shown = check.findings.filter(({ severity }) => severity !== 'info');
  if (check.status === 'passed' && shown.length === 0) return [];
  if (check.status === 'not_applicable') return [];
  const reason = check.reason === null ? '' : `: ${inline(check.reason)}`;
  const rest = shown.length > MOST_FINDINGS ? [`- … and ${shown.length - MOST_FINDINGS} more, in results.json`] : [];
  return [
    `#### ${check.id} ${check.status}${reason}`,
    '',
    ...shown.slice(0, MOST_FINDINGS).flatMap(findingLines),
    ...rest,
    '',
  ];
}

function cellSection(grade: Grade, catalog: CheckCatalog): string[] {
  const rows = grade.checks.map((check) => [
    check.id,
    statusSigns[check.status],
    scoreText(check.score),
    factsText(check, catalog),
  ]);
  const behaviour = behaviourText(grade);
  return [
    `## ${inline(cellName(grade.cell))}: ${grade.verdict}`,
    '',
    ...(behaviour === '' ? [] : [`The running program: ${behaviour}.`, '']),
    `Score ${scoreText(grade.score)}. ${grade.reasons.length === 0 ? 'Every required check passed.' : 'Not a pass because:'}`,
    '',
    ...grade.reasons.map((reason) => `- ${inline(reason)}`),
    ...(grade.reasons.length === 0 ? [] : ['']),
    ...grade.assumptions.map((assumption) => `Assumed: ${inline(assumption)}\n`),
    markdownTable([['check', 'status', 'score', 'measured'], ...rows]),
    '',
    ...grade.flags.map(({ line, code, path, detail }) => {
      const file = path === null ? '' : ` ${inline(path)}`;
      return `- answer line ${line}: ${code}${file}: ${inline(detail)}`;
    }),
    ...(grade.flags.length === 0 ? [] : ['']),
    ...grade.checks.flatMap(checkSection),
  ];
}

/** What the prompts asked for, and what of it is checked; nothing where nobody wrote down a prompt's parts. */
function requestSection(grades: readonly Grade[]): string[] {
  const lists = requestListsOf(grades).map(({ answers, parts }) => [
    `${answers.map(inline).join('; ')}: ${extentsText(parts)}.`,
    '',
    markdownTable([
      ['checked?', 'from', 'asked', 'by'],
      ...parts.map((part) => [extentWords[part.extent], originOf(part), part.words, lookedAtBy(part)]),
    ]),
    '',
  ]);
  return lists.length === 0
    ? []
    : [
        '## What was asked, and what of it is checked',
        '',
        'The words of a variable are listed clause by clause: a clause is checked where a probe of the contract quotes it.',
        'Presence only: it is seen that it is there, not whether it is right.',
        '',
        ...lists.flat(),
      ];
}

/** A run as Markdown: the table first, then each cell down to its findings. */
export function markdownReport(results: Results, catalog: CheckCatalog): string {
  const isAsked = results.grades.some((grade) => behaviourShort(grade) !== '');
  const rows = results.grades.map((grade) => [
    grade.cell.scenario ?? '(answer)',
    grade.cell.prompt ?? '',
    grade.cell.model ?? '',
    String(grade.cell.repeat),
    verdictSigns[grade.verdict],
    ...(isAsked ? [behaviourShort(grade)] : []),
    scoreText(grade.score),
    grade.reasons[0] ?? '',
  ]);
  const tools = Object.entries(results.run.tools).map(([tool, ofTool]) => `${tool} ${ofTool}`);
  const { driver, version, level } = results.run.sandbox;
  return [
    `# Run ${results.run.id}`,
    '',
    ...[exposedText(results.run)].flatMap((text) => (text === null ? [] : [`**${inline(text)}**`, ''])),
    markdownTable([
      [
        ...['scenario', 'prompt', 'model', 'repeat', 'verdict'],
        ...(isAsked ? [behaviourHeading] : []),
        ...['score', 'first reason'],
      ],
      ...rows,
    ]),
    '',
    'A pass means that every required check passed; ' +
      'the score (0 to 1) is the weighted mean of all checks that were asked for.',
    '`blocked` scores 0 because something it needs failed. ' +
      '`errored` is our own failure: the cell is ungraded and counts for nothing.',
    'What a test process says of itself is self-reported; it is cross-checked with its exit status and counts.',
    '',
    ...results.grades.flatMap((grade) => cellSection(grade, catalog)),
    ...requestSection(results.grades),
    '## How it was measured',
    '',
    `Sandbox: ${driver} ${version}, level ${level}. Tools: ${tools.join(', ')}.`,
    '',
  ].join('\n');
}
