import { appendFile, mkdir, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { artifactsOf, cupel, differences, runsOf, smallSuite } from '../support/small-suite.ts';
import { rowsOf } from '../support/levels.ts';
import type { SmallSuite } from '../support/small-suite.ts';

let suite: SmallSuite;
let id = '';
let folder = '';
let undisturbed: Record<string, string>;

const start = (...words: string[]) =>
  execa(cupel, [...suite.words, ...words], { cwd: suite.root, env: suite.env, reject: false });
const changed = async (path: string, from: string | RegExp, to: string): Promise<void> => {
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(from);
  await writeFile(path, text.replace(from, to));
};
/** The artifact of the first cell of a kind. */
const first = (kind: string, rest = ''): string => join(folder, kind, `a~tiny%401.0~recorded~r1${rest}`);

beforeAll(async () => {
  suite = await smallSuite();
});
afterAll(() => rm(suite.root, { recursive: true, force: true }));
beforeEach(async () => {
  await rm(join(suite.root, 'reports'), { recursive: true, force: true });
  expect((await start()).exitCode).toBe(0);
  [id = ''] = await runsOf(suite);
  folder = join(suite.root, 'reports', 'runs', id);
  undisturbed = await artifactsOf(suite, id);
});

describe('a finished run', () => {
  test('has nothing to be said or done when it is resumed', async () => {
    const journal = await readFile(join(folder, 'journal.ndjson'), 'utf8');
    expect(await start('--resume', id)).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await readFile(join(folder, 'journal.ndjson'), 'utf8')).slice(journal.length)).not.toContain('graded');
    expect(differences(await artifactsOf(suite, id), undisturbed)).toEqual([]);
  });
});

