import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decidingFiles, decidingFolders, graderKey } from '../../src/app/services/grader-key.ts';
import { home } from '../../src/app/services/home.ts';

let copy = '';
let before = '';

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'cupel-grader-key-'));
  for (const name of [...decidingFolders, 'package-lock.json'])
    cpSync(join(home, name), join(copy, name), { recursive: true });
  before = await graderKey(copy);
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** The key of the copy while one of its files has another text. */
async function keyWith(path: string, text: string): Promise<string> {
  const file = join(copy, path);
  const was = await readFile(file, 'utf8').catch(() => null);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const key = await graderKey(copy);
  if (was === null) rmSync(file);
  else writeFileSync(file, was);
  return key;
}

describe('the key of the grader', () => {
  test('is that of the code, wherever it lies', async () => {
    expect(await graderKey(home)).toBe(before);
  });

  test.each([
    'tests/runners/python/report.test.ts',
    'tests/conformance/fixtures/report.json',
    'tests/stages/3-extract/recordings.expected.ts',
    'evals/recordings/one.md',
    'src/reporters/html/page.ts',
    'src/app/run.ts',
    'src/cli/main.ts',
    'src/compare/decide.ts',
    'src/domain/runs/run.ts',
    'docs/design/verdicts.md',
  ])('stays the same when %s changes: kept verdicts hold', async (path) => {
    expect(await keyWith(path, 'changed\n')).toBe(before);
  });

  test.each([
    ...decidingFolders.map((folder) => `${folder}/new.ts`),
    'runners/python/checks/tests.ts',
    'runners/typescript/toolchain/package-lock.json',
    'src/stages/5-check/check.ts',
    'src/stages/3-extract/naming/roles.ts',
    'src/domain/grading/check.ts',
    'src/sandbox/bubblewrap.ts',
    'package-lock.json',
  ])('is another when %s changes: every check runs again', async (path) => {
    expect(await keyWith(path, 'changed\n')).not.toBe(before);
  });

  test('depends on the names of files too', async () => {
    const text = await readFile(join(copy, 'runners', 'index.ts'), 'utf8');
    expect(await keyWith('runners/other.ts', text)).not.toBe(await keyWith('runners/another.ts', text));
  });

  test('is made of no test and no fixture', async () => {
    const paths = await decidingFiles(home);
    expect(
      paths.filter((path) => /\.(?:test|spec|expected)\.|(?:^|\/)(?:fixtures?|tests?|specimens)\//.test(path)),
    ).toEqual([]);
  });
});
