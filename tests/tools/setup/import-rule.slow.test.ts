import { basename, dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lintPlanted } from '../../support/planted.ts';

/** An import that the rule forbids: the folder that imports, and the module or file that it may not import. */
const forbidden: readonly (readonly [from: string, to: string])[] = [
  ['src/domain', 'src/ports/x.ts'],
  ['src/domain', 'src/formats/x.ts'],
  ['src/domain', 'src/app/x.ts'],
  ['src/domain', 'node:fs'],
  ['src/domain', 'path'],
  ['src/domain', 'execa'],
  ['src/ports', 'node:fs/promises'],
  ['src/ports', 'src/stages/x.ts'],
  ['src/ports', 'zod'],
  ['src/formats', 'src/ports/x.ts'],
  ['src/formats', 'src/stages/x.ts'],
  ['src/formats', 'node:child_process'],
  ['src/stages', 'execa'],
  ['src/stages', 'tmp'],
  ['src/stages', 'undici'],
  ['src/stages', 'node:fs'],
  ['src/stages', 'src/store/x.ts'],
  ['src/stages', 'src/compare/x.ts'],
  ['src/stages', 'runners/python/x.ts'],
  ['src/compare', 'node:fs'],
  ['src/compare', 'src/formats/x.ts'],
  ['src/compare', 'src/reporters/x.ts'],
  ...effectFolders().flatMap((from) => [
    ...effectFolders()
      .filter((to) => to !== from)
      .map((to) => [from, `${to}/x.ts`] as const),
    [from, 'src/stages/x.ts'] as const,
    [from, 'src/app/x.ts'] as const,
    [from, 'src/cli/x.ts'] as const,
    [from, 'src/index.ts'] as const,
    [from, 'runners/index.ts'] as const,
    [from, 'tests/support/x.ts'] as const,
  ]),
  ['src/store/files', 'src/store/runs/x.ts'],
  ['src/store/files', 'src/store/state/x.ts'],
  ['src/store/runs', 'src/store/inputs/x.ts'],
  ['src/store/state', 'src/store/inputs/x.ts'],
  ['src/store/inputs', 'src/store/state/x.ts'],
  ['src/store/state', 'src/app/x.ts'],
  ['runners', 'src/stages/x.ts'],
  ['runners', 'src/store/x.ts'],
  ['runners', 'src/cli/x.ts'],
  ['runners', 'tests/conformance/x.ts'],
  ['src/app', 'src/cli/x.ts'],
  ['src/app', 'tests/support/x.ts'],
  ['src/app', 'tools/bench/x.ts'],
  ['src/cli', 'tests/support/x.ts'],
  ['src/cli', 'tools/setup/x.ts'],
  ['src/cli', '/etc/x.ts'],
  ['src/cli', 'file:///etc/x.ts'],
];

/** Imports that the rule allows. */
const allowed: readonly (readonly [from: string, to: string])[] = [
  ['src/domain', 'src/domain/other/x.ts'],
  ['src/domain', 'zod'],
  ['src/ports', 'src/domain/x.ts'],
  ['src/formats', 'src/domain/x.ts'],
  ['src/formats', 'node:crypto'],
  ['src/stages', 'src/ports/x.ts'],
  ['src/stages', 'node:path'],
  ['src/compare', 'src/domain/x.ts'],
  ['src/compare', 'jstat'],
  ...effectFolders().flatMap((from) => [
    [from, 'src/ports/x.ts'] as const,
    [from, `${from}/other/x.ts`] as const,
    [from, 'node:fs'] as const,
    [from, 'execa'] as const,
  ]),
  ['runners', 'src/formats/x.ts'],
  ['runners', 'runners/shared/x.ts'],
  ['src/store/runs', 'src/store/files/x.ts'],
  ['src/store/state', 'src/store/state/x.ts'],
  ['src/app', 'src/store/x.ts'],
  ['src/app', 'src/store/runs/x.ts'],
  ['src/app', 'runners/index.ts'],
  ['src/cli', 'src/app/x.ts'],
  ['tools', 'tests/support/x.ts'],
  ['tests', 'src/cli/x.ts'],
];

