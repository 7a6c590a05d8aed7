import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Library } from '../../src/store/inputs/library.ts';
import { readSpecimens } from '../../src/store/inputs/specimens.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A project's folder with these files. */
function project(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'cupel-specimens-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const yaml = (specimen: string, reference = '{ answer: s/reference.md }'): string => `
mark: mark-of-this-test-only
date: 2026-11-23
reference: ${reference}
specimens:
  - { id: one, defect: It is wrong., class: behaviour, language: go, fails: [go/tests], ${specimen} }
`;

const read = (specimens: string) =>
  readSpecimens(
    new Library(
      project({ 'evals/s/specimens.yaml': specimens, 'evals/s/reference.md': 'a b c', 'evals/other.md': 'another' }),
    ),
    's',
  );

describe('the specimens of a scenario', () => {
  test('are changes of its reference, which may be mended first', async () => {
    const known = await read(
      yaml('replace: [{ from: b, to: B }]', '{ answer: s/reference.md, replace: [{ from: c, to: C }] }'),
    );
    expect(known?.reference).toBe('a b C');
    expect(known?.specimens.map(({ text }) => text)).toEqual(['a B C']);
  });

  test('may be answers of their own', async () => {
    expect((await read(yaml('answer: other.md')))?.specimens[0]?.text).toBe('another');
  });

  test('are none where there is no file', async () => {
    expect(await readSpecimens(new Library(project({})), 's')).toBeNull();
  });

  test.each([
    ['replaces what is not there', yaml('replace: [{ from: x, to: y }]'), /specimens\.yaml: one: expected "x"/],
    ['names an answer that is not there', yaml('answer: nowhere.md'), /found no file nowhere\.md/],
    ['names an answer outside of evals/', yaml('answer: ../../secret.md'), /expected an answer below evals\//],
    [
      'mends what is not there',
      yaml('', '{ answer: s/reference.md, replace: [{ from: x, to: y }] }'),
      /reference: expected "x"/,
    ],
    ['has a key that nobody knows', yaml('colour: red'), /colour/],
  ])('that %s are refused', async (_, specimens, message) => {
    await expect(read(specimens)).rejects.toThrow(message);
  });
});
