/** Four shards on four state folders, put together again. */
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planRun } from '../../../src/app/plan.ts';
import { run } from '../../../src/app/run.ts';
import { openServices } from '../../../src/app/services/services.ts';
import type { Services } from '../../../src/app/services/services.ts';
import { keepDurations } from '../../../src/app/shards/durations.ts';
import { merge } from '../../../src/app/shards/merge.ts';
import type { Results } from '../../../src/domain/runs/run.ts';
import { makeProject } from '../../support/loopback/project.ts';
import type { Project } from '../../support/loopback/project.ts';
import { withoutFieldsOfOneRun } from '../../support/merged.ts';

const SUBJECTS = ['subject-000', 'subject-001', 'subject-002'];
const OF = 4;
let project: Project;
let services: Services;
let whole: Results;
const shards: string[] = [];
const stop = new AbortController();

const folderOf = (id: string): string => join(project.folder, 'reports', 'runs', id);
const open = (state: string): Promise<Services> =>
  openServices({ folder: project.folder, state: join(project.folder, state), jobs: 1 }, { signal: stop.signal });
const idsOfRuns = async (): Promise<string[]> => (await readdir(join(project.folder, 'reports', 'runs'))).sort();

beforeAll(async () => {
  project = await makeProject(SUBJECTS.length, { model: 'recorded' });
  for (const subject of SUBJECTS)
    for (const repeat of [1, 2])
      await writeFile(
        join(project.folder, `evals/recordings/${subject}@1.0.r${repeat}.md`),
        repeat === 1 ? `# ${subject}\n\nNo code at all.\n` : '',
      );
  services = await open('state');
  whole = (await run(services, { suite: 'default', repeats: 2 })).results;
  for (let index = 1; index <= OF; index += 1) {
    const { results } = await run(await open(`state-${index}`), {
      suite: 'default',
      repeats: 2,
      shard: { index, of: OF },
    });
    shards.push(results.run.id);
  }
});

afterAll(async () => {
  stop.abort();
  await project.remove();
});

/** A copy of a shard in which something is changed, beside the project; its path. */
async function copyOf(id: string, name: string, change: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = join(project.folder, 'elsewhere', name);
  await cp(folderOf(id), folder, { recursive: true });
  await change(folder);
  return folder;
}

async function replaceIn(path: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(from);
  await writeFile(path, text.replace(from, to));
}

describe('shards', () => {
  test('hold every cell of the suite once, and say which part of which plan they are', async () => {
    const manifests = await Promise.all(
      shards.map(async (id) => JSON.parse(await readFile(join(folderOf(id), 'run.json'), 'utf8')) as Results['run']),
    );
    expect(manifests.map(({ shard }) => shard?.index)).toEqual([1, 2, 3, 4]);
    expect(new Set(manifests.map(({ plan }) => plan))).toEqual(new Set([whole.run.plan]));
    expect(manifests.flatMap(({ cells }) => cells).length).toBe(whole.run.cells.length);
  });

  test('make another plan when what they are balanced by changes', async () => {
    const before = (await planRun(services, { suite: 'default', repeats: 2 })).whole([]).seconds;
    const { path, seconds } = await keepDurations(project.folder, [whole.run.id]);
    try {
      expect(before).toBeNull();
      expect(Object.keys(seconds)).toEqual(SUBJECTS);
      const part = await run(services, { suite: 'default', repeats: 2, shard: { index: 1, of: OF } });
      await expect(merge(services, { runs: [part.results.run.id, ...shards.slice(1)] })).rejects.toThrow(
        /does not belong to .*: expected the same plan/,
      );
    } finally {
      await rm(path);
    }
  });
});

describe('merged shards', () => {
  test('equal the run in one piece but for the fields that the list names, results and artifacts', async () => {
    const { results, comparison } = await merge(services, { runs: shards.toReversed() });
    expect(withoutFieldsOfOneRun(results)).toBe(withoutFieldsOfOneRun(whole));
    expect(comparison).toBeNull();
    for (const kind of ['answers', 'grades', 'resolutions'])
      expect(await readdir(join(folderOf(results.run.id), kind))).toEqual(
        await readdir(join(folderOf(whole.run.id), kind)),
      );
    // It can be gone on with like any other run: all of its grades hold.
    const { results: again } = await run(services, { suite: 'default', repeats: 2, resume: results.run.id });
    expect(withoutFieldsOfOneRun(again)).toBe(withoutFieldsOfOneRun(whole));
  });

  test('may lie in folders of their own, and in archives', async () => {
    const gathered = join(project.folder, 'gathered');
    for (const id of shards.slice(0, 3))
      await cp(folderOf(id), join(gathered, `artifact-of-${id}`, id), { recursive: true });
    const archive = join(project.folder, 'last.tar.gz');
    await execa('tar', ['-czf', archive, `reports/runs/${shards[3] ?? ''}`], { cwd: project.folder });
    const { results } = await merge(services, { runs: [gathered, archive] });
    expect(withoutFieldsOfOneRun(results)).toBe(withoutFieldsOfOneRun(whole));
  });

  test('without one that may be missing: its answers are ungraded, and the reason names it', async () => {
    const { results } = await merge(services, { runs: shards.slice(1), allowMissing: true });
    const ungraded = results.grades.filter(({ verdict }) => verdict === 'ungraded');
    expect(results.run.cells).toEqual(whole.run.cells);
    expect(ungraded).toHaveLength(2);
    expect(ungraded[0]?.reasons.join()).toMatch(/shard 1\/4 is missing, so nothing is known of its answers/);
  });
});

