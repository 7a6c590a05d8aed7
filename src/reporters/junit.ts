import { cellName } from '../domain/grading/cell.ts';
import type { CheckCatalog } from '../domain/grading/check-description.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Results } from '../domain/runs/run.ts';
import { culprit, gravestFirst, placeOf } from './culprit.ts';
import { visible } from './harmless.ts';
import { factsText, scoreText } from './words.ts';

/** Findings that stand in a failure; the others are in results.json. */
const MOST_FINDINGS = 10;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text that means itself in XML 1.0, in an element as well as in an attribute; what XML cannot hold is replaced. */
export function escapeXml(text: string): string {
  const allowed = visible(text).replaceAll(/[\ufffe\uffff]/g, '\uFFFD');
  return allowed.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** In attributes, line ends and tabs would otherwise be read as spaces. */
const attribute = (text: string): string => escapeXml(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');

function tag(name: string, attributes: Readonly<Record<string, string | number>>): string {
  return [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${attribute(String(value))}"`)].join(' ');
}

/** What all programs of a cell took together, in seconds; what was not run again counts as it was then. */
const secondsOf = ({ checks }: Grade): number =>
  checks.flatMap(({ evidence }) => evidence).reduce((sum, { durationMs }) => sum + durationMs / 1000, 0);

/** The reasons, and the first findings of the check that the first reason names. */
function detail(grade: Grade): string {
  const check = culprit(grade);
  const findings = gravestFirst(check?.findings ?? []);
  const lines = findings.slice(0, MOST_FINDINGS).map((finding) => {
    const place = placeOf(finding);
    const name = `${finding.severity} ${finding.tool} ${finding.rule}${place === '' ? '' : ` (${place})`}`;
    return `${name}: ${visible(finding.message, 1000)}`;
  });
  const rest =
    findings.length > MOST_FINDINGS ? [`… and ${findings.length - MOST_FINDINGS} more, in results.json`] : [];
  return [
    `score ${scoreText(grade.score)}`,
    ...grade.reasons,
    ...(lines.length === 0 ? [] : ['', `${check?.id ?? ''}:`, ...lines]),
    ...rest,
  ].join('\n');
}

function testcase(grade: Grade, classname: string, catalog: CheckCatalog): string {
  const { cell, verdict, reasons, checks } = grade;
  const head = tag('testcase', {
    name: `${cell.scenario ?? 'answer'} #${cell.repeat}`,
    classname,
    time: secondsOf(grade).toFixed(3),
  });
  const out = checks
    .map((check) =>
      [check.id, check.status, scoreText(check.score), factsText(check, catalog)]
        .filter((part) => part !== '')
        .join('  '),
    )
    .join('\n');
  const system = `      <system-out>${escapeXml(`${cellName(cell)}: ${verdict}\n${out}`)}</system-out>`;
  if (verdict === 'pass') return `    <${head}>\n${system}\n    </testcase>`;
  const name = verdict === 'fail' ? 'failure' : 'error';
  const problem = tag(name, { type: culprit(grade)?.id ?? verdict, message: visible(reasons[0] ?? verdict, 500) });
  return `    <${head}>\n      <${problem}>${escapeXml(detail(grade))}</${name}>\n${system}\n    </testcase>`;
}

function counts(grades: readonly Grade[]): Record<string, string | number> {
  return {
    tests: grades.length,
    failures: grades.filter(({ verdict }) => verdict === 'fail').length,
    errors: grades.filter(({ verdict }) => verdict === 'ungraded').length,
    time: grades.reduce((sum, grade) => sum + secondsOf(grade), 0).toFixed(3),
  };
}

/**
 * A run as JUnit XML: a suite for each prompt × model, a test case a cell; a fail is a failure, an ungraded cell an
 * error.
 */
export function junitReport({ run, grades }: Results, catalog: CheckCatalog): string {
  const suites = Map.groupBy(
    grades,
    ({ cell }) => [cell.prompt, cell.model].filter((part) => part !== null).join(' × ') || 'answer',
  );
  const timestamp = run.startedAt.replace(/(\.\d+)?Z$/, '');
  const sections = [...suites].map(([name, members]) =>
    [
      `  <${tag('testsuite', { name, ...counts(members), skipped: 0, timestamp })}>`,
      ...members.map((grade) => testcase(grade, name, catalog)),
      '  </testsuite>',
    ].join('\n'),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<${tag('testsuites', { name: `cupel ${run.suite ?? 'grade'}`, ...counts(grades) })}>`,
    ...sections,
    '</testsuites>',
    '',
  ].join('\n');
}
