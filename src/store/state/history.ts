/**
 * What checks took in earlier runs, by scenario and check. It orders work and foretells its end, and has no say in any
 * verdict.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { withoutRoot } from '../../domain/grading/check-id.ts';
import { writeJson } from '../files/atomic.ts';
import { waitForLock } from '../files/lock.ts';

const usedSchema = z.strictObject({
  /** Seconds of wall-clock time, newer ones weighing more. */
  seconds: z.number().nonnegative(),
  /** MiB at the peak. */
  memoryMiB: z.number().nonnegative(),
});
const fileSchema = z.strictObject({ format: z.literal(1), checks: z.record(z.string(), usedSchema) });

export type Used = z.infer<typeof usedSchema>;

/** What earlier runs tell. */
export interface History {
  /** What a check of a scenario will probably use; null when none like it has run. */
  expected(scenario: string | null, check: string): Used | null;
  /** Notes what one used. */
  learn(scenario: string | null, check: string, used: Used): void;
  /** Keeps what was learnt beside what other processes learn. */
  save(): Promise<void>;
}

/** The key under which the time of a check is kept, whatever project of the answer it looked at. */
const keyOf = (scenario: string | null, check: string): string => `${scenario ?? ''} ${withoutRoot(check)}`;

async function read(path: string): Promise<Record<string, Used>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8'))).checks;
  } catch {
    return {}; // none yet, or damaged: it is learnt again
  }
}

function joined(before: Used | undefined, now: Used): Used {
  if (before === undefined) return now;
  return { seconds: (before.seconds + now.seconds) / 2, memoryMiB: Math.max(now.memoryMiB, before.memoryMiB * 0.9) };
}

/** The history in `<state>/history/checks.json`. */
export async function diskHistory(state: string): Promise<History> {
  const path = join(state, 'history', 'checks.json');
  const earlier = await read(path);
  const learnt = new Map<string, Used>();
  return {
    // A scenario that never ran is foretold by the last one that did.
    expected: (scenario, check) => earlier[keyOf(scenario, check)] ?? earlier[keyOf(null, check)] ?? null,
    learn(scenario, check, used) {
      for (const key of new Set([keyOf(scenario, check), keyOf(null, check)]))
        learnt.set(key, joined(learnt.get(key) ?? earlier[key], used));
    },
    async save() {
      if (learnt.size === 0) return;
      const lock = await waitForLock(join(state, 'locks', 'history'), 'exclusive', () => {});
      try {
        await writeJson(path, { format: 1, checks: { ...(await read(path)), ...Object.fromEntries(learnt) } });
      } finally {
        lock.release();
      }
      learnt.clear();
    },
  };
}
