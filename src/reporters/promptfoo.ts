/** A run as promptfoo's own viewer reads it: what `promptfoo import <file>` takes (its format 3). */
import type { Answer } from '../domain/grading/answer.ts';
import { cellName } from '../domain/grading/cell.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Results } from '../domain/runs/run.ts';
import type { RunFiles } from '../ports/reporter.ts';
import { visible } from './harmless.ts';

/** Characters of an answer that the viewer gets. */
const LONGEST = 200_000;

const labelOf = ({ cell }: Grade): string => `${cell.prompt ?? 'no prompt'} × ${cell.model ?? 'no model'}`;
const testOf = ({ cell }: Grade): string => `${cell.scenario ?? 'answer'} #${cell.repeat}`;

const usageOf = (answer: Answer | null): { total: number; prompt: number; completion: number; cached: number } => {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0 } = answer?.usage ?? {};
  const prompt = inputTokens + cacheReadTokens + cacheWriteTokens;
  return { total: prompt + outputTokens, prompt, completion: outputTokens, cached: cacheReadTokens };
};

/** The checks of an answer as parts of a grading result; what nobody asked for is left out. */
function componentsOf({ checks }: Grade): object[] {
  return checks
    .filter(({ status }) => status !== 'not_applicable')
    .map(({ id, status, score, reason }) => ({
      pass: status === 'passed',
      score: score ?? 0,
      reason: visible(`${id} ${status}${reason === null ? '' : `: ${reason}`}`, 500),
      assertion: { type: 'javascript', value: id, metric: id },
    }));
}

interface Row {
  grade: Grade;
  answer: Answer | null;
  promptIdx: number;
  testIdx: number;
}

/** One answer. What could not be graded is an error of the run, and no failure of the model. */
function resultOf({ grade, answer, promptIdx, testIdx }: Row): object {
  const { cell, verdict, score, reasons, checks } = grade;
  const label = labelOf(grade);
  const vars = { scenario: cell.scenario ?? 'answer', repeat: cell.repeat };
  const reason = visible(reasons.join('; ') || verdict, 2000);
  const namedScores = Object.fromEntries(checks.flatMap(({ id, score: part }) => (part === null ? [] : [[id, part]])));
  return {
    promptIdx,
    testIdx,
    promptId: label,
    provider: { id: cell.model ?? 'none', label: cell.model ?? 'none' },
    prompt: { raw: label, label },
    vars,
    testCase: { description: testOf(grade), vars, assert: [] },
    response: { output: visible(answer?.text ?? '', LONGEST), tokenUsage: usageOf(answer), cost: answer?.costUsd ?? 0 },
    success: verdict === 'pass',
    score: score ?? 0,
    failureReason: verdict === 'pass' ? 0 : verdict === 'fail' ? 1 : 2,
    error: verdict === 'pass' ? null : verdict === 'fail' ? reason : `could not be graded: ${reason}`,
    latencyMs: Math.round(answer?.latencyMs ?? 0),
    cost: answer?.costUsd ?? 0,
    namedScores,
    tokenUsage: usageOf(answer),
    gradingResult: {
      pass: verdict === 'pass',
      score: score ?? 0,
      reason,
      namedScores,
      componentResults: componentsOf(grade),
    },
    metadata: { cell: cellName(cell), verdict },
  };
}

function promptOf(label: string, rows: readonly Row[]): object {
  const mine = rows.filter(({ grade }) => labelOf(grade) === label);
  const count = (verdict: Grade['verdict']): number => mine.filter(({ grade }) => grade.verdict === verdict).length;
  const sum = (value: (row: Row) => number): number => mine.reduce((total, row) => total + value(row), 0);
  const usage = (key: 'total' | 'prompt' | 'completion' | 'cached'): number =>
    sum(({ answer }) => usageOf(answer)[key]);
  const parts = mine.flatMap(({ grade }) => grade.checks.filter(({ status }) => status !== 'not_applicable'));
  return {
    raw: label,
    label,
    id: label,
    provider: mine[0]?.grade.cell.model ?? 'none',
    metrics: {
      score: sum(({ grade }) => grade.score ?? 0),
      testPassCount: count('pass'),
      testFailCount: count('fail'),
      testErrorCount: count('ungraded'),
      assertPassCount: parts.filter(({ status }) => status === 'passed').length,
      assertFailCount: parts.filter(({ status }) => status !== 'passed').length,
      totalLatencyMs: Math.round(sum(({ answer }) => answer?.latencyMs ?? 0)),
      tokenUsage: {
        total: usage('total'),
        prompt: usage('prompt'),
        completion: usage('completion'),
        cached: usage('cached'),
        numRequests: mine.length,
      },
      namedScores: {},
      namedScoresCount: {},
      cost: sum(({ answer }) => answer?.costUsd ?? 0),
    },
  };
}

/** The run as JSON for `promptfoo import`; then `promptfoo view` shows it. */
export async function promptfooExport({ run, grades }: Results, files: RunFiles): Promise<string> {
  const labels = [...new Set(grades.map(labelOf))];
  const tests = [...new Set(grades.map(testOf))];
  const rows: Row[] = [];
  for (const grade of grades)
    rows.push({
      grade,
      answer: (await files.answer?.(grade.cell).catch(() => null)) ?? null,
      promptIdx: labels.indexOf(labelOf(grade)),
      testIdx: tests.indexOf(testOf(grade)),
    });
  const count = (verdict: Grade['verdict']): number => grades.filter((grade) => grade.verdict === verdict).length;
  const exported = {
    evalId: `eval-cupel-${run.id.replaceAll(/[^\w-]/g, '-')}`,
    results: {
      version: 3,
      timestamp: run.startedAt,
      prompts: labels.map((label) => promptOf(label, rows)),
      results: rows.map(resultOf),
      stats: { successes: count('pass'), failures: count('fail'), errors: count('ungraded'), tokenUsage: {} },
    },
    config: { description: `Cupel ${run.suite ?? ''} ${run.id}`, prompts: labels, providers: [], tests: [] },
    shareableUrl: null,
    metadata: { exportedAt: run.startedAt, evaluationCreatedAt: run.startedAt, author: null },
  };
  return `${JSON.stringify(exported, null, 1)}\n`;
}
