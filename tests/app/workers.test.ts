import fc from 'fast-check';
import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { workThrough } from '../../src/app/cells/workers.ts';
import type { Crew } from '../../src/app/cells/workers.ts';
import { LocalQueue } from '../../src/queue/local.ts';
import { referenceTo } from '../support/cell-queue.ts';

/** A crew whose `stop` aborts its signal, as that of the services does. */
function crewOf(workers: number): Crew {
  const stopping = new AbortController();
  return { workers, signal: stopping.signal, stop: (reason) => stopping.abort(reason) };
}

async function queueOf(cells: readonly string[]): Promise<LocalQueue> {
  const queue = new LocalQueue();
  await queue.enqueue(cells.map(referenceTo));
  return queue;
}

const graded = { status: 'graded', grade: 'hash' } as const;

describe('workers', () => {
  test('take every cell once, never more at the same time than there are workers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat(3), { maxLength: 20 }),
        async (count, delays) => {
          const done: string[] = [];
          let [now, most] = [0, 0];
          const cells = delays.map((_delay, index) => String(index));
          await workThrough(await queueOf(cells), crewOf(count), async ({ cell }) => {
            now += 1;
            most = Math.max(most, now);
            for (let left = delays[Number(cell)] ?? 0; left > 0; left -= 1) await tick();
            now -= 1;
            done.push(cell);
            return graded;
          });
          expect(done.sort()).toEqual(cells.sort());
          expect(most).toBeLessThanOrEqual(count);
        },
      ),
    );
  });

  test('are all stopped by the first failure, which is told when the last of them has ended', async () => {
    const crew = crewOf(3);
    const ended: string[] = [];
    const started: string[] = [];
    const failure = new Error('the disk is full');
    const working = workThrough(await queueOf(['a', 'b', 'c', 'd', 'e']), crew, async ({ cell }) => {
      started.push(cell);
      if (cell === 'b') throw failure;
      await new Promise<void>((resolve) => crew.signal.addEventListener('abort', () => resolve(), { once: true }));
      await tick();
      ended.push(cell);
      throw new Error(`${cell} was stopped`);
    });
    await expect(working).rejects.toBe(failure);
    expect(crew.signal.reason).toBe(failure);
    expect(started).toEqual(['a', 'b', 'c']);
    expect(ended.sort()).toEqual(['a', 'c']);
  });

  test('that wait for cells to come back end with the failure of another', async () => {
    const failure = new Error('the disk is full');
    const working = workThrough(await queueOf(['a']), crewOf(4), async () => {
      await tick();
      throw failure;
    });
    await expect(working).rejects.toBe(failure);
  });

  test('end with the reason of a signal from outside', async () => {
    const crew = crewOf(2);
    const working = workThrough(await queueOf(['a', 'b', 'c']), crew, async ({ cell }) => {
      if (cell === 'a') crew.stop(new Error('stopped by SIGINT'));
      await tick();
      crew.signal.throwIfAborted();
      return graded;
    });
    await expect(working).rejects.toThrow('stopped by SIGINT');
  });

  test('do nothing where there is nothing to do', async () => {
    await workThrough(await queueOf([]), crewOf(0), () => Promise.reject(new Error('nothing was to be done')));
  });
});
