import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Scenario } from '../../src/domain/grading/scenario.ts';
import { UsageError } from '../../src/domain/usage-error.ts';
import { Library } from '../../src/store/inputs/library.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Loads the scenario of a project that has these files and these lines in it. */
function load(lines: string, files: Record<string, string> = {}): Promise<Scenario> {
  const root = mkdtempSync(join(tmpdir(), 'cupel-scenario-files-'));
  folders.push(root);
  const scenario = `id: s\nvariables: {}\n${lines}`;
  for (const [path, text] of Object.entries({ ...files, 'evals/s/scenario.yaml': scenario })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return new Library(root).scenario('s');
}

const python = (files: string): string =>
  `languages: { python: { runtime: '3.11', configurationFiles: { ${files} } } }\n`;

describe('files that a scenario names', () => {
  test('are taken from the repository, and become a part of the scenario', async () => {
    const { languages } = await load(python('ruff.toml: ../../pyproject.toml, mypy.ini: ../../tools/mypy.ini'), {
      'pyproject.toml': '[project]\nname = "x"\n[tool.ruff]\nline-length = 100\n[tool.ruff.lint]\nselect = ["E"]\n',
      'tools/mypy.ini': '[mypy]\nstrict = True\n',
    });
    expect(languages['python']?.configuration).toEqual({
      'ruff.toml': 'line-length = 100\n\n[lint]\nselect = [ "E" ]\n',
      'mypy.ini': '[mypy]\nstrict = True\n',
    });
  });

  test.each([
    ['is missing', 'ruff.toml: ../../ruff.toml', /configurationFiles\.ruff\.toml: .*found ENOENT at ruff\.toml/],
    [
      'is broken',
      'ruff.toml: ../../broken.toml',
      /expected a configuration that can be read, found .* in \.\.\/\.\.\/b/,
    ],
    ['says nothing of the tool', 'ruff.toml: ../../pyproject.toml', /no table \[tool\.ruff\]/],
  ])('are refused aloud where one %s', async (_what, files, message) => {
    const loading = load(python(files), { 'broken.toml': 'a = = b\n', 'pyproject.toml': '[project]\n' });
    await expect(loading).rejects.toThrow(UsageError);
    await expect(loading).rejects.toThrow(message);
  });

  test('of a check are found beside the scenario, which may have a list of checks', async () => {
    const checks = 'languages: {}\nchecks: [{ id: own, command: sh /check/own.sh, reads: exit, files: [own.sh] }]\n';
    const { checks: read } = await load(checks, { 'evals/s/own.sh': 'true\n' });
    expect(read.commands).toMatchObject([{ id: 'own', texts: { 'own.sh': 'true\n' }, weight: 1, required: false }]);
    await expect(load(checks)).rejects.toThrow(/checks\.commands\.own\.files: expected a file that can be read/);
  });

  test.each([
    ['another kind of report', 'id: own, command: x, reads: tap', /checks\.commands\.0\.reads: expected exit or sarif/],
    ['one id twice', 'id: own, command: x, reads: exit}, {id: own, command: y, reads: exit', /found own twice/],
    ['no command', 'id: own, reads: exit', /checks\.commands\.0\.command/],
  ])('checks with %s are refused', async (_what, written, message) => {
    await expect(load(`languages: {}\nchecks: [{ ${written} }]\n`)).rejects.toThrow(message);
  });
});
