import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const cupel = resolve('src/cli/cupel');
let folder = '';

const start = (...words: string[]) => execa(cupel, words, { cwd: folder, reject: false });
const names = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.git'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cupel-init-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('cupel init', () => {
  test('sets up a project whose parts fit, and says how to go on', async () => {
    await execa('git', ['init', '-q'], { cwd: folder });
    const { exitCode, stdout } = await start('init', '--yes');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Next: npx cupel run');
    expect((await start('contract', 'check', 'evals/word-count/contract.yaml')).exitCode).toBe(0);
    const { stdout: request } = await start('render', 'code-writer@1.0', 'word-count');
    expect(request).toContain('Count the words of a text file');
    const { stdout: listing } = await start('list', '--format', 'json');
    expect(JSON.parse(listing)).toMatchObject({
      prompts: { names: ['code-writer@1.0'] },
      scenarios: { names: ['word-count'] },
      suites: { names: ['default'] },
    });
    const { stdout: status } = await execa('git', ['status', '--short'], { cwd: folder });
    expect(status.split('\n').map((line) => line.slice(3))).toEqual([
      '.gitignore',
      'cupel.config.yaml',
      'evals/',
      'prompts/',
    ]);
  });

  test('says the command of the package manager that is used, and the folder to go to', async () => {
    expect((await start('init', 'alone')).stdout).toContain('No git repository');
    await execa('git', ['init', '-q'], { cwd: folder });
    await writeFile(join(folder, 'pnpm-lock.yaml'), '');
    const { stdout } = await start('init', 'evaluation');
    expect(stdout).toContain(`Next: cd ${join(folder, 'evaluation')} && pnpm exec cupel run`);
  });

  test('writes files for the jobs of the service that is used, for its package manager', async () => {
    await execa('git', ['init', '-q'], { cwd: folder });
    await mkdir(join(folder, '.github'));
    await writeFile(join(folder, 'pnpm-lock.yaml'), '');
    const { stdout } = await start('init');
    expect(stdout).toContain('wrote .github/workflows/cupel.yml');
    expect(await readFile(join(folder, '.github/actions/cupel/action.yml'), 'utf8')).toContain('pnpm install');
    expect((await start('init')).stdout).not.toContain('wrote');
    const inside = await start('init', 'inside', '--workflows', 'gitlab');
    expect(inside.exitCode).toBe(2);
    expect(inside.stderr).toMatch(/--workflows gitlab: expected the top of a git repository/);
    expect((await start('init', 'inside')).exitCode).toBe(0);
  });

  test('changes nothing when it is called again', async () => {
    await start('init');
    const before = await names();
    const { exitCode, stdout } = await start('init');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/7 files were there already/);
    expect(await names()).toEqual(before);
    expect((await readFile(join(folder, '.gitignore'), 'utf8')).split('\n')).toEqual(['.cupel/', 'reports/runs/', '']);
  });

  test('adds to a .gitignore what it lacks', async () => {
    await writeFile(join(folder, '.gitignore'), 'node_modules\n/.cupel');
    await start('init');
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('node_modules\n/.cupel\nreports/runs/\n');
  });

  test.each([
    [
      'a suite of the same name',
      'evals/suites/default.yaml',
      'id: default\n',
      /evals\/suites\/default\.yaml; nothing was written/,
    ],
    ['a configuration in another form', 'cupel.config.json', '{', /cupel\.config\.json: expected no configuration yet/],
    [
      'a folder where a file would be',
      'cupel.config.yaml/x',
      '',
      /cupel\.config\.yaml: expected a file or nothing, found a folder/,
    ],
  ])('writes nothing beside %s', async (_what, path, text, message) => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
    const { exitCode, stderr } = await start('init');
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
    expect(await names()).toEqual([path]);
  });
});

