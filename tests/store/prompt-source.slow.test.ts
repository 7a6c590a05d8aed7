import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recorded } from '../../src/providers/recorded.ts';
import { Library } from '../../src/store/inputs/library.ts';

const released = (version: string, task: string): string =>
  `---\nversion: ${version}\n---\n## Description\nYou help.\n\n## Prompt\n\`\`\`\n${task}\n\`\`\`\n`;

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cupel-prompts-'));
  const git = (...words: string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...words], {
      cwd: root,
    });
  await mkdir(join(root, 'prompts', 'help'), { recursive: true });
  await mkdir(join(root, 'evals', 'recordings'), { recursive: true });
  await mkdir(join(root, 'evals', 'suites'), { recursive: true });
  await writeFile(join(root, 'prompts', 'help', '1.0.md'), released('1.0', 'First.'));
  await writeFile(join(root, 'evals', 'recordings', 's@1.0.r1.md'), 'the recorded answer\n');
  await writeFile(
    join(root, 'evals', 'recordings', 'recordings.yaml'),
    'date: 2026-01-01\nmodel: null\nstop_reason: unknown\n',
  );
  await writeFile(join(root, 'prompts', 'short.prompt'), 'Old {{task}}\n');
  await symlink('short.prompt', join(root, 'prompts', 'link.prompt'));
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-q', '-m', 'one');
  await writeFile(join(root, 'prompts', 'short.prompt'), 'New {{task}}\n');
  await git('commit', '-q', '-a', '-m', 'two');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const load = (reference: string, from?: string) => new Library(root).loadedPrompt(reference, from);

describe('a prompt', () => {
  test('comes from a version, a file of any dialect, or a revision', async () => {
    expect((await load('help@1.0')).prompt).toMatchObject({ id: 'help', version: '1.0', user: 'First.' });
    expect(await load('prompts/short.prompt')).toMatchObject({
      prompt: { id: 'short', version: 'unversioned', user: 'New {{task}}', variables: ['task'] },
      from: 'prompts/short.prompt',
    });
    expect((await load('git:main:prompts/short.prompt')).prompt.user).toBe('New {{task}}');
    const before = await load('git:HEAD~1:prompts/short.prompt');
    expect(before.prompt.user).toBe('Old {{task}}');
    expect(before.from).toMatch(/^prompts\/short\.prompt at HEAD~1 \([0-9a-f]{12}\)$/);
  });

  test('that is a file counts from the folder it is asked from', async () => {
    expect((await load('./short.prompt', join(root, 'prompts'))).prompt.id).toBe('short');
  });

  test.each([
    ['help@9', /expected a file prompts\/help\/9.md, found none. There are help@1.0/],
    ['help', /found a word. There are help@1.0/],
    ['prompts/none.md', /expected a file prompts\/none.md, found none/],
    ['prompts/help/', /found a folder/],
    ['git:nowhere:prompts/short.prompt', /expected a revision of the repository .* found nowhere/],
    ['git:main..HEAD:prompts/short.prompt', /expected a revision/],
    ['git:HEAD^{tree}:prompts/short.prompt', /expected a revision/],
    ['git:main:prompts/none.md', /expected a file prompts\/none.md at main \([0-9a-f]{12}\), found none/],
    ['git:main:prompts', /expected a file, found a folder/],
    ['git:main:prompts/link.prompt', /found a symbolic link/],
    ['git:main:prompts/*.prompt', /found none/],
    ['git:--help:prompts/short.prompt', /do not begin with -/],
    ['git:main:--help', /do not begin with -/],
  ])('%s is refused', async (reference, message) => {
    await expect(load(reference)).rejects.toThrow(message);
  });

  test('from git needs a repository', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cupel-no-git-'));
    await mkdir(join(folder, 'prompts'));
    await expect(new Library(folder).prompt('git:main:x.md')).rejects.toThrow(/expected a git repository/);
    await rm(folder, { recursive: true });
  });
});

describe('a library', () => {
  test('lists the prompt files that are no versions', async () => {
    expect(await new Library(root).promptFiles()).toEqual(['prompts/short.prompt']);
  });

  test('replays a recording for a prompt that sends what the released version sends, and for no other', async () => {
    const answer = (prompt: string) =>
      recorded(new Library(root)).answer(
        { system: '', user: '', hash: '' },
        { prompt, scenario: 's', model: 'recorded', repeat: 1 },
        new AbortController().signal,
      );
    for (const prompt of ['help@1.0', 'prompts/help/1.0.md', 'git:main:prompts/help/1.0.md'])
      expect((await answer(prompt)).text).toBe('the recorded answer\n');
    await expect(answer('prompts/short.prompt')).rejects.toThrow(
      /a prompt that sends what a released version with recordings sends/,
    );
  });
});
