/** Shards of a suite with real tools, each with a state folder of its own, against the suite in one piece. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resultsSchema } from '../../src/domain/runs/run.ts';
import type { Results } from '../../src/domain/runs/run.ts';
import { withoutFieldsOfOneRun } from '../support/merged.ts';
import { CELLS, artifactsOf, cupel, differences, smallSuite } from '../support/small-suite.ts';
import type { SmallSuite } from '../support/small-suite.ts';

let suite: SmallSuite;

beforeAll(async () => {
  suite = await smallSuite();
});

afterAll(async () => {
  await rm(suite.root, { recursive: true, force: true });
});

/** The results of a command that makes a run. */
async function resultsOf(words: string[]): Promise<Results> {
  const { stdout } = await execa(cupel, [...words, '--format', 'json'], { cwd: suite.root, env: suite.env });
  return resultsSchema.parse(JSON.parse(stdout));
}

test('four shards on four state folders, merged, are the run in one piece: results, artifacts and reports', async () => {
  const whole = await resultsOf(suite.words);
  const shards: string[] = [];
  for (const index of [1, 2, 3, 4]) {
    const state = join(suite.root, `state-${index}`);
    await execa('cp', ['-al', suite.state, state]);
    await rm(join(state, 'verdicts'), { recursive: true, force: true });
    const { run } = await resultsOf(['run', '--state', state, '--shard', `${index}/4`]);
    shards.push(run.id);
  }
  const merged = await resultsOf(['merge', ...shards]);
  expect(merged.grades).toHaveLength(CELLS);
  expect(withoutFieldsOfOneRun(merged)).toBe(withoutFieldsOfOneRun(whole));
  const [found, expected] = [await artifactsOf(suite, merged.run.id), await artifactsOf(suite, whole.run.id)];
  expect(differences(found, expected)).toEqual([]);
  expect(await readFile(join(suite.root, 'reports/runs', merged.run.id, 'results.json'), 'utf8')).toBe(
    `${JSON.stringify(merged, null, 1)}\n`,
  );
});
