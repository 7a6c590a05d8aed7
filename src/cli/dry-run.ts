import type { PlannedCell } from '../domain/grading/question.ts';
import { ProviderError } from '../ports/provider.ts';
import type { Use } from '../ports/provider.ts';
import type { Models } from './models.ts';

/** What a run would ask of one model. */
interface Outlook {
  cells: number;
  /** Answers that are kept from earlier runs. */
  known: number;
  /** Answers that a batch is at. */
  pending: number;
  calls: number;
  /** Of all calls, if each is made once; null where it is not known. */
  atMost: Use;
  /** Why it is not known. */
  unknown: string | null;
  priceDate: string | null;
}

const add = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

async function outlookOf(
  model: string,
  cells: readonly PlannedCell[],
  models: Models,
  signal: AbortSignal,
): Promise<Outlook> {
  const outlook: Outlook = {
    cells: cells.length,
    known: 0,
    pending: 0,
    calls: 0,
    atMost: { tokens: 0, costUsd: 0 },
    unknown: null,
    priceDate: models.priceOf(model) === null ? null : models.priceDate(model),
  };
  const live = models.live(model);
  if (live === null) return outlook;
  const seen = new Set<string>();
  for (const planned of cells) {
    const key = models.keyOf(planned, live);
    if ((await models.cache.get(key)) !== null || seen.has(key)) outlook.known += 1;
    else if ((await models.cache.pending(key)) !== null) outlook.pending += 1;
    else {
      outlook.calls += 1;
      const unknown: Use = { tokens: null, costUsd: null };
      const use =
        outlook.unknown !== null
          ? unknown
          : await live.worstCase(planned.request, signal).catch((error: unknown) => {
              if (!(error instanceof ProviderError)) throw error;
              outlook.unknown = error.message;
              return unknown;
            });
      outlook.atMost = {
        tokens: add(outlook.atMost.tokens, use.tokens),
        costUsd: add(outlook.atMost.costUsd, use.costUsd),
      };
    }
    seen.add(key);
  }
  return outlook;
}

function inWords(model: string, { cells, known, pending, calls, atMost, unknown, priceDate }: Outlook): string {
  const cost = atMost.costUsd === null ? 'cost unknown' : `at most $${atMost.costUsd.toFixed(2)}`;
  const tokens = atMost.tokens === null ? 'size unknown' : `at most ${atMost.tokens} tokens`;
  const waiting = pending === 0 ? '' : `, ${pending} in a batch`;
  const why = unknown === null ? '' : `\n  ${unknown}`;
  if (model === 'recorded') return `${model}: ${cells} cells, replayed`;
  return `${model}: ${cells} cells, ${known} known${waiting}, ${calls} calls: ${cost}, ${tokens}${priceDate === null ? '' : ` (prices of ${priceDate})`}${why}`;
}

/** What a run would ask for, and what it can cost; no model is asked for an answer. */
export async function dryRun(
  cells: readonly PlannedCell[],
  models: Models,
  signal: AbortSignal,
): Promise<{ json: { models: Record<string, Outlook> }; text: string }> {
  const byModel = Map.groupBy(cells, ({ cell }) => cell.model ?? '');
  const outlooks: Record<string, Outlook> = {};
  for (const [model, its] of byModel) outlooks[model] = await outlookOf(model, its, models, signal);
  const lines = Object.entries(outlooks).map(([model, outlook]) => `${inWords(model, outlook)}\n`);
  const asked = Object.values(outlooks).some(({ calls }) => calls > 0);
  const note = asked
    ? 'Each call is counted once; one that breaks off may be paid and repeated. --budget is never exceeded.\n'
    : '';
  return { json: { models: outlooks }, text: `${lines.join('')}${note}` };
}
