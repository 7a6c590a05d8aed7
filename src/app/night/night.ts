/** A night: every model of a suite is asked anew, compared with its baseline, and followed from night to night. */
import type { Comparison } from '../../domain/runs/comparison.ts';
import { defaultGate } from '../../domain/runs/gate.ts';
import type { Gate } from '../../domain/runs/gate.ts';
import type { Night, Suspicion } from '../../domain/runs/night.ts';
import type { Suite } from '../../domain/runs/suite.ts';
import type { RunSummary } from '../../domain/runs/summary.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import { ALPHA } from '../../compare/directed.ts';
import { NotComparableError, match } from '../../compare/match.ts';
import { BUDGET, confirms, levelOf, suspect } from '../../compare/nights/drift.ts';
import { quarantined } from '../../compare/nights/flaky.ts';
import { readBaseline } from '../../store/runs/baselines.ts';
import { appendNight, readNights, readQuarantine } from '../../store/runs/nights.ts';
import { compareSides } from '../compare.ts';
import { summaryOf } from '../gate.ts';
import { plannedSummary } from '../gates/check.ts';
import { planRun } from '../plan.ts';
import type { PlannedRun } from '../plan.ts';
import { runPlanned } from '../run.ts';
import type { Services } from '../services/services.ts';
import { bridge, otherGrader } from './bridge.ts';
import { pruneRuns } from './retention.ts';
import { seriesNight, seriesOf } from './series.ts';
import type { Series } from './series.ts';

export interface NightRequest {
  suite: string;
  models: readonly string[];
  repeats?: number | undefined;
  budgetUsd?: number | undefined;
  /** False alarms a month that are allowed, over all models and all that is followed. */
  alarms?: number | undefined;
  /** Only keep the history: there is no baseline yet. */
  withoutBaseline: boolean;
  /** Runs of nights that are kept; all when absent. */
  keep?: number | undefined;
}

/** What came of a night. */
export interface NightOutcome {
  night: Night;
  comparisons: { model: string; prompt: string; comparison: Comparison }[];
  /** Scenarios that ran and could not gate; those whose quarantine is over or was too long, which gate. */
  quarantine: ReturnType<typeof quarantined>;
  removed: string[];
}

const NO_SIDES = { prompt: null, model: null, common: false } as const;

/** The part of a baseline that belongs to a series. */
const baselineOf = (baseline: RunSummary, { model, prompt }: Series): RunSummary => ({
  ...baseline,
  cells: baseline.cells.filter(({ cell }) => cell.model === model && (cell.prompt ?? 'none') === prompt),
});

const without = (run: RunSummary, scenarios: ReadonlySet<string>): RunSummary => ({
  ...run,
  cells: run.cells.filter(({ cell }) => !scenarios.has(cell.scenario ?? '')),
});

/** Looks every baseline up, and compares the planned cells with it, before anything is paid. */
async function baselineFor(planned: PlannedRun, { withoutBaseline }: NightRequest): Promise<RunSummary | null> {
  const { suite, cells, services } = planned;
  const recorded = cells.find(({ cell }) => cell.model === 'recorded');
  if (recorded !== undefined)
    throw new UsageError(
      'night: expected models that can be asked anew, found recorded, whose answers are the same every night; choose ' +
        'with --model.',
    );
  if (withoutBaseline) return null;
  const baseline = await readBaseline(services.root, suite.id);
  for (const series of seriesOf(plannedSummary(suite.id, cells))) {
    const base = baselineOf(baseline, series);
    const how = `Run the suite with it, and promote that run (cupel baseline promote <run> --name ${suite.id}); or --no-baseline only keeps the history.`;
    if (base.cells.length === 0)
      throw new UsageError(
        `night: expected answers of ${series.model} to ${series.prompt} in the baseline ${suite.id}, found none. ${how}`,
      );
    try {
      match(base, series.summary, NO_SIDES, defaultGate);
    } catch (error) {
      if (error instanceof NotComparableError)
        throw new UsageError(`night: ${series.model} and its baseline ${suite.id}: ${error.message} ${how}`);
      throw error;
    }
  }
  return baseline;
}

async function comparedWith(
  services: Services,
  suite: Suite,
  base: RunSummary,
  series: Series,
  count: number,
  left: ReadonlySet<string>,
): Promise<Comparison> {
  const gate: Gate = { ...(suite.gate ?? defaultGate) };
  return compareSides(services, {
    names: { base: `baseline:${suite.id}`, head: series.summary.run },
    runs: { base: without(baselineOf(base, series), left), head: without(series.summary, left) },
    sides: NO_SIDES,
    gate,
    // The chance of a false "worse" is that of the night, not that of each model.
    alpha: ALPHA / count,
  });
}

