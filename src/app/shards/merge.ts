/** Puts the shards of a run together. */
import { appendFile, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cellKey } from '../../domain/grading/cell.ts';
import { errored } from '../../domain/grading/check.ts';
import { scenarioSchema } from '../../domain/grading/scenario.ts';
import type { Gate } from '../../domain/runs/gate.ts';
import type { WholePlan } from '../../domain/runs/plan.ts';
import type { Controls, Manifest, Results } from '../../domain/runs/run.ts';
import type { Suite } from '../../domain/runs/suite.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import { gradeWithoutAnswer } from '../../stages/pipeline.ts';
import { sha256 } from '../../store/files/hash.ts';
import { diskLedger } from '../../store/runs/ledger.ts';
import { RunStore } from '../../store/runs/run-store.ts';
import { newRunId } from '../cells/execute.ts';
import type { GradedCell } from '../cells/job.ts';
import { publish } from '../cells/publish.ts';
import { absoluteOf, gatedComparison, summaryOf } from '../gate.ts';
import type { RunOutcome } from '../run.ts';
import type { Services } from '../services/services.ts';
import { partOf } from './assign.ts';
import { findRuns } from './find.ts';
import { readShard } from './read.ts';
import type { ReadShard } from './read.ts';
import { refuseOthers } from './together.ts';

/**
 * In what the results of a merged run may differ from those of the same run in one piece, as paths into results.json
 * (`*`: every item). All else is the same, byte for byte.
 */
export const fieldsOfOneRun: readonly string[] = [
  'run.id',
  'run.startedAt',
  'run.machine',
  'fingerprints.*.lots',
  'grades.*.checks.*.evidence.*.durationMs',
  'grades.*.checks.*.evidence.*.cpuMs',
  'grades.*.checks.*.evidence.*.output',
];

/** What to merge. */
export interface MergeRequest {
  /** Ids of runs, folders, or archives. */
  runs: readonly string[];
  /** Count the cells of shards that are missing as ungraded. */
  allowMissing?: boolean | undefined;
}

/** What came of a merged run. */
export interface Merged extends RunOutcome {
  /** The gate of its suite; null where it sets none. */
  gate: Gate | null;
}

/** Each once, in the order in which the plan has their scenarios. */
function controlsOf(shards: readonly ReadShard[], { inputs }: WholePlan): Controls | undefined {
  const all = shards.flatMap(({ results: { run } }) => run.controls ?? []);
  if (all.length === 0) return undefined;
  const union = (kind: keyof Controls): string[] =>
    Object.keys(inputs.scenarios).filter((id) => all.some((controls) => controls[kind].includes(id)));
  return { as_written: union('as_written'), left_out: union('left_out') };
}

function manifestOf(id: string, shards: readonly ReadShard[], first: ReadShard): Manifest {
  const runs = shards.map(({ results }) => results.run);
  const { cells } = first.plan;
  const { suite, plan, grader, sandbox, machine } = first.results.run;
  const exposed = new Set(runs.flatMap((run) => run.exposed));
  const controls = controlsOf(shards, first.plan);
  return {
    format: 1,
    id,
    suite,
    startedAt: runs.map(({ startedAt }) => startedAt).sort()[0] ?? first.results.run.startedAt,
    cells: cells.map(({ cell }) => cell),
    ...(plan === undefined ? {} : { plan }),
    grader,
    tools: Object.fromEntries(
      runs.flatMap(({ tools }) => Object.entries(tools)).sort(([one], [other]) => (one < other ? -1 : 1)),
    ),
    sandbox,
    exposed: [...new Set(cells.flatMap(({ cell }) => cell.model ?? []))].filter((model) => exposed.has(model)),
    ...(controls === undefined ? {} : { controls }),
    machine,
  };
}

/** The grade of a cell whose shard is missing: nothing is known of it. */
async function keepUngraded(
  store: RunStore,
  { inputs }: WholePlan,
  { cell, planned }: WholePlan['cells'][number],
  reason: string,
): Promise<GradedCell> {
  const scenario = scenarioSchema.loose().safeParse(inputs.scenarios[cell.scenario ?? '']).data ?? null;
  const missing = { id: 'answer/received', ...errored({ reason }) };
  const grade = gradeWithoutAnswer(cell, { scenario, sections: [], assumptions: [] }, missing);
  const fingerprint = { ...planned, answer: sha256(''), dependencies: {}, lots: null };
  await store.keepGrade(grade, { answer: sha256(''), projects: {} }, fingerprint, {});
  return { grade, fingerprint };
}

