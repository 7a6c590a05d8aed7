import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleGrade, sampleRun } from '../support/samples.ts';
import { reporterProblems } from '../../src/conformance/index.ts';
import type { Reporter } from '../../src/conformance/index.ts';
import { RunStore } from '../../src/store/runs/run-store.ts';
import { allReports } from '../../src/app/services/reports.ts';

const results = sampleRun([sampleGrade(), sampleGrade({ verdict: 'pass', scenario: 'other' })]);
let folder = '';
let store: RunStore;
const env = { GITHUB_STEP_SUMMARY: '', DISPLAY: '', WAYLAND_DISPLAY: '' };
const report = (words: string[], more: Record<string, string> = {}) =>
  execa(resolve('src/cli/cupel'), ['report', results.run.id, ...words], {
    cwd: folder,
    reject: false,
    env: { ...env, ...more },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cupel-report-'));
  for (const name of ['prompts', 'evals']) await mkdir(join(folder, name));
  store = new RunStore(folder, results.run.id);
  const [grade] = results.grades;
  if (grade === undefined) throw new Error('the sample has no grade');
  const lines = Array.from({ length: 20 }, (_, index) => `x = ${index + 1}`);
  await store.keepFiles(grade.cell, [
    { path: 'app/main.py', text: lines.join('\n'), line: 11, lines: [], namedBy: 'heading' },
  ]);
  await store.finish(results, await allReports(results, store));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a finished run', () => {
  test('has a page with the lines of its files, a JUnit report and a Markdown report', async () => {
    const page = await readFile(join(store.folder, 'report.html'), 'utf8');
    expect(page).toContain('[2,12,"x = 2"]');
    expect(await readFile(join(store.folder, 'junit.xml'), 'utf8')).toContain('tests="2" failures="1" errors="0"');
    expect(await readFile(join(store.folder, 'report.md'), 'utf8')).toContain('# Run ');
  });

  test.each([
    ['html', 'report.html'],
    ['junit', 'junit.xml'],
    ['markdown', 'report.md'],
    ['sarif', 'results.sarif'],
  ])('is rendered again as %s, byte for byte', async (format, file) => {
    const { stdout, exitCode } = await report(['--format', format], {});
    expect(exitCode).toBe(0);
    expect(`${stdout}\n`).toBe(await readFile(join(store.folder, file), 'utf8'));
  });

  test('is rendered by a reporter of the guide, and messages say what is wrong with another module', async () => {
    const guide = await readFile('docs/guides/write-a-reporter.md', 'utf8');
    const [, program = ''] = /```js\n([\s\S]*?)```/.exec(guide) ?? [];
    await writeFile(join(folder, 'reporter.mjs'), program);
    const { stdout, exitCode } = await report(['--format', './reporter.mjs']);
    expect([stdout, exitCode]).toEqual([
      '1..2\nnot ok s 3 passed, 1 failed python/tests failed: it is wrong\nok other 4 passed, 0 failed',
      0,
    ]);
    const module: unknown = await import(pathToFileURL(join(folder, 'reporter.mjs')).href);
    const { default: reporter } = module as { default: Reporter };
    expect(await reporterProblems(reporter)).toEqual([]);
    for (const [name, text, message] of [
      ['nothing.mjs', 'export const x = 1;', /expected a module whose default export is a reporter .*, found none/],
      ['wrong.mjs', 'export default { render: async () => 1 };', /expected render to resolve to \{ text \}/],
      ['broken.mjs', 'export default {', /found that it cannot be loaded: SyntaxError/],
    ] as const) {
      await writeFile(join(folder, name), text);
      const refused = await report(['--format', `./${name}`]);
      expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringMatching(message)]);
    }
    const unknown = await report(['--format', 'tap']);
    expect(unknown.stderr).toMatch(/--format: expected one of text, markdown, .* found tap/);
  });

  test('as github prints annotations, and the summary goes to that of the job where there is one', async () => {
    const alone = await report(['--format', 'github']);
    expect(alone.stdout).toMatch(/^::error title=.*,file=reports\/runs\/.*\n## Cupel: 1 of 2 answers fails\n/);
    const path = join(folder, 'summary.md');
    await writeFile(path, 'before\n');
    const inJob = await report(['--format', 'github'], { GITHUB_STEP_SUMMARY: path });
    expect(inJob.stdout.split('\n')).toHaveLength(1);
    expect(await readFile(path, 'utf8')).toMatch(/^before\n## Cupel: 1 of 2 answers fails\n/);
    const nowhere = await report(['--format', 'github'], { GITHUB_STEP_SUMMARY: join(folder, 'no', 'such', 'place') });
    expect(nowhere.exitCode).toBe(0);
    expect(nowhere.stderr).toContain('expected to append to GITHUB_STEP_SUMMARY');
  });

  test('is opened, or its page is named where nothing can be shown', async () => {
    await rm(join(store.folder, 'report.html'));
    const { stdout, exitCode } = await report(['--open']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(join(store.folder, 'report.html'));
    expect(await readFile(stdout, 'utf8')).toContain('1 of 2 answers fails');
  });
});
