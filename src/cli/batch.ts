import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedCell } from '../domain/grading/question.ts';
import { UsageError } from '../domain/usage-error.ts';
import { counted } from '../formats/words.ts';
import { Batches } from '../providers/anthropic/batches.ts';
import type { Wanted } from '../providers/anthropic/batches.ts';
import type { Claude } from '../providers/anthropic/index.ts';
import type { Budget } from '../providers/policies/budget.ts';
import { systemClock } from '../providers/policies/clock.ts';
import { diskBatches } from '../store/state/batch-records.ts';
import { takeLock } from '../store/files/lock.ts';
import { exit } from './exit.ts';
import { retryPolicyOf } from './models.ts';
import type { Models } from './models.ts';
import { printJson } from './output.ts';
import type { OutputOptions } from './output.ts';
import type { Services } from './services.ts';

/** Batches are half the price. */
const FACTOR = 0.5;

/** Works on the batches of a state folder, one process at a time. */
async function withBatches<T>(
  models: Models,
  { state, signal }: Services,
  work: (batches: Batches) => Promise<T>,
): Promise<T> {
  const folder = join(state.folder, 'batches');
  await mkdir(folder, { recursive: true });
  const lock = await takeLock(join(folder, 'lock'), `the batches of ${state.folder}`);
  const { settings } = models.service('anthropic');
  const effects = {
    records: diskBatches(state.folder),
    cache: models.cache,
    priceOf: (model: string) => models.priceOf(model),
    retry: retryPolicyOf(settings),
    clock: systemClock,
  };
  try {
    return await work(new Batches(models.anthropicPlace(), effects, signal));
  } finally {
    lock.release();
  }
}

function wantedOf(cells: readonly PlannedCell[], models: Models): Wanted[] {
  return cells.map((planned) => {
    const model = planned.cell.model ?? '';
    if (!model.startsWith('anthropic:'))
      throw new UsageError(`--batch: expected models as anthropic:<model>, found ${model}; choose with --model.`);
    const claude = models.live(model) as Claude;
    return { key: models.keyOf(planned, claude), request: planned.request, claude };
  });
}

/** As many of the wanted answers as the budget can bear in the worst case. */
async function affordable(wanted: readonly Wanted[], budget: Budget, { signal }: Services): Promise<Wanted[]> {
  const left = { costUsd: budget.costUsd ?? Infinity, tokens: budget.tokens ?? Infinity };
  const chosen: Wanted[] = [];
  for (const want of wanted) {
    const { tokens, costUsd } = await want.claude.worstCase(want.request, signal);
    left.tokens -= tokens ?? 0;
    left.costUsd -= (costUsd ?? 0) * FACTOR;
    if (left.tokens < 0 || left.costUsd < 0) break;
    chosen.push(want);
  }
  return chosen;
}

/** `--batch submit`: what is neither known nor submitted. Status 3 when the budget does not bear all of it. */
export async function submitBatches(
  cells: readonly PlannedCell[],
  models: Models,
  wired: Services,
  budget: Budget,
  { format }: OutputOptions,
): Promise<number> {
  const all = wantedOf(cells, models);
  return withBatches(models, wired, async (batches) => {
    const wanted = await batches.missing(all);
    const chosen = await affordable(wanted, budget, wired);
    const made = await batches.submit(chosen);
    const left = wanted.length - chosen.length;
    const sent = made.map(({ batch, requests }) => ({ id: batch, requests: Object.keys(requests).length }));
    const asked = chosen.length - sent.reduce((sum, { requests }) => sum + requests, 0);
    if (format === 'json') printJson({ batches: sent, unaffordable: left, asked });
    else
      for (const { id, requests } of sent)
        process.stderr.write(`cupel: submitted ${counted(requests, 'request')} as ${id}\n`);
    if (wanted.length === 0)
      process.stderr.write('cupel: nothing to submit: every answer is known or submitted already\n');
    if (asked > 0)
      process.stderr.write(`cupel: ${counted(asked, 'request')} not submitted: another run is asking for the same\n`);
    if (left > 0)
      process.stderr.write(
        `cupel: ${counted(left, 'request')} not submitted: the budget does not bear them; submit again with a larger --budget\n`,
      );
    return left > 0 ? exit.unmeasured : exit.held;
  });
}

/** `--batch collect`: false when the service is still at it. */
export function collectBatches(models: Models, wired: Services): Promise<boolean> {
  return withBatches(models, wired, async (batches) => {
    const waiting = await batches.collect();
    for (const { batch } of waiting)
      process.stderr.write(`cupel: batch ${batch} has not ended; collect again later (a batch takes up to a day)\n`);
    return waiting.length === 0;
  });
}

/** Waits for all batches and collects them. */
export function waitForBatches(models: Models, wired: Services): Promise<void> {
  const { pollSeconds } = models.service('anthropic').settings;
  return withBatches(models, wired, (batches) =>
    batches.wait(pollSeconds * 1000, (waiting) =>
      process.stderr.write(
        `cupel: waiting for ${waiting.map(({ batch }) => batch).join(', ')}; stop at will, cupel run --batch goes on\n`,
      ),
    ),
  );
}
