import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/domain/usage-error.ts';
import { hostile, sampleGrade, sampleRun } from '../support/samples.ts';
import { promote, readBaseline } from '../../src/store/runs/baselines.ts';
import { RunStore } from '../../src/store/runs/run-store.ts';
import { readRunSummary } from '../../src/store/runs/run-summary.ts';

let root = '';
let store: RunStore;
const grades = [
  sampleGrade({ text: hostile.toWellFormed() }),
  sampleGrade({ verdict: 'pass', repeat: 2 }),
  sampleGrade({ verdict: 'ungraded', repeat: 3 }),
];
const results = {
  ...sampleRun(grades),
  fingerprints: grades.map((_, index) => ({
    request: null,
    prompt: 'p',
    scenario: 's',
    variables: null,
    settings: null,
    sections: null,
    answer: String(index),
    dependencies: {},
    lots: null,
  })),
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cupel-summary-'));
  store = new RunStore(root, results.run.id);
  // A text that looks like the fields that follow it.
  const answer = {
    text: `${'x'.repeat(9000)}\n "stopReason": "none"\n}`,
    stopReason: 'end_turn',
    usage: { inputTokens: 1, outputTokens: 77, cacheReadTokens: 0, cacheWriteTokens: 0 },
    costUsd: 0.25,
    latencyMs: 1200,
    firstTokenMs: null,
    reportedModel: 'm-1',
    date: '2026-01-01',
  } as const;
  for (const { cell } of grades.slice(0, 1)) await store.keepAnswer(cell, answer, 'asked');
  await store.finish(results, {});
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('the summary of a run', () => {
  test('has every grade with its checks, findings and fingerprint, and what the answer cost where that is known', async () => {
    const { cells, run, grader } = await readRunSummary(store.folder);
    expect([run, grader, cells.length]).toEqual([results.run.id, 'g', 3]);
    expect(cells.map(({ cell, verdict, score }) => ({ cell, verdict, score }))).toEqual(
      grades.map(({ cell, verdict, score }) => ({ cell, verdict, score })),
    );
    expect(cells[0]).toMatchObject({
      costUsd: 0.25,
      usage: { outputTokens: 77 },
      paid: null,
      latencyMs: 1200,
      reportedModel: 'm-1',
      fingerprint: { answer: '0' },
    });
    expect(cells[1]).toMatchObject({ costUsd: null, usage: null });
    expect(cells[0]?.checks).toEqual({ 'python/build': ['passed', 1], 'python/tests': ['failed', 0.5] });
    expect(cells[0]?.findings.map(({ rule, count }) => [rule, count])).toEqual([
      ['test-failed-0', 1],
      ['test-failed-1', 1],
    ]);
  });

  test.each([
    ['cut off', (text: string) => text.slice(0, -200), /found a file that ends early/],
    [
      'without one of its grades',
      (text: string) =>
        text.replace(
          /^ {2}\{\n {3}"cell": \{\n {4}"prompt": "p@1",\n {4}"scenario": "s",\n {4}"model": "recorded",\n {4}"repeat": 2[\s\S]*?^ {2}\},\n/m,
          '',
        ),
      /found 2 grades and 3 fingerprints of 3 cells/,
    ],
    [
      'with a verdict that is none',
      (text: string) => text.replace('"verdict": "pass"', '"verdict": "good"'),
      /verdict: expected pass or fail or ungraded, found "good"/,
    ],
    ['that is something else', () => 'hello\n', /found a file that ends early/],
  ])('of a file %s is refused, and the file is named', async (_what, damage, message) => {
    const path = join(store.folder, 'results.json');
    const whole = await readFile(path, 'utf8');
    await writeFile(path, damage(whole));
    try {
      await expect(readRunSummary(store.folder)).rejects.toThrow(message);
      await expect(readRunSummary(store.folder)).rejects.toThrow(UsageError);
    } finally {
      await writeFile(path, whole);
    }
  });
});

describe('a baseline', () => {
  test('comes back as it was promoted, but for the examples of findings', async () => {
    const summary = await readRunSummary(store.folder);
    await promote(root, 'good', summary);
    const kept = await readBaseline(root, 'good');
    const without = summary.cells.map((cell) => ({
      ...cell,
      findings: cell.findings.map((finding) => ({ ...finding, example: null })),
    }));
    expect(kept).toEqual({ ...summary, cells: without });
  });

  test('is the same text whatever the order of the answers, so that its diff shows what changed', async () => {
    const summary = await readRunSummary(store.folder);
    const [one, other] = [
      await promote(root, 'one', summary),
      await promote(root, 'other', { ...summary, cells: summary.cells.toReversed() }),
    ];
    expect(await readFile(one, 'utf8')).toBe(await readFile(other, 'utf8'));
  });

  test('that is damaged, or has a name that is none, is refused', async () => {
    await writeFile(join(root, 'reports/baselines/broken.json'), '{"format": 1,');
    await expect(readBaseline(root, 'broken')).rejects.toThrow(/broken\.json: expected a baseline as it was promoted/);
    await expect(promote(root, '../x', await readRunSummary(store.folder))).rejects.toThrow(
      /expected a name of lower-case letters/,
    );
  });
});
