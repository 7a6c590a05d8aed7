/**
 * A project of its own in a temporary folder: one prompt, and scenarios that are graded in no time, for tests of
 * asking.
 */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const PROMPT = `---
title: "Ping"
version: "1.0"
---

# Ping

## Description

You answer.

## Prompt

\`\`\`text
Write about
[subject]
\`\`\`

## Variables

- \`[subject]\`: what to write about
`;

export const KEY = 'sk-ant-test-do-not-show-4711';

export interface Project {
  folder: string;
  state: string;
  /** Starts cupel in the project. */
  cupel(words: readonly string[], env?: Record<string, string>): ReturnType<typeof start>;
  remove(): Promise<void>;
}

function start(folder: string, state: string, words: readonly string[], env: Record<string, string>) {
  const [command = '', ...rest] = words;
  const stateWords = ['run', 'grade'].includes(command) && !words.includes('--state') ? ['--state', state] : [];
  return execa(resolve(import.meta.dirname, '../../../src/cli/cupel'), [command, ...rest, ...stateWords], {
    cwd: folder,
    reject: false,
    env: { ANTHROPIC_API_KEY: KEY, ...env },
  });
}

/** `subjects` scenarios for one model, and settings for services that make tests quick. */
export async function makeProject(
  subjects: number,
  { model = 'anthropic:claude-test', models = '' } = {},
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'cupel-live-'));
  await chmod(folder, 0o755);
  const state = join(folder, 'state');
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const ids = Array.from({ length: subjects }, (_, index) => `subject-${String(index).padStart(3, '0')}`);
  await put('prompts/ping/1.0.md', PROMPT);
  for (const id of ids)
    await put(`evals/${id}/scenario.yaml`, `id: ${id}\nvariables:\n  subject: ${id}\nlanguages: {}\nsections: false\n`);
  await put(
    'evals/suites/default.yaml',
    `id: default\nprompts: [ping@1.0]\nmodels: [${JSON.stringify(model)}]\nscenarios: [${ids.join(', ')}]\n`,
  );
  await put('evals/recordings/recordings.yaml', 'date: 2026-01-01\nmodel: null\nstop_reason: unknown\n');
  await put(
    'evals/models.yaml',
    models === ''
      ? 'services:\n  anthropic: { firstDelaySeconds: 0.02, longestDelaySeconds: 0.1, silenceSeconds: 1, pollSeconds: 0.05 }\n'
      : models,
  );
  return {
    folder,
    state,
    cupel: (words, env = {}) => start(folder, state, words, env),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