describe('nothing is merged, and the shard is named, when', () => {
  const refused = async (runs: string[], message: RegExp): Promise<void> => {
    const before = await idsOfRuns();
    await expect(merge(services, { runs })).rejects.toThrow(message);
    expect(await idsOfRuns()).toEqual(before);
  };

  test('one is missing or there twice', async () => {
    await refused(shards.slice(0, 3), /expected 4 shards, found 3: shard 4\/4 is missing/);
    await refused([...shards, shards[0] ?? ''], /expected each shard once, found two of one number: shard 1\/4/);
  });

  test('one is no shard, or no run, or nothing', async () => {
    await refused([whole.run.id, ...shards], /expected a shard.*found a run that is no part of another/);
    await mkdir(join(project.folder, 'empty'), { recursive: true });
    await refused([join(project.folder, 'empty')], /empty: expected a run in it.*found none/);
    await refused(['no-such-run'], /no-such-run: expected the id of a run, a folder or an archive/);
    await writeFile(join(project.folder, 'broken.tar.gz'), 'no archive');
    await refused([join(project.folder, 'broken.tar.gz')], /broken\.tar\.gz: expected an archive of a run's folder/);
  });

  test('an archive holds a link', async () => {
    const folder = await copyOf(shards[0] ?? '', 'linked', (path) =>
      execa('ln', ['-s', '/etc/passwd', join(path, 'x')]),
    );
    const archive = join(project.folder, 'linked.tar.gz');
    await execa('tar', ['-czf', archive, '-C', folder, '.']);
    await refused([archive], /found something that is neither a file nor a folder: \.\/x/);
  });

  const [kept, changed] = [(): string[] => shards.slice(1), (): string => shards[0] ?? ''];
  test.each<[string, (folder: string) => Promise<unknown>, RegExp]>([
    ['is not finished', (folder) => rm(join(folder, 'results.json')), /shard 1\/4 .* is not finished/],
    [
      'lost an answer',
      async (folder) => rm(join(folder, 'answers', (await readdir(join(folder, 'answers')))[0] ?? '')),
      /shard 1\/4 .* is damaged: .*no whole grade of subject-/,
    ],
    [
      'has another verdict in its results',
      (folder) => replaceIn(join(folder, 'results.json'), /"verdict": "\w+"/, '"verdict": "ungraded"'),
      /shard 1\/4 .* is damaged: .*another grade of subject-/,
    ],
    [
      'has results that are cut off',
      async (folder) => {
        const text = await readFile(join(folder, 'results.json'), 'utf8');
        await writeFile(join(folder, 'results.json'), text.slice(0, text.length / 2));
      },
      /shard 1\/4 .* is damaged: .*expected JSON as it was written/,
    ],
    ['has no plan', (folder) => rm(join(folder, 'plan.json')), /shard 1\/4 .* is damaged: .*no file plan\.json/],
    [
      'has another plan than its manifest says',
      (folder) => replaceIn(join(folder, 'plan.json'), '"repeat": 2', '"repeat": 9'),
      /shard 1\/4 .* is damaged: .*a plan\.json with another content/,
    ],
    [
      'calls itself another shard',
      async (folder) => {
        for (const name of ['run.json', 'results.json'])
          await replaceIn(join(folder, name), '"index": 1', '"index": 2');
      },
      /shard 2\/4 .* is damaged: .*other cells than the plan has for it/,
    ],
    [
      'has a journal with a torn line',
      (folder) => replaceIn(join(folder, 'journal.ndjson'), '"event":"graded"', '"event":"grazed"'),
      /shard 1\/4 .* is damaged/,
    ],
  ])('one %s', async (what, change, message) => {
    const name = what.replaceAll(' ', '-');
    await refused([await copyOf(changed(), name, change), ...kept()], message);
  });
});
