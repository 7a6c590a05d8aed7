/** What `cupel list` says of runs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { verdicts } from '../domain/grading/grade.ts';
import type { Verdict } from '../domain/grading/grade.ts';
import { manifestSchema } from '../domain/runs/run.ts';
import type { Shard } from '../domain/runs/run.ts';
import { RunStore, runIds } from '../store/runs/run-store.ts';

/** A run in short. */
export interface ListedRun {
  id: string;
  /** Whether it has results; one that was interrupted has none. */
  finished: boolean;
  models: string[];
  /** Which part of a plan it ran; null for all of it. */
  shard: Shard | null;
  /** How many answers have each verdict; null where it is not finished, or its results cannot be read. */
  verdicts: Record<Verdict, number> | null;
  /** The mean of the scores of the answers that have one; null where none has. */
  score: number | null;
}

const resultsSchema = z.object({
  run: manifestSchema.pick({ shard: true, cells: true }),
  grades: z.array(z.object({ verdict: z.enum(verdicts), score: z.number().nullable() })),
});

async function listed(root: string, id: string): Promise<ListedRun> {
  const text = await readFile(join(new RunStore(root, id).folder, 'results.json'), 'utf8').catch(() => null);
  const unread = { id, finished: text !== null, models: [], shard: null, verdicts: null, score: null };
  if (text === null) return unread;
  const parsed = resultsSchema.safeParse(valueOf(text));
  if (!parsed.success) return unread;
  const { run, grades } = parsed.data;
  const scores = grades.map(({ score }) => score).filter((score) => score !== null);
  const count = (verdict: Verdict): number => grades.filter((grade) => grade.verdict === verdict).length;
  return {
    ...unread,
    models: [...new Set(run.cells.map(({ model }) => model).filter((model) => model !== null))],
    shard: run.shard ?? null,
    verdicts: { pass: count('pass'), fail: count('fail'), ungraded: count('ungraded') },
    score: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
  };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The runs of a project, the oldest first. */
export async function listRuns(root: string): Promise<ListedRun[]> {
  const runs: ListedRun[] = [];
  for (const id of await runIds(root)) runs.push(await listed(root, id)); // one after the other: each can be large
  return runs;
}

/** A run in a line: `2026-…-default  2 pass, 1 fail  score 0.93  recorded`. */
export function runLine({ id, finished, models, shard, verdicts: counts, score }: ListedRun): string {
  const parts = Object.entries(counts ?? {})
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`);
  return [
    id,
    !finished ? 'not finished: cupel run --resume goes on' : counts === null ? 'cannot be read' : parts.join(', '),
    ...(score === null ? [] : [`score ${score.toFixed(3)}`]),
    ...(models.length === 0 ? [] : [models.join(', ')]),
    ...(shard === null ? [] : [`shard ${shard.index}/${shard.of}`]),
  ].join('  ');
}
