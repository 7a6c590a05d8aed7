import type { PlannedCell } from '../domain/grading/question.ts';
import { defaultGate } from '../domain/runs/gate.ts';
import type { Suite } from '../domain/runs/suite.ts';
import { ProviderError } from '../ports/provider.ts';
import type { LiveProvider, Use } from '../ports/provider.ts';
import { outlook } from '../compare/sight.ts';
import type { Outlook } from '../compare/sight.ts';
import { baselineNames, readBaseline } from '../store/runs/baselines.ts';
import { runIds } from '../store/runs/run-store.ts';
import { summaryOf } from './gate.ts';
import type { Models } from './models/models.ts';
import type { PlannedRun } from './plan.ts';

/** What a run would ask of one model. */
export interface ModelEstimate {
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

/** What a run would ask for and cost, and what its answers could decide. */
export interface DryRun {
  models: Record<string, ModelEstimate>;
  cells: number;
  scenarios: number;
  repeats: number;
  /** Share of answers that will probably pass (0 to 1). */
  rate: number;
  outlook: Outlook;
}

const add = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

/** Adds one call to an estimate. What it can use at most is not asked for again where it was not known before. */
async function addCall(
  estimate: ModelEstimate,
  live: LiveProvider,
  { request }: PlannedCell,
  signal: AbortSignal,
): Promise<void> {
  estimate.calls += 1;
  let use: Use = { tokens: null, costUsd: null };
  if (estimate.unknown === null) {
    try {
      use = await live.worstCase(request, signal);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      estimate.unknown = error.message;
    }
  }
  const { tokens, costUsd } = estimate.atMost;
  estimate.atMost = { tokens: add(tokens, use.tokens), costUsd: add(costUsd, use.costUsd) };
}

async function estimateOf(
  model: string,
  cells: readonly PlannedCell[],
  models: Models,
  signal: AbortSignal,
): Promise<ModelEstimate> {
  const estimate: ModelEstimate = {
    cells: cells.length,
    known: 0,
    pending: 0,
    calls: 0,
    atMost: { tokens: 0, costUsd: 0 },
    unknown: null,
    priceDate: models.configuration.price(model) === null ? null : models.configuration.priceDate(model),
  };
  const live = models.live(model);
  if (live === null) return estimate;
  const seen = new Set<string>();
  for (const planned of cells) {
    const key = models.keyOf(planned, live);
    if ((await models.cache.get(key)) !== null || seen.has(key)) estimate.known += 1;
    else if ((await models.cache.pending(key)) !== null) estimate.pending += 1;
    else await addCall(estimate, live, planned, signal);
    seen.add(key);
  }
  return estimate;
}

/**
 * Share of a suite's answers that passed last, in its baseline or its latest finished run; a guess where there is none.
 */
async function latestRate({ id }: Suite, root: string): Promise<number> {
  const ids = (await runIds(root)).filter((run) => run.endsWith(`-${id}`)).toReversed();
  const sources = [
    ...((await baselineNames(root)).includes(id) ? [() => readBaseline(root, id)] : []),
    ...ids.slice(0, 3).map((run) => () => summaryOf(root, run)),
  ];
  for (const source of sources) {
    // A run that is damaged or not finished says nothing here.
    const graded = (await source().catch(() => null))?.cells.filter(({ verdict }) => verdict !== 'ungraded') ?? [];
    if (graded.length > 0) return graded.filter(({ verdict }) => verdict === 'pass').length / graded.length;
  }
  return 0.8;
}

/** What a planned run would ask for and what that can cost, and what its answers can decide; no model is asked. */
export async function dryRun({ services, suite, cells, models }: PlannedRun): Promise<DryRun> {
  const estimates: Record<string, ModelEstimate> = {};
  for (const [model, planned] of Map.groupBy(cells, ({ cell }) => cell.model ?? ''))
    estimates[model] = await estimateOf(model, planned, models, services.signal);
  const planned = {
    scenarios: new Set(cells.map(({ cell }) => cell.scenario)).size,
    repeats: Math.max(1, ...cells.map(({ cell }) => cell.repeat)),
    rate: await latestRate(suite, services.root),
  };
  return {
    models: estimates,
    cells: cells.length,
    ...planned,
    outlook: outlook(planned, suite.gate ?? defaultGate),
  };
}
