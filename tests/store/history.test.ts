import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diskHistory } from '../../src/store/state/history.ts';

let state = '';
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'cupel-history-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

test('what checks took is known to later runs, newer ones weighing more; other scenarios foretell a new one', async () => {
  const first = await diskHistory(state);
  expect(first.expected('a', 'python/tests')).toBeNull();
  first.learn('a', 'python/tests', { seconds: 8, memoryMiB: 100 });
  await first.save();
  const second = await diskHistory(state);
  second.learn('a', 'python/tests@services/x', { seconds: 4, memoryMiB: 50 });
  await second.save();
  const later = await diskHistory(state);
  expect([later.expected('a', 'python/tests'), later.expected('new', 'python/tests')]).toEqual([
    { seconds: 6, memoryMiB: 90 },
    { seconds: 6, memoryMiB: 90 },
  ]);
  expect(later.expected('a', 'go/tests')).toBeNull();
});

test('what two processes learn at the same time is kept, both', async () => {
  const [one, two] = await Promise.all([diskHistory(state), diskHistory(state)]);
  one.learn('a', 'python/tests', { seconds: 1, memoryMiB: 1 });
  two.learn('b', 'go/tests', { seconds: 2, memoryMiB: 2 });
  await Promise.all([one.save(), two.save()]);
  const later = await diskHistory(state);
  expect([later.expected('a', 'python/tests')?.seconds, later.expected('b', 'go/tests')?.seconds]).toEqual([1, 2]);
});

test('a damaged history is none, and is written anew', async () => {
  const path = join(state, 'history', 'checks.json');
  const first = await diskHistory(state);
  first.learn('a', 'python/tests', { seconds: 1, memoryMiB: 1 });
  await first.save();
  await writeFile(path, (await readFile(path, 'utf8')).slice(0, 20));
  const later = await diskHistory(state);
  expect(later.expected('a', 'python/tests')).toBeNull();
  later.learn('a', 'python/tests', { seconds: 3, memoryMiB: 1 });
  await later.save();
  expect((await diskHistory(state)).expected('a', 'python/tests')?.seconds).toBe(3);
});
