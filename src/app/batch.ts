import { makeFolder } from '../store/files/atomic.ts';
import { join } from 'node:path';
import { UsageError } from '../domain/usage-error.ts';
import { Batches } from '../providers/anthropic/batches.ts';
import type { Wanted } from '../providers/anthropic/batches.ts';
import type { Claude } from '../providers/anthropic/index.ts';
import type { Budget } from '../providers/policies/budget.ts';
import { systemClock } from '../providers/policies/clock.ts';
import { diskBatches } from '../store/state/batch-records.ts';
import { takeLock } from '../store/files/lock.ts';
import { anthropicPlace } from './models/configuration.ts';
import { retryPolicyOf } from './models/models.ts';
import type { PlannedRun } from './plan.ts';

/** Answers of batches cost half the usual price. */
const PRICE_FACTOR = 0.5;

/** What was submitted, and what was not. */
export interface Submitted {
  batches: { id: string; requests: number }[];
  /** Requests that the budget does not cover. */
  unaffordable: number;
  /** Requests that another run is asking for at this moment. */
  askedElsewhere: number;
  /** Whether all answers are there or submitted already. */
  nothingMissing: boolean;
}

/** Works on the batches of a state folder, one process at a time. */
async function withBatches<T>(
  { services: { state, signal }, models }: PlannedRun,
  work: (batches: Batches) => Promise<T>,
): Promise<T> {
  const folder = join(state.folder, 'batches');
  await makeFolder(folder);
  const lock = await takeLock(join(folder, 'lock'), `the batches of ${state.folder}`);
  const effects = {
    records: diskBatches(state.folder),
    cache: models.cache,
    priceOf: (model: string) => models.configuration.price(model),
    retry: retryPolicyOf(models.configuration.service('anthropic')),
    clock: systemClock,
  };
  try {
    return await work(new Batches(anthropicPlace(), effects, signal));
  } finally {
    lock.release();
  }
}

function wantedOf({ cells, models }: PlannedRun): Wanted[] {
  return cells.map((planned) => {
    const model = planned.cell.model ?? '';
    if (!model.startsWith('anthropic:'))
      throw new UsageError(`--batch: expected models as anthropic:<model>, found ${model}; choose with --model.`);
    const claude = models.live(model) as Claude; // what the prefix stands for
    return { key: models.keyOf(planned, claude), request: planned.request, claude };
  });
}

/** As many of the wanted answers as the budget covers in the worst case. */
async function affordable(wanted: readonly Wanted[], budget: Budget, signal: AbortSignal): Promise<Wanted[]> {
  const remaining = { costUsd: budget.costUsd ?? Infinity, tokens: budget.tokens ?? Infinity };
  const chosen: Wanted[] = [];
  for (const want of wanted) {
    const { tokens, costUsd } = await want.claude.worstCase(want.request, signal);
    remaining.tokens -= tokens ?? 0;
    remaining.costUsd -= (costUsd ?? 0) * PRICE_FACTOR;
    if (remaining.tokens < 0 || remaining.costUsd < 0) break;
    chosen.push(want);
  }
  return chosen;
}

/** Submits what is neither kept nor submitted, as far as the budget covers it. */
export async function submitBatches(run: PlannedRun): Promise<Submitted> {
  const all = wantedOf(run);
  return withBatches(run, async (batches) => {
    const wanted = await batches.missing(all);
    const chosen = await affordable(wanted, run.budget, run.services.signal);
    const submitted = (await batches.submit(chosen)).map(({ batch, requests }) => ({
      id: batch ?? '',
      requests: Object.keys(requests).length,
    }));
    return {
      batches: submitted,
      unaffordable: wanted.length - chosen.length,
      askedElsewhere: chosen.length - submitted.reduce((sum, { requests }) => sum + requests, 0),
      nothingMissing: wanted.length === 0,
    };
  });
}

/** Takes the answers of batches that have ended; false when the service is still at some. */
export function collectBatches(run: PlannedRun): Promise<boolean> {
  return withBatches(run, async (batches) => {
    const pending = (await batches.collect()).map(({ batch }) => batch ?? '');
    if (pending.length > 0) run.services.notify({ kind: 'batches-pending', batches: pending, waiting: false });
    return pending.length === 0;
  });
}

/** Waits until all batches have ended, and takes their answers. */
export function waitForBatches(run: PlannedRun): Promise<void> {
  const { pollSeconds } = run.models.configuration.service('anthropic');
  return withBatches(run, (batches) =>
    batches.wait(pollSeconds * 1000, (open) =>
      run.services.notify({ kind: 'batches-pending', batches: open.map(({ batch }) => batch ?? ''), waiting: true }),
    ),
  );
}
