import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { passed } from '../../src/domain/grading/check.ts';
import { UsageError } from '../../src/domain/usage-error.ts';
import { printed, storeProcess } from '../support/processes.ts';
import { prune, stateSize } from '../../src/store/state/prune.ts';
import { readSize, sizeText } from '../../src/store/state/size.ts';
import { diskVerdicts } from '../../src/store/state/verdict-cache.ts';

let state = '';
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'cupel-state-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

const MB = 1e6;

/** A process that uses a layer of one megabyte (made when there is none) and a cache, until its input ends. */
const user = `
const { diskLayers } = await from('state/layers.ts');
const { writeFile } = await import('node:fs/promises');
const [state, name] = words;
const layers = diskLayers(state);
await layers.get(name, 1, (place) => writeFile(place + '/x', Buffer.alloc(1e6)));
await writeFile((await layers.ownFolder('cache-of-' + name)) + '/y', Buffer.alloc(1e6));
console.log('uses it');
for await (const _ of process.stdin);
process.exit();`;

async function used(name: string): Promise<void> {
  const child = storeProcess(user, [state, name]);
  child.stdin.end();
  await child;
}

const layers = async (): Promise<string[]> =>
  (await readdir(join(state, 'layers'))).map((id) => id.replace(/-[0-9a-f]+$/, '')).sort();
const caches = async (): Promise<string[]> => (await readdir(join(state, 'cache'))).sort();

describe('a state folder that takes too much', () => {
  test('loses what was not used for longest, and no more than it must', async () => {
    for (const name of ['a', 'b', 'c']) await used(name);
    await used('a');
    await prune(state, 4.5 * MB);
    expect([await layers(), await caches()]).toEqual([
      ['a', 'c'],
      ['cache-of-a', 'cache-of-c'],
    ]);
    expect(await stateSize(state)).toBeLessThan(4.5 * MB);
    await prune(state, 4.5 * MB);
    expect(await layers()).toEqual(['a', 'c']);
  });

  test('keeps what a running process uses, whatever its size, and loses it when that process was killed', async () => {
    const child = storeProcess(user, [state, 'old']);
    await printed(child, 'uses it');
    await used('new');
    const pruned = await prune(state, 0);
    expect([await layers(), await caches()]).toEqual([['old'], ['cache-of-old']]);
    expect(pruned?.after).toBeGreaterThan(2 * MB - 1);
    child.kill('SIGKILL');
    await child;
    await prune(state, 0);
    expect([await layers(), await caches()]).toEqual([[], []]);
  });

  test('loses verdicts that were not used for longest, and never a resolution', async () => {
    const verdicts = diskVerdicts(state);
    for (const key of ['aa', 'bb', 'cc']) await verdicts.put(key, passed({ reason: key.repeat(5000) }));
    for (const [index, key] of ['aa', 'bb', 'cc'].entries())
      await utimes(join(state, 'verdicts', key, `${key}.json`), index, index);
    await verdicts.get('aa');
    await mkdir(join(state, 'resolutions'));
    await writeFile(join(state, 'resolutions', 'x.json'), Buffer.alloc(20_000));
    await prune(state, (await stateSize(state)) - 1);
    expect(await Promise.all(['aa', 'bb', 'cc'].map(async (key) => (await verdicts.get(key)) !== null))).toEqual([
      true,
      false,
      true,
    ]);
    await prune(state, 0);
    expect(await readdir(join(state, 'resolutions'))).toEqual(['x.json']);
    expect(await verdicts.get('aa')).toBeNull();
  });
});

describe('sizes', () => {
  test.each([
    ['10GB', 10e9],
    ['1.5 GiB', 1.5 * 2 ** 30],
    ['500MB', 5e8],
    ['2000', 2000],
    ['3kb', 3000],
  ])('%s is read', (text, bytes) => {
    expect(readSize(text, '--state-size')).toBe(bytes);
  });

  test('that are none are refused, whatever they are', () => {
    for (const text of ['', '10 apples', '-1GB', 'GB', '1e3'])
      expect(() => readSize(text, '--state-size')).toThrow(/--state-size: expected a size such as 10GB/);
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(readSize(text, 'x')).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });

  test('are said in words', () => {
    expect([sizeText(2000), sizeText(3.25e6), sizeText(1e10)]).toEqual(['2.0 kB', '3.3 MB', '10.0 GB']);
  });
});
