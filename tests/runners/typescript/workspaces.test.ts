import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import { readReport } from '../../../runners/shared/report.ts';
import { readDeclared } from '../../../runners/typescript/declared.ts';
import { lockSchema } from '../../../runners/typescript/environment.ts';
import { installedTogether } from '../../../runners/typescript/workspaces.ts';

const file = (path: string, text: string): AnswerFile => ({ path, text, line: 1, lines: [], namedBy: 'code-span' });

describe('a pnpm-workspace.yaml', () => {
  test.each([
    [
      'that names packages makes workspaces',
      'packages:\n  - apps/*\n',
      "pnpm-workspace.yaml makes workspaces of the answer's packages",
    ],
    ['of settings alone makes none', 'onlyBuiltDependencies:\n  - esbuild\n', null],
    ['that is empty makes none', '', null],
    [
      'that cannot be read may make some',
      'packages: [',
      "pnpm-workspace.yaml makes workspaces of the answer's packages",
    ],
  ])('%s', (_what, text, why) => {
    const files = [file('package.json', '{}'), file('pnpm-workspace.yaml', text)];
    expect(installedTogether({ project: { language: 'typescript', root: '.', files }, files })).toBe(why);
  });
});

describe('a package.json', () => {
  const together = (manifests: Readonly<Record<string, string>>): string | null => {
    const files = Object.entries(manifests).map(([path, text]) => file(path, text));
    return installedTogether({ project: { language: 'typescript', root: 'a', files }, files });
  };

  test.each([
    ['asks for another of the answer', '{ "dependencies": { "b": "1" } }', 'it depends on packages of the answer (b)'],
    ['asks for none', '{ "dependencies": { "c": "1" } }', null],
    ['asks for nothing', '{}', null],
    ['has something else in place of packages', '{ "dependencies": [null], "devDependencies": "b" }', null],
    ['is null', 'null', null],
    ['is a list', '["b"]', null],
    ['cannot be read', '{ "dependencies": {', null],
    ['asks for the names that objects have of themselves', '{ "dependencies": { "__proto__": "1" } }', null],
  ])('that %s', (_what, text, why) => {
    expect(together({ 'a/package.json': text, 'b/package.json': '{ "name": "b" }' })).toBe(why);
  });

  test('of whatever JSON never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        together({ 'package.json': text, 'a/package.json': text });
        readDeclared({ language: 'typescript', root: 'a', files: [file('a/package.json', text)] });
      }),
    );
  });
});

test.each(['toolchain', 'environment'])('the lock of the %s is read', (folder) => {
  const lock = readFileSync(`runners/typescript/${folder}/package-lock.json`, 'utf8');
  expect(readReport(lockSchema, lock)?.packages.get('node_modules/typescript')?.version).toMatch(/^\d/);
});
