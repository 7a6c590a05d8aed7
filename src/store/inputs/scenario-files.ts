/** Files of the user's repository that a scenario names; their texts become part of the scenario. */
import { readFile, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { parse as parseToml, stringify as stringifyToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { Scenario } from '../../domain/grading/scenario.ts';
import { UsageError } from '../../domain/usage-error.ts';

/** Where a scenario names a file: the scenario's folder, relative to the root of the project. */
interface Naming {
  folder: string;
  root: string;
  /** The key of scenario.yaml, for messages: `languages.python.standardsFrom.ruff`. */
  key: string;
}

/**
 * The text of a file that a scenario names, relative to its own folder. Rejects with `UsageError` when there is no such
 * file.
 */
export async function readNamedFile(path: string, { folder, root, key }: Naming): Promise<string> {
  const where = `${join(folder, 'scenario.yaml')}: ${key}`;
  const full = join(root, folder, path);
  try {
    return await readFile(full, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(
      `${where}: expected a file that can be read, found ${code} at ${join(folder, path)}. ` +
        "Paths count from the scenario's folder; correct the path, or add the file.",
    );
  }
}

/** Fills in the texts of the files that the checks of a scenario name. Rejects with `UsageError`. */
export async function readCheckFiles({ checks }: Scenario, folder: string, root: string): Promise<void> {
  for (const check of checks.commands ?? []) {
    const key = `checks.commands.${check.id}.files`;
    for (const path of check.files) {
      const name = basename(path);
      if (Object.hasOwn(check.texts, name))
        throw new UsageError(
          `${join(folder, 'scenario.yaml')}: ${key}: expected names that differ, found ${name} twice.`,
        );
      check.texts[name] = await readNamedFile(path, { folder, root, key });
    }
  }
}

/** Files in and below a folder: text by path from the folder, in order. Empty where there is no such folder. */
async function textsBelow(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = paths.sort().map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** Fills in the tests in `hidden/<language>/` beside a scenario. */
export async function readHiddenTests({ languages }: Scenario, folder: string, root: string): Promise<void> {
  for (const [language, asked] of Object.entries(languages)) {
    const texts = await textsBelow(join(root, folder, 'hidden', language));
    if (Object.keys(texts).length > 0) asked.hidden = { ...asked.hidden, ...texts };
  }
}

/** A text as TOML, JSON or YAML, by the ending of the name that it gets; others are not looked into. */
function parsed(name: string, text: string): unknown {
  if (name.endsWith('.toml')) return parseToml(text);
  if (name.endsWith('.json')) return JSON.parse(text);
  return name.endsWith('.yaml') ? parseYaml(text) : null;
}

const pyprojectSchema = z.looseObject({ tool: z.looseObject({ ruff: z.record(z.string(), z.unknown()) }) });

/** What Ruff reads of a `pyproject.toml`, as the `ruff.toml` that says the same. */
function ruffOf(text: string): string {
  const read = pyprojectSchema.safeParse(parseToml(text));
  if (!read.success) throw new Error('there is no table [tool.ruff]');
  return stringifyToml(read.data.tool.ruff);
}

/**
 * Fills in the configurations for which a scenario names files of the repository. Rejects with `UsageError`, also for a
 * file that cannot be parsed.
 */
export async function readConfigurationFiles({ languages }: Scenario, folder: string, root: string): Promise<void> {
  for (const [language, asked] of Object.entries(languages)) {
    for (const [name, path] of Object.entries(asked.configurationFiles ?? {})) {
      const key = `languages.${language}.configurationFiles.${name}`;
      const text = await readNamedFile(path, { folder, root, key });
      try {
        const isPyproject = name === 'ruff.toml' && basename(path) === 'pyproject.toml';
        asked.configuration[name] = isPyproject ? ruffOf(text) : text;
        parsed(name, asked.configuration[name]);
      } catch (error) {
        const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
        throw new UsageError(
          `${join(folder, 'scenario.yaml')}: ${key}: expected a configuration that can be read, found ${why} in ${path}.`,
        );
      }
    }
  }
}
