/** Packages that an answer whose package.json declares none tells people to install. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { InstallCommand } from '../../src/ports/runner.ts';
import { readKept } from '../shared/report.ts';
import type { Declared } from './declared.ts';
import { isOfRegistry } from './specifiers.ts';

const pinnedSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

/** Name and range of a word such as `zod`, `zod@^3` or `@types/node@20`; null when it is no package of the registry. */
function packageOf(word: string): [string, string] | null {
  const at = word.indexOf('@', 1);
  const [name, range] = at === -1 ? [word, 'latest'] : [word.slice(0, at), word.slice(at + 1)];
  return isOfRegistry(name, range) ? [name, range] : null;
}

/**
 * Adds what commands install to an answer whose package.json declares nothing, beside the pinned environment: of that
 * the newest versions that were there on the answer's day. Commands that only name what is pinned change nothing.
 */
export async function withCommands(
  declared: Declared,
  installs: readonly InstallCommand[],
  assets: string,
): Promise<Declared> {
  if (declared.requirements.length + declared.refused.length + declared.broken.length > 0) return declared;
  const path = join(assets, 'environment', 'package.json');
  const pinned = readKept(pinnedSchema, await readFile(path, 'utf8'), path);
  const versions = { ...pinned.dependencies, ...pinned.devDependencies };
  const requested = installs
    .filter(({ installer }) => installer === 'npm')
    .flatMap(({ packages, line }) => packages.map((word) => ({ line, read: packageOf(word) })))
    .flatMap(({ line, read }) => (read === null ? [] : [{ name: read[0], range: read[1], line }]))
    .filter(({ name, range }) => range !== 'latest' || !Object.hasOwn(versions, name));
  if (requested.length === 0) return declared;
  const usual = Object.entries(versions).map(([name, version]): [string, string] => [name, `<=${version}`]);
  const manifest = {
    name: 'answer',
    version: '0.0.0',
    private: true,
    dependencies: Object.fromEntries([...usual, ...requested.map(({ name, range }) => [name, range] as const)]),
  };
  const requirements = requested.map(({ name, range, line }) => ({
    ...{ name, range, file: null, line: null },
    answerLine: line,
  }));
  return { ...declared, requirements, manifest };
}
