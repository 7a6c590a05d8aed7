import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reporterProblems } from '../../src/conformance/index.ts';
import type { Reporter } from '../../src/conformance/index.ts';

let folder = '';
const cupel = (...words: string[]) => execa(resolve('src/cli/cupel'), words, { cwd: folder, reject: false });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cupel-new-'));
  await cupel('init');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('cupel new', () => {
  test('scenario has the variables of the only prompt, and is rendered at once', async () => {
    const { stdout, exitCode } = await cupel('new', 'scenario', 'line-count', '--language', 'go');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('wrote evals/line-count/scenario.yaml')]);
    const render = await cupel('render', 'code-writer@1.0', 'line-count');
    expect([render.exitCode, render.stdout]).toEqual([0, expect.stringContaining('Write here what task is')]);
    expect(await readFile(join(folder, 'evals/line-count/scenario.yaml'), 'utf8')).toMatch(/go:\n {4}runtime: "1\.24"/);
  });

  test.each(['http', 'command'])('contract of kind %s fits the scenario as it stands', async (kind) => {
    await cupel('new', 'scenario', `for-${kind}`);
    const { stdout, exitCode } = await cupel('new', 'contract', `for-${kind}`, '--kind', kind);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`contract check evals/for-${kind}/contract.yaml`)]);
    const check = await cupel('contract', 'check', `evals/for-${kind}/contract.yaml`);
    expect([check.stderr, check.stdout]).toEqual([
      '',
      expect.stringContaining(`a contract of kind ${kind} with 1 probe`),
    ]);
  });

  test('check comes with the lines that ask for it', async () => {
    const { stdout } = await cupel('new', 'check', 'word-count', 'no-todo');
    const [, lines = ''] = /scenario\.yaml:\n\n([\s\S]*)$/.exec(stdout) ?? [];
    await appendFile(join(folder, 'evals/word-count/scenario.yaml'), lines);
    const { stdout: request, exitCode } = await cupel('render', 'code-writer@1.0', 'word-count');
    expect([exitCode, request]).toEqual([0, expect.stringContaining('Count the words')]);
  });

  test('reporter is held to the suite of reporters', async () => {
    await cupel('new', 'reporter', 'lines');
    const module: unknown = await import(pathToFileURL(join(folder, 'lines.mjs')).href);
    expect(await reporterProblems((module as { default: Reporter }).default)).toEqual([]);
  });

  test('replaces nothing, and says what it cannot make', async () => {
    await writeFile(join(folder, 'mine.mjs'), 'export default 1;\n');
    await writeFile(join(folder, 'prompts', 'second.md'), 'Do {{this}}.\n');
    for (const [words, message] of [
      [['reporter', 'mine'], /expected no files of these names, or the very same, found others: mine\.mjs/],
      [['scenario', 'Line_Count', '--prompt', 'code-writer@1.0'], /expected lower-case letters, digits and hyphens/],
      [['scenario', 'x', '--prompt', 'code-writer@1.0', '--language', 'perl'], /--language: expected one of python/],
      [
        ['scenario', 'x'],
        /--prompt: expected the prompt that the scenario is for.*code-writer@1\.0, prompts\/second\.md/,
      ],
      [['contract', 'nowhere'], /scenario nowhere: expected a file/],
    ] as const) {
      const { exitCode, stderr } = await cupel('new', ...words);
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
  });
});