describe('a damaged artifact is found, said and made again:', () => {
  const damages: [string, () => Promise<unknown>, RegExp][] = [
    [
      'a grade that was changed',
      () => changed(first('grades', '.json'), '"verdict": "pass"', '"verdict": "fail"'),
      /kept of a × tiny@1\.0 × recorded #1 is damaged \(grades\); it is graded again/,
    ],
    ['a grade that is torn', () => truncate(first('grades', '.json'), 100), /kept of a .* is damaged \(grades\)/],
    [
      'an answer that was changed',
      () => changed(first('answers', '.md'), 'Scenario', 'Another'),
      /the answer of a .* is damaged/,
    ],
    [
      'an answer that was changed in both its files',
      async () => {
        for (const ending of ['.md', '.json']) await changed(first('answers', ending), 'Scenario', 'Another');
      },
      /the answer of a .* is damaged/,
    ],
    [
      'evidence that was changed',
      () => changed(first('evidence', '/python_build.json'), '"exitCode": 0', '"exitCode": 1'),
      /kept of a .* is damaged \(evidence\)/,
    ],
    [
      'evidence that is gone',
      () => rm(first('evidence', '/python_tests.json')),
      /kept of a .* is damaged \(evidence\)/,
    ],
    [
      'a file that was changed',
      () => appendFile(first('files', '/adder.py'), '\n'),
      /kept of a .* is damaged \(files\)/,
    ],
    ['a file too many', () => writeFile(first('files', '/more.py'), ''), /kept of a .* is damaged \(files\)/],
    [
      'a resolution that was changed',
      () => changed(first('resolutions', '.json'), '{', '{ '),
      /kept of a .* is damaged \(resolutions\)/,
    ],
    [
      'the manifest that was changed',
      () => changed(join(folder, 'run.json'), '"cores": ', '"cores": 9'),
      /run\.json is damaged/,
    ],
    ['the manifest that is torn', () => truncate(join(folder, 'run.json'), 50), /run\.json is damaged/],
    [
      'a line of the journal that was changed',
      () => changed(join(folder, 'journal.ndjson'), /"score":1/, '"score":0'),
      /line \d+ of \S+journal\.ndjson is damaged/,
    ],
    [
      'a line of the journal that is torn',
      () => appendFile(join(folder, 'journal.ndjson'), '{"event":"graded","cell'),
      /line \d+ of \S+journal\.ndjson is damaged/,
    ],
    ['results that are torn', () => truncate(join(folder, 'results.json'), 100), /^$/],
  ];
  test.each(rowsOf(damages, 'damages', 3))('%s', async (_what, damage, said) => {
    await damage();
    const { exitCode, stderr } = await start('--resume', id);
    expect(stderr).toMatch(said);
    expect(exitCode).toBe(0);
    expect(differences(await artifactsOf(suite, id), undisturbed)).toEqual([]);
  });

  test('what a write that was cut off left is removed', async () => {
    const left = '.0b8bd465-1d15-4f4a-878e-2e8ae0b7500c.tmp';
    for (const path of [
      join(folder, 'results.json'),
      ...['answers', 'grades', 'resolutions'].map((kind) => first(kind, '.json')),
    ])
      await writeFile(`${path}${left}`, '{');
    expect(await start('--resume', id)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(differences(await artifactsOf(suite, id), undisturbed)).toEqual([]);
  });

  test('and where nothing tells what the run was for, it is refused with status 2', async () => {
    for (const name of ['journal.ndjson', 'run.json']) await truncate(join(folder, name), 20);
    const { exitCode, stderr } = await start('--resume', id);
    expect(stderr).toMatch(/run\.json: expected JSON as it was written, found something else; start the suite anew/);
    expect(exitCode).toBe(2);
  });

  test('torn results are refused by cupel report, with the way to make them again', async () => {
    await truncate(join(folder, 'results.json'), 100);
    const { exitCode, stderr } = await execa(cupel, ['report', id], { cwd: suite.root, reject: false });
    expect(stderr).toMatch(/results\.json: expected JSON .* make it again with cupel run --resume/);
    expect(exitCode).toBe(2);
  });
});

describe('known verdicts', () => {
  test('are used when only the words of an answer change: no check runs; a changed line of code runs the checks that read it', async () => {
    const recording = join(suite.root, 'evals', 'recordings', 'a@1.0.r1.md');
    const text = await readFile(recording, 'utf8');
    const ran = (stdout: string): string[] =>
      [...stdout.matchAll(/a × \S+ × recorded #1 {2}(python\/\S+)(?:(?!\(unchanged\)).)*$/gm)]
        .map(([, check = '']) => check)
        .sort();
    await writeFile(recording, text.replace('Scenario a.', 'Other words.'));
    expect(ran((await start()).stdout)).toEqual([]);
    await writeFile(recording, `${text}\n\`README.md\`\n\n\`\`\`markdown\n# Adder\n\`\`\`\n`);
    expect(ran((await start()).stdout)).toEqual([]);
    await writeFile(recording, text.replace('a + b', 'b + a'));
    expect(ran((await start()).stdout)).toEqual(expect.arrayContaining(['python/build', 'python/tests']));
    await writeFile(recording, text);
  });

  test('that are damaged are not believed, and that is said', async () => {
    const verdicts = join(suite.state, 'verdicts');
    for (const [index, part] of (await readdir(verdicts)).entries()) {
      for (const name of await readdir(join(verdicts, part))) {
        const path = join(verdicts, part, name);
        if (index % 2 === 0) await truncate(path, 30);
        else await changed(path, /"score": (?:\d|null)/, '"score": 0.5');
      }
    }
    const { stderr, exitCode } = await start();
    expect(stderr).toMatch(/the verdict in \S+ is damaged; its check runs again/);
    expect(exitCode).toBe(0);
    const [, second = ''] = await runsOf(suite);
    expect(differences(await artifactsOf(suite, second), undisturbed)).toEqual([]);
  });

  test('are not looked at with --no-cache', async () => {
    await rm(join(suite.state, 'verdicts'), { recursive: true });
    await mkdir(join(suite.state, 'verdicts'));
    expect((await start('--no-cache')).stdout).not.toContain('(unchanged)');
    expect(await readdir(join(suite.state, 'verdicts'))).toEqual([]);
  });
});
