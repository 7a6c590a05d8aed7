import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nightSchema, quarantineSchema } from '../../domain/runs/night.ts';
import type { Night, Quarantine } from '../../domain/runs/night.ts';
import { makeFolder } from '../files/atomic.ts';
import { appendLine, mendJournal, readLines } from '../files/journal.ts';
import { takeLock } from '../files/lock.ts';
import { parseYaml } from '../files/yaml.ts';

const folderOf = (root: string): string => join(root, 'reports', 'baselines');
const pathOf = (root: string, suite: string): string => join(folderOf(root), `${suite}.history.ndjson`);

/** The nights of a suite in their order, and the numbers of the lines that say nothing because they are damaged. */
export async function readNights(root: string, suite: string): Promise<{ nights: Night[]; damaged: number[] }> {
  const { lines, damaged } = await readLines(pathOf(root, suite));
  return { nights: lines.flatMap((line) => nightSchema.safeParse(line).data ?? []), damaged };
}

/** Adds a night: one line, whole or not at all, once for each run. */
export async function appendNight(root: string, night: Night): Promise<void> {
  const path = pathOf(root, night.suite);
  await makeFolder(folderOf(root));
  const lock = await takeLock(join(folderOf(root), '.history.lock'), `the history of ${night.suite}`);
  try {
    await mendJournal(path);
    const { nights } = await readNights(root, night.suite);
    if (!nights.some(({ run }) => run === night.run)) await appendLine(path, night);
  } finally {
    lock.release();
  }
}

/** The scenarios that cannot gate for a while; none where there is no such file. Throws `UsageError`. */
export async function readQuarantine(root: string): Promise<Quarantine> {
  const path = join(root, 'evals', 'quarantine.yaml');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? [] : parseYaml(quarantineSchema, text, path);
}
