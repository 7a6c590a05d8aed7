/** Files of the user's repository that a scenario names; their texts become part of the scenario. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
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
