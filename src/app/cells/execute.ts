import { basename } from 'node:path';
import pLimit from 'p-limit';
import { cellKey } from '../../domain/grading/cell.ts';
import type { WholePlan } from '../../domain/runs/plan.ts';
import type { Controls, Inputs, Manifest, Results, Shard } from '../../domain/runs/run.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import { LocalQueue } from '../../queue/local.ts';
import { hashOf } from '../../store/files/hash.ts';
import type { Lock } from '../../store/files/lock.ts';
import { RunStore } from '../../store/runs/run-store.ts';
import { forecastFor } from '../services/forecast.ts';
import { describeMachine } from '../services/machine.ts';
import { requireSandbox } from '../services/services.ts';
import { planHash } from '../shards/whole-plan.ts';
import type { Services } from '../services/services.ts';
import { gradeCell } from './grade-cell.ts';
import type { OpenRun } from './grade-cell.ts';
import { referenceOf } from './job.ts';
import type { CellJob, GradedCell } from './job.ts';
import { tellAll } from './listeners.ts';
import { publish } from './publish.ts';
import { gradesToKeep } from './resume.ts';
import { toolVersions } from './tool-versions.ts';
import { workThrough } from './workers.ts';

/** Cells that are graded at the same time: enough to keep every lane busy, few enough for the disk. */
const GRADED_AT_ONCE = 8;

/** Cells that wait for their answers meanwhile; how many a service is asked for at once is its own policy. */
const CELLS_AT_ONCE = 256;

/** How a run begins. */
export interface Start {
  /** Id of the interrupted run to go on with. */
  resume?: string | undefined;
  /** Whether it may get more cells than it was started with. */
  growing?: boolean | undefined;
  /** The answers with known verdicts that were graded before. */
  controls?: Controls | undefined;
  /** What was planned, and which part of it this is (null: all); absent where stored answers are graded again. */
  plan?: { whole: WholePlan; shard: Shard | null } | undefined;
  /** What the answers are about, where there is no plan that says it. */
  inputs?: Inputs | undefined;
  /** Done when the run's folder is there and ours, before any model is asked. */
  begun?(folder: string): Promise<void>;
}

/** A name for a run that begins now. */
export function newRunId(suite: string | null, shard: Shard | null = null): string {
  const time = new Date()
    .toISOString()
    .replaceAll(':', '-')
    .replace(/\.(\d+)Z$/, '.$1');
  return `${time}-${suite ?? 'grade'}${shard === null ? '' : `-${shard.index}of${shard.of}`}`;
}

/** Takes jobs to their grades through a queue, except those whose grades are kept already. */
async function gradeAll(run: OpenRun, jobs: readonly CellJob[], grades: Map<string, GradedCell>): Promise<void> {
  const { services, listener } = run;
  const open = new Map(
    jobs.filter(({ cell }) => !grades.has(cellKey(cell))).map((job) => [cellKey(job.cell), job] as const),
  );
  const queue = new LocalQueue();
  await queue.enqueue([...open.values()].map(referenceOf));
  const crew = { workers: Math.min(CELLS_AT_ONCE, open.size), signal: services.signal, stop: services.stop };
  await workThrough<GradedCell>(queue, crew, {
    run({ cell }) {
      const job = open.get(cell);
      if (job === undefined) throw new Error(`the queue gave a cell that is not of this run: ${cell}`);
      return gradeCell(run, job);
    },
    settlement: ({ grade }) => ({ status: 'graded', grade: hashOf(grade) }),
    accepted({ cell }, graded) {
      grades.set(cell, graded);
      listener.cellEnded?.(graded.grade);
    },
  });
}

/** Writes results and reports of a run whose cells are all graded. */
async function finish(
  { services, store, listener }: OpenRun,
  manifest: Manifest,
  grades: ReadonlyMap<string, GradedCell>,
  inputs: Inputs | undefined,
): Promise<Results> {
  const ordered = manifest.cells.flatMap((cell) => grades.get(cellKey(cell)) ?? []);
  const all = ordered.map(({ grade }) => grade);
  const results: Results = {
    format: 1,
    run: { ...manifest, tools: await toolVersions(services.grading, all) },
    ...(inputs === undefined ? {} : { inputs }),
    fingerprints: ordered.map(({ fingerprint }) => fingerprint),
    grades: all,
  };
  await publish(services, store, results, listener);
  return results;
}

/** The models of some jobs that run without protection. */
function exposedModels(jobs: readonly CellJob[]): string[] {
  const exposed = jobs.filter(({ planned }) => planned.settings?.['exposed'] === 'true');
  return [...new Set(exposed.flatMap(({ cell }) => cell.model ?? []))];
}

async function manifestOf(
  services: Services,
  store: RunStore,
  suite: string | null,
  jobs: readonly CellJob[],
  { startedAt, controls, plan, shard }: Pick<Manifest, 'startedAt' | 'controls' | 'plan' | 'shard'>,
): Promise<Manifest> {
  const { driver, level, version } = await requireSandbox(services);
  return {
    format: 1,
    id: basename(store.folder),
    suite,
    startedAt,
    cells: jobs.map(({ cell }) => cell),
    ...(plan === undefined ? {} : { plan }),
    ...(shard === undefined ? {} : { shard }),
    grader: services.grading.graderKey,
    tools: {},
    sandbox: { driver, level, version },
    exposed: exposedModels(jobs),
    ...(controls === undefined ? {} : { controls }),
    machine: describeMachine(),
  };
}

/** Takes cells to their grades, keeps every artifact, and renders the reports. */
export async function execute(
  services: Services,
  suite: string | null,
  jobs: readonly CellJob[],
  given: RunListener,
  { resume, growing = false, controls, plan, inputs, begun }: Start = {},
): Promise<Results> {
  await requireSandbox(services);
  const store = new RunStore(services.root, resume ?? newRunId(suite, plan?.shard ?? null), services.warn);
  const forecast = forecastFor(services, jobs);
  const listener = tellAll([forecast, given], (error) => services.warn(`a listener failed: ${String(error)}`));
  let lock: Lock | null = null;
  try {
    lock = await store.take(resume !== undefined);
    const earlier = resume === undefined ? null : await store.earlier();
    const grades =
      earlier === null ? new Map<string, GradedCell>() : await gradesToKeep(earlier, services, jobs, suite, growing);
    const startedAt = earlier?.manifest.startedAt ?? new Date().toISOString();
    const manifest = await manifestOf(services, store, suite, jobs, {
      startedAt,
      controls,
      plan: plan === undefined ? undefined : planHash(plan.whole),
      shard: plan?.shard ?? undefined,
    });
    await store.start(manifest, plan?.shard === null ? undefined : plan?.whole);
    await begun?.(store.folder);
    listener.timeLeft(() => forecast.secondsLeft());
    listener.runStarted(manifest);
    for (const { grade } of grades.values()) listener.cellEnded(grade);
    const run: OpenRun = { services, store, listener, limit: pLimit(GRADED_AT_ONCE) };
    await gradeAll(run, jobs, grades);
    return await finish(run, manifest, grades, plan?.whole.inputs ?? inputs);
  } catch (error) {
    // What is written stays, whatever stopped us; a run that another process has says so in its `UsageError`.
    if (!(error instanceof UsageError) && store.exists())
      services.notify({ kind: 'run-kept', run: basename(store.folder) });
    throw error;
  } finally {
    lock?.release();
    await services.state.tidy();
  }
}
