import { chmodSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';

const cupel = resolve('src/cli/cupel');
const folder = mkdtempSync(join(tmpdir(), 'cupel-messages-'));
chmodSync(folder, 0o755); // one that an ordinary user may enter keeps its state in itself
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs cupel by lines of a shell, in a folder. */
const shell = (script: string, cwd = process.cwd()) => execa('sh', ['-c', script], { cwd, reject: false });

describe('a message of the program', () => {
  test.each(['list', 'extract README.md', '--help'])(
    'says that standard output is full, with status 3 and without a stack: %s',
    async (words) => {
      const { exitCode, stderr } = await shell(`'${cupel}' ${words} > /dev/full`);
      expect(stderr).toMatch(/^cupel: expected to write standard output, found that its disk is full/);
      expect(stderr).not.toContain('    at ');
      expect(exitCode).toBe(3);
      expect((await shell(`'${cupel}' ${words} > /dev/full 2> /dev/full`)).exitCode).toBe(3);
    },
  );

  test.each([
    [`grade '${tmpdir()}'`, /expected a file with an answer, or the id of a run; found a folder\.$/],
    ['grade /no/such.md', /found no such file\.$/],
    ['grade README.md/x', /found no such file: a part of the path is no folder\.$/],
    ['grade ""', /^cupel: an empty name: expected a file with an answer/],
    [`extract --jsonl '${tmpdir()}'`, /expected a file of JSON Lines, found a folder\.$/],
  ])('says in words what was found: %s', async (words, message) => {
    const { exitCode, stderr } = await shell(`'${cupel}' ${words}`);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\bE[A-Z]{4,}\b/);
    expect(exitCode).toBe(2);
  });

  test('names an unknown key, and those that are known', async () => {
    const project = join(folder, 'project');
    for (const below of ['prompts', 'evals/suites', 'evals/thing'])
      mkdirSync(join(project, below), { recursive: true });
    writeFileSync(
      join(project, 'evals/thing/scenario.yaml'),
      'id: thing\nvariables: {}\nsection: false\nlanguages:\n  python: { runtime: "3.11", standard: [ruff] }\n',
    );
    writeFileSync(
      join(project, 'evals/suites/default.yaml'),
      'id: default\nprompts: [x@1]\nscenarios: [thing]\nmodels: [recorded]\n',
    );
    const { stderr } = await shell(`'${cupel}' grade '${resolve('README.md')}' --scenario thing`, project);
    expect(stderr).toMatch(/expected some of .*sections.*, found the unknown key section/);
    expect(stderr).toMatch(/languages\.python: expected some of .*standards.*, found the unknown key standard/);
  });

  // Mounts need a namespace of mounts, which only root may make without further ado.
  test.skipIf(spawnSync('unshare', ['--mount', 'true']).status !== 0)(
    'takes a project that cannot be written for what it is',
    async () => {
      const project = join(folder, 'read-only');
      for (const below of ['prompts', 'evals']) mkdirSync(join(project, below), { recursive: true });
      const mount = `mount --bind '${project}' '${project}' && mount -o remount,ro,bind '${project}' && cd '${project}'`;
      const answer = join(folder, 'answer.md');
      writeFileSync(answer, '`app.py`\n\n```python\nX = 1\n```\n');
      for (const words of [`grade '${answer}'`, 'doctor', `extract '${answer}' --out here`]) {
        const script = `${mount} && '${cupel}' ${words}`;
        const { exitCode, stderr } = await execa(
          'unshare',
          ['--mount', '--propagation', 'private', 'sh', '-c', script],
          { reject: false },
        );
        expect(stderr).toMatch(/^cupel: expected to write .*, found a file system that is read-only; make it writable/);
        expect(exitCode).toBe(3);
      }
    },
  );
});
