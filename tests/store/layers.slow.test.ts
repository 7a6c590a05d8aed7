import { appendFile, mkdtemp, readFile, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Job, Sandbox } from '../../src/ports/sandbox.ts';
import { defaultLimits } from '../../src/domain/grading/limits.ts';
import { diskLayers, withWholeLayers } from '../../src/store/state/layers.ts';
import { printed, storeProcess } from '../support/processes.ts';
import { prune } from '../../src/store/state/prune.ts';

let state = '';
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'cupel-layers-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

/** A process that makes (or finds) one layer, slowly: it tells when it begins, and goes on when its input ends. */
const maker = `
const { diskLayers } = await from('state/layers.ts');
const { writeFile, appendFile } = await import('node:fs/promises');
const [state] = words;
const layers = diskLayers(state, { making() {}, note: (text) => console.log(text) });
const { folder } = await layers.get('slow', 1, async (place) => {
  await appendFile(state + '/made', process.pid + '\\n');
  await writeFile(place + '/half', '');
  console.log('begun');
  for await (const _ of process.stdin);
  await writeFile(place + '/whole', 'x');
});
console.log('has ' + folder);
process.exit();`;

const timesMade = async (): Promise<number> => (await readFile(join(state, 'made'), 'utf8')).trim().split('\n').length;

describe('a layer that two processes need', () => {
  test('is made by one, and the other waits, says so, and uses it', async () => {
    const first = storeProcess(maker, [state]);
    await printed(first, 'begun');
    const second = storeProcess(maker, [state]);
    await printed(second, `waiting for process ${first.pid}`);
    first.stdin.end();
    const [one, two] = await Promise.all([first, second]);
    const has = (said: string): string | undefined => /^has (.*)$/m.exec(said)?.[1];
    expect(has(one.stdout)).toBe(has(two.stdout));
    expect(await readdir(has(two.stdout) ?? '')).toEqual(['half', 'whole']);
    expect(await timesMade()).toBe(1);
  });

  test('is made by the other one when the first is killed at it, and nothing half-made is left', async () => {
    const first = storeProcess(maker, [state]);
    await printed(first, 'begun');
    const second = storeProcess(maker, [state]);
    await printed(second, `waiting for process ${first.pid}`);
    first.kill('SIGKILL');
    second.stdin.end();
    expect((await second).stdout).toMatch(/^has /m);
    expect(await timesMade()).toBe(2);
    await prune(state, 1e9);
    expect(await readdir(join(state, 'layers'))).toEqual([expect.stringMatching(/^slow-/)]);
  });
});

describe('a layer that is not what was made', () => {
  const build = async (place: string): Promise<void> => {
    await appendFile(join(state, 'made'), 'x\n');
    await writeFile(join(place, 'a'), 'content');
    await writeFile(join(place, 'b'), '');
  };

  /** A later process: it knows nothing of this one. */
  async function later(): Promise<string[]> {
    const notes: string[] = [];
    await diskLayers(state, { making: () => {}, note: (text) => notes.push(text) }).get('l', 1, build);
    return notes;
  }

  test.each<[string, (folder: string) => Promise<unknown>]>([
    ['a torn file', (folder) => truncate(join(folder, 'a'), 3)],
    ['a changed file', (folder) => writeFile(join(folder, 'a'), 'poison!')],
    ['a file too few', (folder) => rm(join(folder, 'b'))],
    ['a file too many', (folder) => writeFile(join(folder, 'c'), '')],
    ['no seal', () => rm(join(state, 'seals'), { recursive: true })],
    ['a torn seal', async () => truncate(join(state, 'seals', (await readdir(join(state, 'seals')))[0] ?? ''), 20)],
  ])('for it has %s, is found, said, and made again', async (_what, damage) => {
    const { folder } = await diskLayers(state).get('l', 1, build);
    await damage(folder);
    expect(await later()).toEqual([expect.stringContaining('is damaged; it is made again')]);
    expect([await readFile(join(folder, 'a'), 'utf8'), (await readdir(folder)).length]).toEqual(['content', 2]);
    expect(await readdir(join(state, 'layers'))).toHaveLength(1);
    expect(await later()).toEqual([]);
    expect(await timesMade()).toBe(2);
  });

  test('for its times are others, as after a move, is held against its contents and used', async () => {
    const { folder } = await diskLayers(state).get('l', 1, build);
    await utimes(join(folder, 'a'), 1, 1);
    expect(await later()).toEqual([]);
    expect(await timesMade()).toBe(1);
  });

  test('is found before a program sees it when it is a large one, and not before', async () => {
    const large = async (place: string): Promise<void> => {
      await build(place);
      await Promise.all(Array.from({ length: 1000 }, (_, index) => writeFile(join(place, `f${index}`), '')));
    };
    const { folder } = await diskLayers(state).get('l', 1, large);
    await truncate(join(folder, 'a'), 3);
    const notes: string[] = [];
    const layers = diskLayers(state, { making: () => {}, note: (text) => notes.push(text) });
    await layers.get('l', 1, large);
    expect(notes).toEqual([]);
    const seen: string[] = [];
    const real: Sandbox = {
      run: async ({ mounts }) => {
        seen.push(await readFile(join(mounts[0]?.source ?? '', 'a'), 'utf8'));
        throw new Error('seen');
      },
      serve: () => Promise.reject(new Error('not asked')),
      probe: () => Promise.reject(new Error('not asked')),
    };
    const job: Job = {
      command: ['true'],
      cwd: '/w',
      env: {},
      mounts: [{ source: folder, target: '/l' }],
      network: 'none',
      limits: defaultLimits,
    };
    await expect(withWholeLayers(real, layers).run(job)).rejects.toThrow('seen');
    expect([seen, notes]).toEqual([['content'], [expect.stringContaining('is damaged')]]);
  });
});
