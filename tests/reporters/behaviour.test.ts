import { describe, expect, test } from 'vitest';
import { failed, passed } from '../../src/domain/grading/check.ts';
import { emptyCatalog } from '../../src/domain/grading/check-description.ts';
import type { Grade } from '../../src/domain/grading/grade.ts';
import type { RequestPart } from '../../src/domain/grading/request-parts.ts';
import { htmlReport } from '../../src/reporters/html/page.ts';
import { markdownReport } from '../../src/reporters/markdown.ts';
import { gradeText, resultTable } from '../../src/reporters/terminal.ts';
import { sampleGrade, sampleRun } from '../support/samples.ts';

const facts = { must_passed: 70, must_failed: 1, endpoints_present: 3, endpoints_asked: 3 };
const part: RequestPart = {
  variable: 'nfrs',
  words: 'no <b>keys</b> in | logs',
  extent: 'checked',
  checks: ['go/secrets@a', 'go/secrets@b'],
  probes: ['canary-key'],
};

function gradeWith(asked?: RequestPart[]): Grade {
  const grade = sampleGrade({ scenario: 'limited' });
  const checks = [...grade.checks, { id: 'go/starts', ...passed() }, { id: 'go/acceptance', ...passed({ facts }) }];
  return { ...grade, checks, ...(asked === undefined ? {} : { asked }) };
}

const assets = { style: '', script: '' };
const pageOf = (grades: Grade[]): string => htmlReport(sampleRun(grades), [], assets, emptyCatalog);
const markdownOf = (grades: Grade[]): string => markdownReport(sampleRun(grades), emptyCatalog);

describe('the three numbers of an answer whose program was asked', () => {
  test('stand before the score in the terminal, in Markdown and on the page', () => {
    const grade = gradeWith();
    expect(gradeText(grade, emptyCatalog)).toMatch(
      /✗ fail, starts 1 of 1, exists 3 of 3 endpoints, behaves 70 of 71 probes, score 0\.750/,
    );
    expect(resultTable(sampleRun([grade]))).toMatch(
      /verdict +starts, exists, behaves +score[^]*✗ fail +1\/1, 3\/3, 70\/71 +0\.750/,
    );
    expect(markdownOf([grade])).toContain('| ✗ fail | 1/1, 3/3, 70/71 | 0.750 |');
    const page = pageOf([grade]);
    expect(page).toContain('starts 1/1, exists 3/3, behaves 70/71,</span> <span class="score">score 0.750');
    expect(page).toMatch(/<h3>limited[^]*starts 1 of 1, exists 3 of 3 endpoints, behaves 70 of 71 probes, score/);
  });

  test('stand with whole reasons and with commands that can be pasted, a line each, without control characters', () => {
    const command = `curl -i -X POST --data-raw '${'x'.repeat(200)}' 'http://localhost:18093/events'`;
    const reason = `go/acceptance failed: ${'a long list of endpoints, '.repeat(6)}that are missing`;
    const finding = { tool: 'contract', rule: 'created', file: null, line: null, answer_line: null } as const;
    const message = `It answers with 201\u001b[2J: expected 201, got 404\n${command}`;
    const check = {
      id: 'go/acceptance',
      ...failed({ reason, findings: [{ ...finding, severity: 'error', message }] }, 0),
    };
    const text = gradeText({ ...gradeWith(), checks: [check], reasons: [reason] }, emptyCatalog);
    expect(text).toContain(`  because ${reason}\n`);
    expect(text).toContain(
      `go/acceptance  created  It answers with 201\uFFFD[2J: expected 201, got 404\n  ${command}\n`,
    );
  });

  test('are left out where no program was asked, and empty beside answers whose program was', () => {
    expect(resultTable(sampleRun([sampleGrade()]))).not.toContain('behaves');
    expect(markdownOf([sampleGrade()])).not.toContain('behaves');
    expect(resultTable(sampleRun([gradeWith(), sampleGrade({ scenario: 'other' })]))).toMatch(
      /other .* ✗ fail {28}0\.750/,
    );
  });
});

describe('what was asked, and what of it is checked', () => {
  test('is listed once for all answers that it is the same for, and is only ever text', () => {
    const grades = [gradeWith([part]), { ...gradeWith([part]), cell: { ...gradeWith().cell, repeat: 2 } }];
    const markdown = markdownOf(grades);
    expect(markdown).toContain('## What was asked, and what of it is checked');
    expect(markdown.match(/canary-key/g)).toHaveLength(1);
    expect(markdown).toContain('| ✓ checked | nfrs | no \\<b\\>keys\\</b\\> in \\| logs | go/secrets: canary-key |');
    const page = pageOf(grades);
    expect(page).toContain('<td>no &lt;b&gt;keys&lt;/b&gt; in | logs</td>');
    expect(page).toContain('<code>go/secrets: canary-key</code>');
    expect(page).toContain('1 checked');
  });

  test('is left out where nobody wrote down the parts of the prompt', () => {
    expect(markdownOf([gradeWith()])).not.toContain('What was asked');
    expect(pageOf([gradeWith()])).not.toContain('What was asked');
  });
});
