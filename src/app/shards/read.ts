/** Reads a shard, and refuses one that is not whole or not what it says. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cellKey, cellName } from '../../domain/grading/cell.ts';
import { wholePlanSchema } from '../../domain/runs/plan.ts';
import type { WholePlan } from '../../domain/runs/plan.ts';
import { manifestSchema } from '../../domain/runs/run.ts';
import type { Manifest, Results, Shard } from '../../domain/runs/run.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { hashOf } from '../../store/files/hash.ts';
import { parseJson } from '../../store/files/yaml.ts';
import { RunStore } from '../../store/runs/run-store.ts';
import { partOf } from './assign.ts';
import type { FoundRun } from './find.ts';
import { planHash } from './whole-plan.ts';

/** A shard that is whole. */
export interface ReadShard {
  /** For messages: `shard 2/4 (<what it was called>)`. */
  name: string;
  shard: Shard;
  plan: WholePlan;
  results: Results;
  store: RunStore;
}

const same = (one: unknown, other: unknown): boolean => hashOf(one) === hashOf(other);

/** Text of a file; null where there is none. */
const textOf = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

function damaged(name: string, found: string): UsageError {
  return new UsageError(
    `${name} is damaged: expected it as it was written, found ${found}. Run that shard again; nothing was merged.`,
  );
}

async function readManifest({ folder, name }: FoundRun): Promise<Manifest & { shard: Shard; plan: string }> {
  const path = join(folder, 'run.json');
  const manifest = parseJson(manifestSchema, (await textOf(path)) ?? '', path);
  const { shard, plan } = manifest;
  if (shard === undefined || plan === undefined)
    throw new UsageError(
      `${name}: expected a shard, which cupel run --shard makes, found a run that is no part of another; nothing was ` +
        'merged.',
    );
  return { ...manifest, shard, plan };
}

async function readPlan(folder: string, name: string, hash: string): Promise<WholePlan> {
  const text = await textOf(join(folder, 'plan.json'));
  if (text === null) throw damaged(name, 'no file plan.json');
  const plan = parseJson(wholePlanSchema, text, join(folder, 'plan.json'));
  if (planHash(plan) !== hash) throw damaged(name, 'a plan.json with another content');
  return plan;
}

/** Refuses results that are not what the plan, the journal and the cells' own files say. */
async function refuseOtherResults(name: string, { shard, plan, results, store }: ReadShard): Promise<void> {
  const expected = partOf(plan.cells, ({ cell }) => cell, shard, plan.seconds);
  const { run, fingerprints, grades } = results;
  if (
    !same(
      run.cells,
      expected.map(({ cell }) => cell),
    )
  )
    throw damaged(name, `other cells than the plan has for it (${run.cells.length} of ${expected.length})`);
  const kept = (await store.earlier())?.grades;
  for (const [index, { cell, planned }] of expected.entries()) {
    const graded = kept?.get(cellKey(cell));
    if (graded === undefined) throw damaged(name, `no whole grade of ${cellName(cell)}`);
    const { answer: _answer, dependencies: _dependencies, lots: _lots, ...before } = graded.fingerprint;
    if (!same(graded.grade, grades[index]) || !same(graded.fingerprint, fingerprints[index]))
      throw damaged(name, `another grade of ${cellName(cell)} in its results than beside them`);
    if (!same(before, planned)) throw damaged(name, `an answer to something else than was planned: ${cellName(cell)}`);
  }
}

/** Reads a shard. Throws `UsageError`, by its name, for one that is not finished, whole, or what was planned. */
export async function readShard(found: FoundRun): Promise<ReadShard> {
  const manifest = await readManifest(found);
  const { shard } = manifest;
  const name = `shard ${shard.index}/${shard.of} (${found.name})`;
  const notes: string[] = [];
  const store = new RunStore('', manifest.id, (text) => notes.push(text), found.folder);
  if ((await textOf(join(found.folder, 'results.json'))) === null)
    throw new UsageError(
      `${name} is not finished: expected its results.json, found none; go on with it (cupel run --shard ` +
        `${shard.index}/${shard.of} --resume ${manifest.id}). Nothing was merged.`,
    );
  const plan = await readPlan(found.folder, name, manifest.plan);
  const results = await store.results().catch((error: unknown) => {
    throw error instanceof UsageError ? damaged(name, error.message) : error;
  });
  if (!same(results.run, manifest)) throw damaged(name, 'another manifest in its results than in run.json');
  const whole: ReadShard = { name, shard, plan, results, store };
  await refuseOtherResults(name, whole);
  if (notes[0] !== undefined) throw damaged(name, notes[0]);
  return whole;
}
