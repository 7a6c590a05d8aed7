import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { checkResultSchema } from '../domain/check.ts';
import type { VerdictCache } from '../contract/verdicts.ts';
import { writeJson } from './atomic.ts';
import { hashOf } from './hash.ts';

const entrySchema = z.strictObject({
  key: z.string(),
  outcome: checkResultSchema.omit({ id: true }),
  /** Hash of key and outcome: an entry that was torn or changed is not believed. */
  seal: z.string(),
});

const sealOf = (key: string, outcome: unknown): string => hashOf(['verdict', key, outcome]);

/** Verdicts as files `<state>/verdicts/<first two>/<key>.json`. */
export function diskVerdicts(state: string): VerdictCache {
  const pathOf = (key: string): string => join(state, 'verdicts', key.slice(0, 2), `${key}.json`);
  return {
    async get(key) {
      try {
        const entry = entrySchema.parse(JSON.parse(await readFile(pathOf(key), 'utf8')));
        return entry.key === key && entry.seal === sealOf(key, entry.outcome) ? entry.outcome : null;
      } catch {
        return null; // none, or damaged: the check runs again
      }
    },
    put: (key, outcome) => writeJson(pathOf(key), { key, outcome, seal: sealOf(key, outcome) }),
  };
}

/** `--no-cache`: knows nothing, keeps nothing. */
export const noVerdicts: VerdictCache = {
  get: () => Promise.resolve(null),
  put: () => Promise.resolve(),
};
