/** Runs of nights that nobody needs any more. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../domain/usage-error.ts';
import { baselineNames, readBaseline } from '../../store/runs/baselines.ts';
import { readNights } from '../../store/runs/nights.ts';
import { RunStore, runIds } from '../../store/runs/run-store.ts';

/**
 * Removes the runs of all nights of a suite but the last `keep`. Those of baselines stay, for their answers are graded
 * again when the grader changes; the history stays whole, and runs that were no nights are left alone.
 */
export async function pruneRuns(root: string, suite: string, keep: number): Promise<string[]> {
  if (!Number.isInteger(keep) || keep < 1)
    throw new UsageError(`--keep: expected a number of nights from 1, found ${keep}.`);
  const { nights } = await readNights(root, suite);
  const needed = new Set(nights.slice(-keep).map(({ run }) => run));
  for (const name of await baselineNames(root)) needed.add((await readBaseline(root, name)).run);
  const there = new Set(await runIds(root));
  const old = nights.map(({ run }) => run).filter((run) => there.has(run) && !needed.has(run));
  for (const run of old) {
    const lock = await new RunStore(root, run).take(true);
    try {
      await rm(join(root, 'reports', 'runs', run), { recursive: true, force: true });
    } finally {
      lock.release();
    }
  }
  return old;
}
