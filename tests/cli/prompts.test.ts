import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const cupel = resolve('src/cli/cupel');

let project = '';
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'cupel-project-'));
  for (const folder of ['prompts/help', 'evals/s', 'evals/suites', 'evals/recordings'])
    await mkdir(join(project, folder), { recursive: true });
  await writeFile(
    join(project, 'prompts/help/1.0.md'),
    '---\nversion: 1.0\n---\n## Description\nYou help.\n\n## Prompt\n```\nDo [task].\n```\n\n## Variables\n- `[task]`: what\n',
  );
  await writeFile(join(project, 'prompts/short.prompt'), 'First {{task}}\n');
  await writeFile(
    join(project, 'evals/s/scenario.yaml'),
    'id: s\nvariables:\n  task: the work\nlanguages:\n  go:\n    runtime: "1.24"\n    standards: [gofmt]\n',
  );
  await writeFile(
    join(project, 'evals/suites/default.yaml'),
    'id: default\nprompts: [help@1.0, "git:HEAD:prompts/short.prompt"]\nmodels: [recorded]\nscenarios: [s]\n',
  );
  const git = (...words: string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...words], {
      cwd: project,
    });
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-q', '-m', 'one');
  await writeFile(join(project, 'prompts/short.prompt'), 'Second {{task}}\n');
});
afterAll(() => rm(project, { recursive: true, force: true }));

const run = (words: string[], folder = '.') => execa(cupel, words, { cwd: join(project, folder), reject: false });

describe('cupel render', () => {
  test.each([
    ['help@1.0', '.', 'Do the work.', 'prompts/help/1.0.md'],
    ['prompts/short.prompt', '.', 'Second the work', 'prompts/short.prompt'],
    ['./short.prompt', 'prompts', 'Second the work', './short.prompt'],
    ['git:main:prompts/short.prompt', '.', 'First the work', 'prompts/short.prompt at main ('],
  ])('shows the request of %s from the folder %s', async (reference, folder, user, from) => {
    const { stdout, exitCode } = await run(['render', reference, 's'], folder);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`--- user\n${user}\n---`);
    expect(stdout).toContain(`, from ${from}`);
  });

  test.each([
    ['git:gone:prompts/short.prompt', /expected a revision of the repository/],
    ['git:main:gone.md', /expected a file gone.md at main/],
    ['git:--upload-pack=x:y', /do not begin with -/],
    ['gone.md', /expected a file gone.md, found none/],
  ])('refuses %s with status 2', async (reference, message) => {
    const { stderr, exitCode } = await run(['render', reference, 's']);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});

describe('cupel list', () => {
  test('says where each prompt comes from', async () => {
    const { stdout } = await run(['list']);
    expect(stdout).toContain('  help@1.0  from prompts/help/1.0.md\n  prompts/short.prompt\n');
    expect(stdout).toMatch(
      / {2}git:HEAD:prompts\/short\.prompt {2}from prompts\/short\.prompt at HEAD \([0-9a-f]{12}\), named by the suite default\n/,
    );
  });
});
