import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const cupel = resolve('src/cli/cupel');
const answer = '`app.py`\n\n```python\nx = 1\n```\n';
const records = (...values: unknown[]): string =>
  values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cupel-extract-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const extract = (words: string[], input?: string) =>
  execa(cupel, ['extract', ...words], { reject: false, ...(input === undefined ? {} : { input }) });
const lines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

describe('cupel extract --explain', () => {
  test('says of every block what named it, from which line, and why it is what it is', async () => {
    const path = join(folder, 'answer.md');
    await writeFile(path, `${answer}\nRun it:\n\n\`\`\`bash\npython app.py\n\`\`\`\n`);
    const { stdout, exitCode } = await extract([path, '--explain']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('by the code span on line 1: "`app.py`"');
    expect(stdout).toContain('block 2  lines 9 to 11  bash  shell');
  });
});

describe('cupel extract --jsonl', () => {
  test('prints one result a line, with the id and the shape of --format json', async () => {
    const path = join(folder, 'answers.jsonl');
    await writeFile(
      path,
      records({ id: 'one', answer, model: 'any' }, '', { id: 2, answer: 'prose with \u2028 in it' }),
    );
    const { stdout, exitCode } = await extract(['--jsonl', path]);
    expect(exitCode).toBe(0);
    expect(lines(stdout)).toMatchObject([
      {
        id: 'one',
        flags: [],
        blocks: [{ line: 3, language: 'python', role: 'file', path: 'app.py', named_by: 'code-span', name_line: 1 }],
        projects: [{ language: 'python', files: [{ path: 'app.py' }] }],
      },
      { id: 2, flags: [{ code: 'no-files' }], blocks: [], projects: [] },
    ]);
  });

  test('reads standard input for -, also without a line end after the last record', async () => {
    const { stdout } = await extract(['--jsonl', '-'], records({ id: 'é', answer }).trimEnd());
    expect(lines(stdout)).toMatchObject([{ id: 'é' }]);
  });

  test.each([
    [
      'no JSON',
      '{"id": "b", ',
      /standard input:2: expected a JSON object with id and answer on one line, found text that is not JSON/,
    ],
    ['no object', '7', /:2: .*found no object/],
    ['without an answer', '{"id":"b"}', /:2: .*found answer that is missing/],
    ['with an answer that is no text', '{"id":"b","answer":3}', /:2: .*found answer that is no string/],
    ['without an id', '{"answer":""}', /:2: .*found id that is missing/],
  ])(
    'a record that is %s ends with status 2 and its line; what was printed stays valid',
    async (_what, bad, message) => {
      const { stdout, stderr, exitCode } = await extract(
        ['--jsonl', '-'],
        records({ id: 'a', answer }, bad, { id: 'c', answer }),
      );
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(message);
      expect(lines(stdout)).toMatchObject([{ id: 'a' }]);
    },
  );

  test.each([
    ['neither an answer nor records', [], /found neither/],
    ['both', ['a.md', '--jsonl', '-'], /found an answer too/],
    ['records and a folder', ['--jsonl', '-', '--out', 'x'], /found --out too/],
    [
      'a file that is not there',
      ['--jsonl', 'nothing.jsonl'],
      /nothing.jsonl: expected a file of JSON Lines, found no such file/,
    ],
  ])('%s ends with status 2', async (_what, words, message) => {
    const { stderr, exitCode } = await extract(words, '');
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});
