import { describe, expect, test } from 'vitest';
import type { Grade } from '../../src/domain/grading/grade.ts';
import type { Results } from '../../src/domain/runs/run.ts';
import { catalog } from '../../src/app/services/checks.ts';
import { errored, failed, notApplicable, passed } from '../../src/domain/grading/check.ts';
import { markdownReport } from '../../src/reporters/markdown.ts';
import { TerminalProgress } from '../../src/reporters/progress.ts';
import { gradeText, resultTable } from '../../src/reporters/terminal.ts';

const cell = { prompt: 'p@1', scenario: 's', model: 'recorded', repeat: 1 };
const hostile = 'a | b\n<script>alert(1)</script> \u001b[31m`x` [link](javascript:1)';
const grade: Grade = {
  cell,
  verdict: 'fail',
  score: 0.5,
  reasons: [`python/tests failed: ${hostile}`],
  required: ['python/tests'],
  assumptions: [],
  flags: [{ code: 'unsafe-path', line: 3, path: '../x', detail: hostile }],
  projects: [],
  checks: [
    { id: 'python/build', ...passed() },
    { id: 'python/types', ...notApplicable('nobody asked') },
    {
      id: 'python/tests',
      ...failed({
        reason: hostile,
        facts: { passed: 3, failed: 1, skipped: 2, deselected: 1, files_not_run: ['t.py'] },
        findings: [
          {
            tool: 'pytest',
            rule: 'test-failed',
            severity: 'error',
            message: hostile,
            file: 'a.py',
            line: 2,
            answer_line: 12,
          },
        ],
      }),
    },
  ],
};
const results: Results = {
  format: 1,
  run: {
    format: 1,
    id: 'r',
    suite: 's',
    startedAt: '2026-01-01T00:00:00Z',
    cells: [cell],
    grader: 'g',
    tools: { ruff: '1' },
    sandbox: { driver: 'bubblewrap', level: 'namespace', version: '1' },
    exposed: [],
    machine: { platform: 'linux', arch: 'x64', cores: 2, memoryMiB: 1 },
  },
  fingerprints: [],
  grades: [
    grade,
    {
      ...grade,
      verdict: 'ungraded',
      score: null,
      reasons: ['x'],
      checks: [{ id: 'go/build', ...errored({ reason: 'no Go' }) }],
    },
  ],
};

describe('reports', () => {
  test('in Markdown hold nothing of an answer that is markup, and every table row has its columns', () => {
    const text = markdownReport(results, catalog);
    expect(text).not.toMatch(/(?<!\\)<script/);
    expect(text).not.toMatch(/(?<!\\)\[link/);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows[0]?.split(/(?<!\\)\|/)).toHaveLength(9);
    for (const row of rows.slice(0, 4)) expect(row.split(/(?<!\\)\|/)).toHaveLength(9);
    expect(text).toContain('python/tests failed');
    expect(text).toContain('a.py:2, answer line 12');
  });

  test('for a terminal hold nothing that could command it', () => {
    // eslint-disable-next-line no-control-regex -- that is the point
    expect(gradeText(grade, catalog)).not.toMatch(/\u001b/);
    // eslint-disable-next-line no-control-regex -- that is the point
    expect(resultTable(results)).not.toMatch(/\u001b/);
  });

  test('say what a test run measured, and never a score for what is ungraded', () => {
    expect(gradeText(grade, catalog)).toContain(
      '3 passed, 1 failed, 2 skipped, 1 deselected, 1 test file kept for another command',
    );
    expect(resultTable(results)).toMatch(/! ungraded {2}–/);
  });

  test('without a terminal are plain lines, one for each happening', () => {
    let out = '';
    const reporter = new TerminalProgress({ write: (text) => (out += text), columns: null }, catalog);
    reporter.runStarted(results.run);
    reporter.checkStarted(cell, 'python/build');
    for (const check of grade.checks) reporter.checkEnded(cell, check, check.id === 'python/build');
    reporter.cellEnded(grade);
    reporter.runEnded(results, { report: '/r.md' });
    // eslint-disable-next-line no-control-regex -- that is the point
    expect(out).not.toMatch(/[\u001b\r]/);
    expect(out).toContain('✓ passed   s × p@1 × recorded #1  python/build  (unchanged)');
    expect(out).toContain('report    /r.md');
  });
});
