import { expect, test } from 'vitest';
import { promptfooExport } from '../../../src/reporters/promptfoo.ts';
import { manyGrades, sampleRun } from '../../support/samples.ts';

interface Exported {
  evalId: string;
  results: {
    version: number;
    prompts: { label: string; metrics: Record<string, number> }[];
    results: { success: boolean; failureReason: number; promptIdx: number; testIdx: number; error: string | null }[];
    stats: { successes: number; failures: number; errors: number };
  };
}

test('a run is exported with every answer once, and what could not be graded is an error and no failure', async () => {
  const grades = manyGrades(30);
  const text = await promptfooExport(sampleRun(grades), {
    path: 'reports/runs/r',
    texts: () => Promise.resolve({ answer: null, files: new Map() }),
  });
  const { evalId, results } = JSON.parse(text) as Exported;
  expect(evalId).toMatch(/^eval-cupel-[\w-]+$/);
  expect(results.version).toBe(3);
  expect(results.results).toHaveLength(30);
  expect(new Set(results.results.map(({ promptIdx, testIdx }) => `${promptIdx} ${testIdx}`)).size).toBe(30);
  for (const [index, { success, failureReason, error }] of results.results.entries()) {
    const verdict = grades[index]?.verdict;
    expect([success, failureReason]).toEqual(
      verdict === 'pass' ? [true, 0] : verdict === 'fail' ? [false, 1] : [false, 2],
    );
    if (verdict === 'ungraded') expect(error).toMatch(/^could not be graded/);
  }
  const count = (verdict: string) => grades.filter((grade) => grade.verdict === verdict).length;
  expect(results.stats).toMatchObject({ successes: count('pass'), failures: count('fail'), errors: count('ungraded') });
  const counted = results.prompts.map(
    ({ metrics }) =>
      (metrics['testPassCount'] ?? 0) + (metrics['testFailCount'] ?? 0) + (metrics['testErrorCount'] ?? 0),
  );
  expect(counted.reduce((sum, one) => sum + one, 0)).toBe(30);
});
