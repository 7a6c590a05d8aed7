/** Finds the project that a folder belongs to, and reads its configuration. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import picomatch from 'picomatch';
import { z } from 'zod';
import { configSchema } from '../../domain/project/config.ts';
import type { Config, Project } from '../../domain/project/config.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { parseJson, parseYaml, validated } from '../files/yaml.ts';

/** The names of a configuration; a folder may hold one of them. */
export const configNames: readonly string[] = ['ts', 'mts', 'js', 'mjs', 'json', 'yaml', 'yml'].map(
  (ending) => `cupel.config.${ending}`,
);

const moduleSchema = z.object({ default: z.unknown() });

async function readProgram(file: string): Promise<unknown> {
  try {
    return moduleSchema.parse(await import(pathToFileURL(file).href)).default;
  } catch (error) {
    const reason = error instanceof z.ZodError ? 'it has no default export' : String(error);
    throw new UsageError(
      `${file}: expected a program that exports the configuration (export default { … }), found that it cannot be ` +
        `loaded: ${reason}.`,
      { cause: error },
    );
  }
}

async function readConfig(file: string): Promise<Config> {
  if (/\.m?[jt]s$/.test(file)) return validated(configSchema, await readProgram(file), file);
  const text = await readFile(file, 'utf8');
  if (file.endsWith('.json')) return parseJson(configSchema, text, file);
  return parseYaml(configSchema.prefault({}), text === '' ? '{}' : text, file);
}

/** The configuration in a folder; null when there is none. Throws `UsageError` when there are several. */
function configFileIn(folder: string): string | null {
  const [name, other] = configNames.filter((candidate) => existsSync(join(folder, candidate)));
  if (other !== undefined)
    throw new UsageError(`${folder}: expected one configuration, found ${name} and ${other}; keep one of them.`);
  return name ?? null;
}

/** The folders and files of a project that tell what is asked and how it is judged: models may not see them. */
export function foldersThatTell({ root, config }: Project): string[] {
  const patterns = [...config.prompts, ...config.scenarios, ...config.suites, config.recordings];
  const bases = patterns.map((pattern) => picomatch.scan(pattern).base).filter((base) => base !== '');
  return [...new Set(bases)].map((base) => join(root, base));
}

const hasUsualFolders = (folder: string): boolean =>
  existsSync(join(folder, 'evals')) && existsSync(join(folder, 'prompts'));

/**
 * The project that a folder is in: the nearest folder upwards with a `cupel.config.*`, or with `evals/` and `prompts/`;
 * no further up than the folder of the git repository. Null when there is none. Throws `UsageError` for a
 * configuration that cannot be used.
 */
export async function findProject(from: string): Promise<Project | null> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const configFile = configFileIn(folder);
    if (configFile !== null) return { root: folder, configFile, config: await readConfig(join(folder, configFile)) };
    if (hasUsualFolders(folder)) return projectAt(folder);
    if (folder === dirname(folder) || existsSync(join(folder, '.git'))) return null;
  }
}

/** A folder as a project whose files are in the usual places. */
export const projectAt = (root: string): Project => ({ root, configFile: null, config: configSchema.parse({}) });

/** The error of a command that needs a project, where there is none. */
export const noProject = (from: string): UsageError =>
  new UsageError(
    `${resolve(from)}: expected a project here or in a folder above it (a cupel.config.*, or folders evals/ and ` +
      'prompts/), found none. Make one with: cupel init',
  );