/** Asks the models of what is suspected once more, and says which suspicions their fresh answers confirm. */
async function confirmed(
  services: Services,
  request: NightRequest,
  suspicions: readonly Suspicion[],
  histories: (suspicion: Suspicion) => Night['series'],
  listener: RunListener,
): Promise<{ suspicions: Night['suspicions']; spentUsd: number }> {
  if (suspicions.length === 0) return { suspicions: [], spentUsd: 0 };
  const planned = await planRun(services, {
    suite: request.suite,
    models: [...new Set(suspicions.map(({ model }) => model))],
    repeats: request.repeats,
    budgetUsd: request.budgetUsd,
    askAgain: true,
    withoutGate: true,
  });
  const { results, usage } = await runPlanned(planned, listener);
  const fresh = seriesOf(await summaryOf(services.root, results.run.id));
  return {
    spentUsd: usage.costUsd,
    suspicions: suspicions.map((suspicion) => {
      const series = fresh.find(({ model, prompt }) => model === suspicion.model && prompt === suspicion.prompt);
      const nights = histories(suspicion);
      const holds =
        series !== undefined && confirms(nights, suspicion, seriesNight(series, nights.at(-1), false, null));
      return { ...suspicion, confirmed: holds };
    }),
  };
}

/** Runs a night. Throws `UsageError` for what can be refused before anything is asked. */
export async function night(
  services: Services,
  request: NightRequest,
  listener: RunListener = {},
): Promise<NightOutcome> {
  const { suite: id, models, repeats, budgetUsd } = request;
  const planned = await planRun(services, { suite: id, models, repeats, budgetUsd, askAgain: true, withoutGate: true });
  const suite = await services.library.suite(id);
  const baseline = await baselineFor(planned, request);
  const day = new Date().toISOString().slice(0, 10);
  const quarantine = quarantined(await readQuarantine(services.root), day);
  const { nights } = await readNights(services.root, id);

  const { results, usage } = await runPlanned(planned, listener);
  const summary = await summaryOf(services.root, results.run.id);
  const last = nights.at(-1);
  const changed = last !== undefined && otherGrader(last, summary);
  const bridged = changed ? await bridge(services, last, listener) : null;
  const broken = changed && (bridged === null || bridged.changed > 0);

  const all = seriesOf(summary);
  const comparisons: NightOutcome['comparisons'] = [];
  if (baseline !== null)
    for (const series of all) {
      const { model, prompt } = series;
      try {
        const comparison = await comparedWith(services, suite, baseline, series, all.length, quarantine.holds);
        comparisons.push({ model, prompt, comparison });
      } catch (error) {
        // One model that cannot be compared tonight takes nothing from the others, nor from the history.
        if (!(error instanceof NotComparableError)) throw error;
        services.notify({ kind: 'warning', text: `night: ${model} is not compared: ${error.message}` });
      }
    }
  const historyOf = ({ model, prompt }: { model: string; prompt: string }): Night['series'] =>
    nights.flatMap(({ series }) => series.filter((one) => one.model === model && one.prompt === prompt));
  const tonight = all.map((series) => {
    const made = comparisons.find(({ model, prompt }) => model === series.model && prompt === series.prompt);
    return seriesNight(series, historyOf(series).at(-1), broken, made?.comparison ?? null);
  });
  const level = levelOf(tonight.length, request.alarms ?? BUDGET);
  const whole = (series: { model: string; prompt: string }): Night['series'] => [
    ...historyOf(series),
    ...tonight.filter(({ model, prompt }) => model === series.model && prompt === series.prompt),
  ];
  const suspicions = tonight.flatMap((series) => suspect(whole(series), level));
  const answered = await confirmed(services, request, suspicions, whole, listener);
  const made: Night = {
    format: 1,
    at: new Date().toISOString(),
    run: results.run.id,
    suite: id,
    grader: summary.grader,
    tools: summary.tools,
    bridge: bridged,
    series: tonight,
    suspicions: answered.suspicions,
    spentUsd: usage.costUsd + answered.spentUsd,
  };
  await appendNight(services.root, made);
  const removed = request.keep === undefined ? [] : await pruneRuns(services.root, id, request.keep);
  return { night: made, comparisons, quarantine, removed };
}
