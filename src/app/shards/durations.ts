import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { durationsSchema } from '../../domain/runs/plan.ts';
import type { Durations } from '../../domain/runs/plan.ts';
import type { Results } from '../../domain/runs/run.ts';
import { writeAtomically } from '../../store/files/atomic.ts';
import { parseJson } from '../../store/files/yaml.ts';
import { RunStore } from '../../store/runs/run-store.ts';

const PATH = 'evals/durations.json';

/**
 * Seconds by scenario that a project wrote down; null where it did not. Throws `UsageError` for a file that does not
 * fit its schema.
 */
export async function readDurations(root: string): Promise<Durations['seconds'] | null> {
  let text: string;
  try {
    text = await readFile(join(root, PATH), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return parseJson(durationsSchema, text, PATH).seconds;
}

/** The mean of what the answers of each scenario took in some runs: seconds of CPU time, at least a tenth. */
export function secondsOf(runs: readonly Pick<Results, 'grades'>[]): Durations['seconds'] {
  const graded = runs.flatMap(({ grades }) => grades).filter(({ verdict }) => verdict !== 'ungraded');
  const byScenario = [...Map.groupBy(graded, ({ cell }) => cell.scenario ?? '')].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return Object.fromEntries(
    byScenario.map(([scenario, grades]) => {
      const milliseconds = grades
        .flatMap(({ checks }) => checks.flatMap(({ evidence }) => evidence))
        .reduce((sum, { cpuMs }) => sum + cpuMs, 0);
      return [scenario, Math.max(0.1, Math.round(milliseconds / grades.length / 100) / 10)];
    }),
  );
}

/** A file of durations that was written. */
export interface KeptDurations {
  path: string;
  seconds: Durations['seconds'];
}

/**
 * Writes what the answers of some runs took beside what is written of other scenarios. Throws `UsageError` for a run
 * that is not finished.
 */
export async function keepDurations(root: string, runs: readonly string[]): Promise<KeptDurations> {
  const results = await Promise.all(runs.map((run) => new RunStore(root, run).results()));
  const merged = { ...(await readDurations(root)), ...secondsOf(results) };
  const seconds = Object.fromEntries(Object.entries(merged).sort(([one], [other]) => (one < other ? -1 : 1)));
  const path = join(root, PATH);
  await writeAtomically(path, `${JSON.stringify({ format: 1, seconds } satisfies Durations, null, 1)}\n`);
  return { path, seconds };
}
