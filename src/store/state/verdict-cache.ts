import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { checkResultSchema } from '../../domain/grading/check.ts';
import type { Outcome } from '../../domain/grading/check.ts';
import type { VerdictCache } from '../../ports/verdicts.ts';
import { writeJson } from '../files/atomic.ts';
import { hashOf } from '../files/hash.ts';

const entrySchema = z.strictObject({
  key: z.string(),
  outcome: checkResultSchema.omit({ id: true }),
  /** Hash of key and outcome: an entry that was torn or changed is not believed. */
  seal: z.string(),
});

const sealOf = (key: string, outcome: unknown): string => hashOf(['verdict', key, outcome]);

function believed(text: string, key: string): Outcome | null {
  try {
    const entry = entrySchema.parse(JSON.parse(text));
    return entry.key === key && entry.seal === sealOf(key, entry.outcome) ? entry.outcome : null;
  } catch {
    return null;
  }
}

/** Verdicts on disk. */
export interface DiskVerdicts extends VerdictCache {
  /** Whether a verdict was put since the start. */
  grown(): boolean;
}

/**
 * Verdicts as files `<state>/verdicts/<first two>/<key>.json`; `note` is told of damaged ones, and of a disk that takes
 * no more.
 */
export function diskVerdicts(state: string, note: (text: string) => void = () => {}): DiskVerdicts {
  const pathOf = (key: string): string => join(state, 'verdicts', key.slice(0, 2), `${key}.json`);
  let grown = false;
  let refused = false;
  return {
    async get(key) {
      const path = pathOf(key);
      const text = await readFile(path, 'utf8').catch(() => null);
      if (text === null) return null;
      const outcome = believed(text, key);
      if (outcome === null) note(`the verdict in ${path} is damaged; its check runs again`);
      else await utimes(path, new Date(), new Date()).catch(() => {}); // used: it is removed late, if it can be noted
      return outcome;
    },
    async put(key, outcome) {
      try {
        await writeJson(pathOf(key), { key, outcome, seal: sealOf(key, outcome) });
        grown = true;
      } catch (error) {
        // The verdict stands, it is only not known next time.
        if (!refused) note(`verdicts cannot be kept, so their checks will run again: ${(error as Error).message}`);
        refused = true;
      }
    },
    grown: () => grown,
  };
}

/** `--no-cache`: knows nothing, keeps nothing. */
export const noVerdicts: DiskVerdicts = {
  get: () => Promise.resolve(null),
  put: () => Promise.resolve(),
  grown: () => false,
};
