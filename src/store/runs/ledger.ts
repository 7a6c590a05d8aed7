import { z } from 'zod';
import type { Ledger } from '../../ports/answers.ts';
import type { Use } from '../../ports/provider.ts';
import { appendLine, mendJournal, readLines } from '../files/journal.ts';

const useSchema = z.strictObject({ tokens: z.number().nullable(), costUsd: z.number().nullable() });
const lineSchema = z.union([
  z.strictObject({ at: z.string(), call: z.string(), model: z.string(), request: z.string(), atMost: useSchema }),
  z.strictObject({ at: z.string(), call: z.string(), used: useSchema }),
]);

/** What the calls of earlier starts used; one without an end counts with the most that it could use. */
async function spentIn(path: string): Promise<Use> {
  const calls = new Map<string, Use>();
  // A line torn by a crash is that of a call that was not sent, or of an end that is then taken for unknown.
  for (const line of (await readLines(path)).lines) {
    const entry = lineSchema.safeParse(line).data;
    if (entry !== undefined) calls.set(entry.call, 'used' in entry ? entry.used : entry.atMost);
  }
  const sum = (kind: keyof Use): number => [...calls.values()].reduce((total, use) => total + (use[kind] ?? 0), 0);
  return { tokens: sum('tokens'), costUsd: sum('costUsd') };
}

/** The ledger of a run, one line for the begin of each call and one for its end. */
export async function diskLedger(path: string): Promise<{ ledger: Ledger; earlier: Use }> {
  const earlier = await spentIn(path);
  await mendJournal(path);
  const at = (): string => new Date().toISOString();
  return {
    earlier,
    ledger: {
      begin: (call, { model, request, atMost }) => appendLine(path, { at: at(), call, model, request, atMost }),
      end: (call, used) => appendLine(path, { at: at(), call, used }),
    },
  };
}