/** The graded cells of all shards in the order of the plan; each is kept in the merged run's folder. */
async function gatherCells(
  store: RunStore,
  shards: readonly ReadShard[],
  missing: readonly number[],
  plan: WholePlan,
  of: number,
): Promise<GradedCell[]> {
  const there = new Map(
    shards.flatMap(({ results: { grades, fingerprints }, store: from }) =>
      grades.flatMap((grade, index) => {
        const fingerprint = fingerprints[index];
        return fingerprint === undefined ? [] : [[cellKey(grade.cell), { grade, fingerprint, from }] as const];
      }),
    ),
  );
  const shardOf = new Map(
    missing.flatMap((index) =>
      partOf(plan.cells, ({ cell }) => cell, { index, of }, plan.seconds).map(
        ({ cell }) => [cellKey(cell), index] as const,
      ),
    ),
  );
  const cells: GradedCell[] = [];
  for (const planned of plan.cells) {
    const key = cellKey(planned.cell);
    const graded = there.get(key);
    if (graded === undefined) {
      const reason = `shard ${shardOf.get(key)}/${of} is missing, so nothing is known of its answers`;
      cells.push(await keepUngraded(store, plan, planned, reason));
    } else {
      await store.adopt(planned.cell, graded.from);
      cells.push({ grade: graded.grade, fingerprint: graded.fingerprint });
    }
  }
  return cells;
}

/** What the answers of all shards used. */
async function joinSpending(store: RunStore, shards: readonly ReadShard[]): Promise<RunOutcome['usage']> {
  const path = join(store.folder, 'spending.ndjson');
  for (const { store: from } of shards) {
    const text = await readFile(join(from.folder, 'spending.ndjson'), 'utf8').catch(() => '');
    if (text !== '') await appendFile(path, text.endsWith('\n') ? text : `${text}\n`);
  }
  const { tokens, costUsd } = (await diskLedger(path)).earlier;
  return { asked: 0, cached: 0, tokens: tokens ?? 0, costUsd: costUsd ?? 0, unpriced: 0 };
}

/**
 * Merges shards into a run with reports of its own, and decides the suite's gate. Throws `UsageError`, by name, for a
 * shard that is missing, there twice, damaged, or part of something else; nothing is written then.
 */
export async function merge(
  services: Services,
  { runs, allowMissing = false }: MergeRequest,
  listener: RunListener = {},
): Promise<Merged> {
  const found = (await Promise.all(runs.map((name) => findRuns(services.root, name)))).flat();
  const shards: ReadShard[] = [];
  for (const each of found) shards.push(await readShard(each));
  const missing = refuseOthers(
    shards.map(({ name, results }) => ({ name, manifest: results.run })),
    allowMissing,
  );
  const ordered = shards.toSorted((one, other) => one.shard.index - other.shard.index);
  const [first] = ordered;
  if (first === undefined) throw new Error('no shard was refused, and none is there');
  const store = new RunStore(services.root, newRunId(first.plan.suite), services.warn);
  const lock = await store.take(false);
  try {
    const manifest = manifestOf(basename(store.folder), ordered, first);
    await store.start(manifest);
    listener.runStarted?.(manifest);
    const cells = await gatherCells(store, ordered, missing, first.plan, first.shard.of);
    for (const { grade } of cells) listener.cellEnded?.(grade);
    const results: Results = {
      format: 1,
      run: manifest,
      inputs: first.plan.inputs,
      fingerprints: cells.map(({ fingerprint }) => fingerprint),
      grades: cells.map(({ grade }) => grade),
    };
    const usage = await joinSpending(store, ordered);
    await publish(services, store, results, listener);
    const suite = await suiteOf(services, results.run.suite);
    const comparison = suite === null ? null : await gatedComparison(services, suite, results, listener);
    const absolute = suite === null ? null : absoluteOf(suite, await summaryOf(services.root, results.run.id));
    return { results, comparison, absolute, settled: results.grades, usage, gate: suite?.gate ?? null };
  } finally {
    lock.release();
  }
}

/** The suite of the shards; null where it is gone. */
async function suiteOf({ library }: Services, id: string | null): Promise<Suite | null> {
  return id === null || !(await library.suites()).includes(id) ? null : library.suite(id);
}