function effectFolders(): string[] {
  return ['providers', 'sandbox', 'store', 'reporters', 'queue', 'probe'].map((name) => `src/${name}`);
}

/** Every way to import, on one line, with names of its own. */
const ways: readonly ((specifier: string, n: number) => string)[] = [
  (to, n) => `import { x as x${n} } from '${to}'; export const y${n} = x${n};`,
  (to, n) => `import type { X as X${n} } from '${to}'; export type Y${n} = X${n};`,
  (to, n) => `import { type X as X${n} } from '${to}'; export type Y${n} = X${n};`,
  (to, n) => `import * as x${n} from '${to}'; export const y${n} = x${n};`,
  (to) => `import '${to}';`,
  (to, n) => `export { x as x${n} } from '${to}';`,
  (to, n) => `export type { X as X${n} } from '${to}';`,
  (to) => `export * from '${to}';`,
  (to, n) => `export const y${n} = () => import('${to}');`,
  (to, n) => `export const y${n} = () => import(\`${to}\`);`,
  (to, n) => `export type Y${n} = import('${to}').X;`,
  (to, n) => `import x${n} = require('${to}'); export const y${n} = x${n};`,
  (to, n) => `export const y${n} = require('${to}');`,
];

/** Where a file of the folder may lie. */
const depths = ['', 'nested', 'nested/more'];

/** Path of a planted file -> its lines, each an import. */
const planted = new Map<string, string[]>();
/** `path:line` of what the linter refused. */
let refused = new Set<string>();

/** The specifiers by which a file in `folder` reaches `to`: the shortest one, and detours. */
function specifiers(folder: string, to: string): string[] {
  if (!/^(?:src|runners|tests|tools)\//.test(to)) return [to];
  const short = relative(folder, to);
  return [short.startsWith('.') ? short : `./${short}`, `./${short}`, `../${basename(folder)}/${short}`];
}

/** The file in which the imports of a row are planted. */
const fileOf = (from: string, to: string, depth: string): string =>
  join(from, depth, `imports-${to.replaceAll(/\W/g, '-')}.ts`);

function plant(from: string, to: string): void {
  for (const depth of depths) {
    const path = fileOf(from, to, depth);
    const lines = specifiers(dirname(path), to)
      .flatMap((specifier) => ways.map((way) => [way, specifier] as const))
      .map(([way, specifier], n) => way(specifier, n));
    planted.set(path, lines);
  }
}

/** The imports of a row that the linter refused, or that it accepted, each with its file. */
function importsOf(from: string, to: string, verdict: 'refused' | 'accepted'): string[] {
  return depths.flatMap((depth) => {
    const path = fileOf(from, to, depth);
    return (planted.get(path) ?? [])
      .filter((_line, index) => refused.has(`${path}:${index + 1}`) === (verdict === 'refused'))
      .map((line) => `${path}: ${line}`);
  });
}

beforeAll(async () => {
  for (const [from, to] of [...forbidden, ...allowed]) plant(from, to);
  const complaints = await lintPlanted(new Map([...planted].map(([path, lines]) => [path, `${lines.join('\n')}\n`])));
  refused = new Set(
    complaints.filter(({ rule }) => rule === 'cupel(imports)').map(({ path, line }) => `${path}:${line}`),
  );
}, 120_000);

describe('the import rule', () => {
  test.each(forbidden)('refuses an import of %s -> %s at every depth and in every way', (from, to) => {
    expect(importsOf(from, to, 'accepted')).toEqual([]);
    expect(importsOf(from, to, 'refused').length).toBeGreaterThanOrEqual(ways.length * depths.length);
  });

  test.each(allowed)('accepts an import of %s -> %s', (from, to) => {
    expect(importsOf(from, to, 'refused')).toEqual([]);
    expect(importsOf(from, to, 'accepted').length).toBeGreaterThanOrEqual(ways.length * depths.length);
  });
});
