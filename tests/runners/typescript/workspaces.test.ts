import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import { readReport } from '../../../runners/shared/report.ts';
import { readDeclared } from '../../../runners/typescript/declared.ts';
import { lockSchema } from '../../../runners/typescript/environment.ts';
import { isMember } from '../../../runners/typescript/workspaces/members.ts';
import { installedTogether } from '../../../runners/typescript/workspaces/together.ts';

const file = (path: string, text: string): AnswerFile => ({ path, text, line: 1, lines: [], namedBy: 'code-span' });

describe('a workspace', () => {
  const members = (files: Readonly<Record<string, string>>): string[] => {
    const all = Object.entries(files).map(([path, text]) => file(path, text));
    return all.map(({ path }) => path).filter((path) => isMember(path, all));
  };
  const packages = { 'packages/a/package.json': '{}', 'packages/b/package.json': '{}', 'other/package.json': '{}' };

  test.each<[string, Readonly<Record<string, string>>, string[]]>([
    ['by folders', { 'package.json': '{ "workspaces": ["./packages/a/"] }' }, ['packages/a/package.json']],
    [
      'by patterns, as yarn writes them',
      { 'package.json': '{ "workspaces": { "packages": ["packages/*", "!packages/b"] } }' },
      ['packages/a/package.json'],
    ],
    [
      'by patterns, as pnpm has them',
      { 'package.json': '{}', 'pnpm-workspace.yaml': 'packages:\n  - packages/**\n' },
      ['packages/a/package.json', 'packages/b/package.json'],
    ],
    ['of settings alone', { 'package.json': '{}', 'pnpm-workspace.yaml': 'onlyBuiltDependencies:\n  - esbuild\n' }, []],
    ['that cannot be read', { 'package.json': '{}', 'pnpm-workspace.yaml': 'packages: [' }, []],
    ['that is something else', { 'package.json': '{ "workspaces": 1 }', 'pnpm-workspace.yaml': '[1]' }, []],
  ])('%s has its packages', (_what, files, expected) => {
    expect(members({ ...files, ...packages })).toEqual(expected);
  });

  test('declares what its packages declare, and its own packages come from nowhere else', () => {
    const files = Object.entries({
      'package.json': '{ "workspaces": ["a", "b"], "devDependencies": { "zod": "^3.0.0" } }',
      'pnpm-workspace.yaml': 'packages: [a, b]\ncatalog:\n  express: ^4.0.0\n',
      'a/package.json': '{ "name": "@own/a", "version": "1.2.0", "dependencies": { "express": "catalog:" } }',
      'b/package.json': '{ "dependencies": { "@own/a": "workspace:^", "c": "file:../c" } }',
    }).map(([path, text]) => file(path, text));
    const { manifest, members: of, requirements, refused } = readDeclared({ language: 'typescript', root: '.', files });
    expect(manifest).toMatchObject({ workspaces: ['a', 'b'], devDependencies: { zod: '^3.0.0' } });
    expect(of).toMatchObject({
      a: { name: '@own/a', version: '1.2.0', dependencies: { express: '^4.0.0' } },
      b: { name: 'b', dependencies: { '@own/a': '*' } },
    });
    expect(requirements.map(({ name }) => name).toSorted()).toEqual(['express', 'zod']);
    expect(refused).toMatchObject([{ text: 'c: file:../c', file: 'b/package.json' }]);
  });
});

describe('a package.json', () => {
  const together = (manifests: Readonly<Record<string, string>>): string | null => {
    const files = Object.entries(manifests).map(([path, text]) => file(path, text));
    const own = files.filter(({ path }) => path.startsWith('a/'));
    return installedTogether({ project: { language: 'typescript', root: 'a', files: own }, files });
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
