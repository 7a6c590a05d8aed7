import { join } from 'node:path';
import { cellKey } from '../domain/grading/cell.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { PlannedCell } from '../domain/grading/question.ts';
import type { AbsoluteGate } from '../domain/runs/absolute.ts';
import type { Comparison } from '../domain/runs/comparison.ts';
import type { Controls, Results } from '../domain/runs/run.ts';
import type { RunListener } from '../ports/run-listener.ts';
import { Account } from '../providers/policies/budget.ts';
import { generate } from '../stages/2-generate/generate.ts';
import { diskLedger } from '../store/runs/ledger.ts';
import { execute } from './cells/execute.ts';
import type { CellJob } from './cells/job.ts';
import { controlRun } from './controls.ts';
import { absoluteOf, gatedComparison, summaryOf } from './gate.ts';
import { planRun } from './plan.ts';
import type { PlannedRun, RunRequest } from './plan.ts';
import type { Services } from './services/services.ts';
import { plannedHashes } from './shards/whole-plan.ts';
import { untilSettled } from './until-settled.ts';

/** What the answers of a run were asked for, and what they used. */
export interface RunUsage {
  /** Answers that models were asked for, and answers that were kept from earlier runs. */
  asked: number;
  cached: number;
  /** Used by all starts of the run; a call whose end is not known counts with the most that it could use. */
  tokens: number;
  costUsd: number;
  /** Calls whose cost is not known. */
  unpriced: number;
}

/** What came of a run. */
export interface RunOutcome {
  results: Results;
  /** The comparison that decides the suite's gate; null where the suite names nothing to compare with. */
  comparison: Comparison | null;
  /** What the absolute parts of the suite's gate say; null where it has none, and of a shard. */
  absolute: AbsoluteGate | null;
  /** The grades without those of answers that were to be added and could not be had. */
  settled: readonly Grade[];
  usage: RunUsage;
}

function jobOf(planned: PlannedCell, { models, suite }: PlannedRun): CellJob {
  const { cell, prompt, request, scenario } = planned;
  const model = cell.model ?? '';
  return {
    cell,
    judging: { scenario, sections: prompt.sections ?? [], parts: prompt.parts, assumptions: [] },
    languages: Object.keys(scenario.languages),
    planned: plannedHashes(planned, models.configuration),
    lots: null,
    testsCatch: suite.tests_catch,
    answer: (signal) => generate({ cell, prompt, request, scenario }, models.provider(model), signal),
  };
}

/** Takes cells to their grades, as a new run or as a part of the run `resume`. */
function start(
  planned: PlannedRun,
  cells: readonly PlannedCell[],
  listener: RunListener,
  resume: string | undefined,
  controls: Controls | undefined,
): Promise<Results> {
  const jobs = cells.map((cell) => jobOf(cell, planned));
  return execute(planned.services, planned.suite.id, jobs, listener, {
    resume,
    growing: planned.mostAdded !== null,
    controls,
    plan: { whole: planned.whole(cells), shard: planned.shard.of > 1 ? planned.shard : null },
    async begun(folder) {
      const { ledger, earlier } = await diskLedger(join(folder, 'spending.ndjson'));
      planned.account = new Account(planned.budget, ledger, earlier);
    },
  });
}

function usageOf({ models: { tally }, account }: PlannedRun): RunUsage {
  const { tokens, costUsd } = account?.spent ?? { tokens: 0, costUsd: 0 };
  return { ...tally, tokens, costUsd, unpriced: account?.unpriced ?? 0 };
}

const absoluteGateOf = async ({ services, suite }: PlannedRun, results: Results): Promise<AbsoluteGate | null> =>
  absoluteOf(suite, await summaryOf(services.root, results.run.id));

/** Runs what is planned: answers, grades, reports, and the suite's gate. */
export async function runPlanned(planned: PlannedRun, listener: RunListener = {}): Promise<RunOutcome> {
  const { services, suite, shard, mostAdded } = planned;
  const controls = await controlRun(services, suite, planned.cells, planned.request.withoutControls === true);
  const first = await start(planned, planned.cells, listener, planned.request.resume, controls);
  if (mostAdded !== null) {
    const grow = async (wanted: ReadonlySet<string>, repeats: number): Promise<Results> => {
      const cells = (await planned.replan(repeats)).filter(({ cell }) => wanted.has(cellKey(cell)));
      return start(planned, cells, listener, first.run.id, controls);
    };
    const settled = await untilSettled(services, suite, first, mostAdded, grow, listener);
    return { ...settled, absolute: await absoluteGateOf(planned, settled.results), usage: usageOf(planned) };
  }
  // A shard is a part of a run: its gate is decided when all shards are merged.
  const comparison = shard.of > 1 ? null : await gatedComparison(services, suite, first, listener);
  const absolute = shard.of > 1 ? null : await absoluteGateOf(planned, first);
  return { results: first, comparison, absolute, settled: first.grades, usage: usageOf(planned) };
}

/** Runs a suite: asks its models (or replays recordings), grades every answer, writes the reports, decides the gate. */
export async function run(services: Services, request: RunRequest, listener: RunListener = {}): Promise<RunOutcome> {
  return runPlanned(await planRun(services, request), listener);
}
