import { describe, expect, test } from 'vitest';
import type { Project } from '../../../src/domain/grading/project.ts';
import { readDeclared } from '../../../runners/typescript/declared.ts';

function project(files: Record<string, string>): Project {
  return {
    language: 'typescript',
    root: '.',
    files: Object.entries(files).map(([path, text]) => ({ path, text, line: 1, lines: [], namedBy: 'code-span' })),
  };
}

describe('what a package.json declares', () => {
  test.each<[string, object]>([
    ['of a version', { diff: '4.0.4' }],
    ['of what is declared', { jest: '$jest' }],
    ['for one package alone', { 'ts-node': { '.': '^10.9.2', diff: { semver: '^7.0.0' } } }],
  ])('may hold overrides %s', (_what, overrides) => {
    const { refused, manifest } = readDeclared(
      project({ 'package.json': JSON.stringify({ devDependencies: { jest: '^29.7.0' }, overrides }) }),
    );
    expect({ refused, overrides: manifest?.['overrides'] }).toEqual({ refused: [], overrides });
  });

  test.each<[string, object]>([
    ['from a repository', { diff: 'github:nobody/diff' }],
    ['from a URL, for one package alone', { 'ts-node': { diff: 'https://example.com/diff.tgz' } }],
    ['of no kind', { 'ts-node': [1] }],
  ])('may not hold overrides %s', (_what, overrides) => {
    expect(readDeclared(project({ 'package.json': JSON.stringify({ overrides }) })).refused).toMatchObject([
      { text: 'overrides', line: 1 },
    ]);
  });
});

test('a package that users may bring along or not is not installed', () => {
  const json = {
    peerDependencies: { ioredis: '^5.0.0', react: '^18.0.0' },
    peerDependenciesMeta: { ioredis: { optional: true } },
  };
  const { requirements, manifest } = readDeclared(project({ 'package.json': JSON.stringify(json) }));
  expect(requirements.map(({ name }) => name)).toEqual(['react']);
  expect(manifest?.['peerDependencies']).toEqual({ react: '^18.0.0' });
});

describe('an .npmrc', () => {
  const usual = 'registry.npmjs.test';

  test.each([
    `registry=https://${usual}/`,
    `registry = "https://${usual}"`,
    `@types:registry=https://${usual}/`,
    'save-exact=true',
  ])('may say %s', (line) => {
    expect(readDeclared(project({ '.npmrc': `${line}\n` })).refused).toEqual([]);
  });

  test.each([
    'registry=https://npm.example.com/',
    `@own:registry=https://example.com/${usual}/`,
    `registry=https://${usual}.example.com/`,
  ])('may not say %s', (line) => {
    expect(readDeclared(project({ '.npmrc': `save-exact=true\n${line}\n` })).refused).toMatchObject([
      { text: line, line: 2 },
    ]);
  });
});