describe('a command', () => {
  test.each(['run', 'list', 'validate', 'render a@1.0 b', 'report', 'compare a b', 'record a', 'baseline promote a'])(
    'says how to make a project where there is none: %s',
    async (words) => {
      const { exitCode, stderr } = await start(...words.split(' '));
      expect(stderr).toMatch(
        /expected a project here or in a folder above it .* found none\. Make one with: cupel init$/,
      );
      expect(exitCode).toBe(2);
    },
  );

  test('finds the project from a folder in it, and says which', async () => {
    await start('init');
    await mkdir(join(folder, 'a/b'), { recursive: true });
    const { stdout, stderr } = await execa(cupel, ['list'], { cwd: join(folder, 'a/b') });
    expect(stderr).toBe(`cupel: project ${folder} (cupel.config.yaml)`);
    expect(stdout).toContain('word-count');
  });

  test('looks no further up than the git repository', async () => {
    await start('init');
    await mkdir(join(folder, 'other/.git'), { recursive: true });
    const { exitCode, stderr } = await execa(cupel, ['list'], { cwd: join(folder, 'other'), reject: false });
    expect(stderr).toContain('expected a project here');
    expect(exitCode).toBe(2);
  });

  test.each([
    [
      'cupel.config.yaml',
      'scenarioz: x\n',
      /cupel\.config\.yaml: expected some of .*scenarios.*, found the unknown key scenarioz/,
    ],
    ['cupel.config.yaml', 'prompts: [a\n', /cupel\.config\.yaml:\d+: expected YAML/],
    ['cupel.config.json', '{"suites": 3}', /cupel\.config\.json: suites: .*found 3/],
    [
      'cupel.config.ts',
      'export const x: number = 1;\n',
      /expected a program that exports the configuration .*no default export/,
    ],
    ['cupel.config.mjs', 'export default {', /expected a program that exports the configuration .*cannot be loaded/],
  ])('says what is wrong with a configuration: %s %j', async (name, text, message) => {
    await writeFile(join(folder, name), text);
    const { exitCode, stderr } = await start('list');
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  test('refuses two configurations', async () => {
    for (const name of ['cupel.config.json', 'cupel.config.yaml']) await writeFile(join(folder, name), '{}');
    expect((await start('list')).stderr).toMatch(
      /expected one configuration, found cupel\.config\.json and cupel\.config\.yaml/,
    );
  });

  test('finds prompts, scenarios, suites and recordings where a program says that they are', async () => {
    await start('init');
    await rm(join(folder, 'cupel.config.yaml'));
    await execa(
      'sh',
      [
        '-c',
        'mkdir -p q/s && mv evals/word-count q/s/ && mv evals/suites q/suites && mv evals/recordings q/r && mv prompts ai && rmdir evals',
      ],
      { cwd: folder },
    );
    const config = {
      prompts: ['ai/**/*.md'],
      scenarios: 'q/s/*/scenario.yaml',
      suites: 'q/suites/*.yaml',
      recordings: 'q/r',
      state: 'build/cupel',
    };
    await writeFile(
      join(folder, 'cupel.config.ts'),
      `const config: object = ${JSON.stringify(config)};\nexport default config;\n`,
    );
    const { stdout } = await start('run', '--dry-run', '--format', 'json', '--no-controls');
    expect(JSON.parse(stdout)).toMatchObject({ cells: 1 });
    expect((await start('render', 'code-writer@1.0', 'word-count')).stdout).toContain('Count the words');
    expect(await readdir(join(folder, 'build/cupel'))).toContain('.gitignore');
  });
});

describe('cupel list', () => {
  test('says of each run what came out, and takes no unfinished run for the latest', async () => {
    await start('init');
    const grade = (verdict: string, score: number | null) => ({ verdict, score });
    const cells = [{ prompt: 'p@1', scenario: 's', model: 'recorded', repeat: 1 }];
    const results = { run: { cells, shard: { index: 1, of: 2 } }, grades: [grade('pass', 1), grade('ungraded', null)] };
    await mkdir(join(folder, 'reports/runs/2026-01-01T00-00-00.000-default'), { recursive: true });
    await mkdir(join(folder, 'reports/runs/2026-01-02T00-00-00.000-default'), { recursive: true });
    await writeFile(join(folder, 'reports/runs/2026-01-01T00-00-00.000-default/results.json'), JSON.stringify(results));
    const { stdout } = await start('list');
    expect(stdout).toContain(
      '  2026-01-01T00-00-00.000-default  1 pass, 1 ungraded  score 1.000  recorded  shard 1/2\n',
    );
    expect(stdout).toContain('  2026-01-02T00-00-00.000-default  not finished: cupel run --resume goes on');
    // it is the finished one that is read, and this one has too little to be shown
    expect((await start('report', 'latest')).stderr).toContain('2026-01-01T00-00-00.000-default');
  });
});
