/** The npm package as a user gets it: built, packed, and installed into an empty repository with a home of its own. */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const slow = { timeout: 600_000 };
const modules = resolve('node_modules');
let folder = '';
let archive = '';

/** Runs a program in the user's repository, with the Node that the tests have and none of Cupel's own programs. */
const start = (command: string, words: readonly string[], cwd = join(folder, 'repo')) =>
  execa(command, words, {
    cwd,
    reject: false,
    all: true,
    env: {
      HOME: join(folder, 'home'),
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      CUPEL_STATE: resolve('.cupel'),
    },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cupel-package-'));
  for (const name of ['home', 'repo']) await mkdir(join(folder, name));
  await execa(process.execPath, ['tools/package/build.ts']);
  await execa('npm', ['pack', './dist', '--silent', '--pack-destination', folder]);
  const [name = ''] = (await readdir(folder)).filter((path) => path.endsWith('.tgz'));
  archive = join(folder, name);
  await execa('git', ['init', '-q'], { cwd: join(folder, 'repo') });
  await writeFile(join(folder, 'repo', 'package.json'), '{ "name": "scratch", "private": true, "type": "commonjs" }\n');
  const { exitCode, all } = await start('npm', ['install', '--save-dev', '--no-audit', '--no-fund', archive]);
  if (exitCode !== 0) throw new Error(all);
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the npm package', () => {
  test('holds what programs need, and no test, recording, reference or specimen', async () => {
    const { stdout } = await execa('tar', ['tzf', archive]);
    const paths = stdout.split('\n');
    for (const path of ['src/index.js', 'src/index.d.ts', 'src/cli/start.js', 'runners/go/toolchain/tools.go'])
      expect(paths).toContain(`package/${path}`);
    expect(
      paths.filter((path) =>
        /\.test\.|^package\/(?:tests|tools|prompts)\/|specimens\.yaml|evals\/recordings/.test(path),
      ),
    ).toEqual(paths.filter((path) => path.startsWith('package/src/app/init/template/evals/recordings/')));
    expect(paths.filter((path) => /(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  test('is found in order by publint and by are-the-types-wrong', slow, async () => {
    const lint = await execa(join(modules, '.bin', 'publint'), ['run', archive, '--strict'], {
      reject: false,
      all: true,
    });
    expect([lint.exitCode, lint.all]).toEqual([0, expect.stringContaining('All good')]);
    const types = await execa(join(modules, '.bin', 'attw'), [archive, '--profile', 'esm-only'], {
      reject: false,
      all: true,
    });
    expect([types.exitCode, types.all]).toEqual([0, expect.any(String)]);
  });

  test('brings no Node, names no registry, and needs promptfoo of nobody', async () => {
    const installed = join(folder, 'repo', 'node_modules');
    expect(await readdir(join(installed, '.bin'))).not.toContain('node');
    expect(await readdir(installed)).not.toContain('promptfoo');
    expect(await readFile(join(installed, 'cupel', 'npm-shrinkwrap.json'), 'utf8')).not.toMatch(/"resolved"/);
  });

  test.each(['nodenext', 'bundler'])('has types that resolve under %s', slow, async (resolution) => {
    await writeFile(
      join(folder, 'repo', 'use.mts'),
      'import { compare, defineConfig, grade, run } from "cupel";\n' +
        'export default defineConfig({ prompts: "x" });\n' +
        'const { verdict } = await grade("x", { scenario: "y" });\n' +
        'export const kept: "pass" | "fail" | "ungraded" = verdict;\n' +
        'const { results } = await run("default", { repeats: 2 });\n' +
        'export const outcome: string = (await compare(results.run.id, undefined)).outcome;\n' +
        '// @ts-expect-error a suite is a text\nvoid run(1);\n',
    );
    const words = ['--noEmit', '--strict', '--target', 'es2023', '--skipLibCheck', '--moduleResolution', resolution];
    const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
    const roots = ['--types', 'node', '--typeRoots', join(modules, '@types')];
    const { exitCode, all } = await start(join(modules, '.bin', 'tsc'), [
      ...words,
      ...['--module', module],
      ...roots,
      'use.mts',
    ]);
    expect([exitCode, all]).toEqual([0, '']);
  });

  test('sets up a project and runs it, and git sees only what was said', slow, async () => {
    const { stdout } = await start('npx', ['cupel', 'init', '--yes']);
    expect(stdout).toContain('Next: npx cupel run');
    await execa('git', ['add', '-A'], { cwd: join(folder, 'repo') });
    const run = await start('npx', ['cupel', 'run', '--format', 'json']);
    const results = z
      .looseObject({ grades: z.array(z.looseObject({ verdict: z.string() })) })
      .parse(JSON.parse(run.stdout));
    expect(results.grades.map(({ verdict }) => verdict)).toEqual(['pass']);
    const { stdout: status } = await execa('git', ['status', '--short', '--untracked-files=all'], {
      cwd: join(folder, 'repo'),
    });
    expect(status.split('\n').filter((line) => line.startsWith('??'))).toEqual([]);
  });

  test('grades by the example of the documentation', slow, async () => {
    const page = await readFile('docs/reference/library.md', 'utf8');
    const [, program = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
    await writeFile(join(folder, 'repo', 'example.mjs'), program);
    await writeFile(join(folder, 'repo', 'answer.md'), 'No code at all.\n');
    const { stdout, exitCode } = await start('node', ['example.mjs']);
    expect([stdout, exitCode]).toEqual([expect.stringMatching(/^fail \d/), 1]);
  });
});
