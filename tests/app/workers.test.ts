import fc from 'fast-check';
import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { workThrough } from '../../src/app/cells/workers.ts';
import type { Crew, Work } from '../../src/app/cells/workers.ts';
import type { CellQueue } from '../../src/ports/cell-queue.ts';
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

/** Work that only counts what was accepted. */
function workOf(run: (cell: string) => Promise<void>, accepted: string[] = []): Work<string> {
  return {
    run: async ({ cell }) => {
      await run(cell);
      return `hash of ${cell}`;
    },
    settlement: (grade) => ({ status: 'graded', grade }),
    accepted: ({ cell }) => void accepted.push(cell),
  };
}

describe('workers', () => {
  test('take every cell once, never more at the same time than there are workers', async () => {
    const delaysOf = fc.array(fc.nat(3), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), delaysOf, async (count, delays) => {
        const done: string[] = [];
        let [now, most] = [0, 0];
        const cells = delays.map((_delay, index) => String(index));
        const run = async (cell: string): Promise<void> => {
          now += 1;
          most = Math.max(most, now);
          for (let left = delays[Number(cell)] ?? 0; left > 0; left -= 1) await tick();
          now -= 1;
        };
        await workThrough(await queueOf(cells), crewOf(count), workOf(run, done));
        expect(done.sort()).toEqual(cells.sort());
        expect(most).toBeLessThanOrEqual(count);
      }),
    );
  });

  test('are all stopped by the first failure, which is told when the last of them has ended', async () => {
    const crew = crewOf(3);
    const ended: string[] = [];
    const started: string[] = [];
    const failure = new Error('the disk is full');
    const run = async (cell: string): Promise<void> => {
      started.push(cell);
      if (cell === 'b') throw failure;
      await new Promise<void>((resolve) => crew.signal.addEventListener('abort', () => resolve(), { once: true }));
      await tick();
      ended.push(cell);
      throw new Error(`${cell} was stopped`);
    };
    await expect(workThrough(await queueOf(['a', 'b', 'c', 'd', 'e']), crew, workOf(run))).rejects.toBe(failure);
    expect(crew.signal.reason).toBe(failure);
    expect(started).toEqual(['a', 'b', 'c']);
    expect(ended.sort()).toEqual(['a', 'c']);
  });

  test('that wait for cells to come back end with the failure of another', async () => {
    const failure = new Error('the disk is full');
    const run = async (): Promise<void> => {
      await tick();
      throw failure;
    };
    await expect(workThrough(await queueOf(['a']), crewOf(4), workOf(run))).rejects.toBe(failure);
  });

  test('end with the reason of a signal from outside', async () => {
    const crew = crewOf(2);
    const run = async (cell: string): Promise<void> => {
      if (cell === 'a') crew.stop(new Error('stopped by SIGINT'));
      await tick();
      crew.signal.throwIfAborted();
    };
    const working = workThrough(await queueOf(['a', 'b', 'c']), crew, workOf(run));
    await expect(working).rejects.toThrow('stopped by SIGINT');
  });

  test('do not count the result of an attempt that the queue has given to another worker', async () => {
    const queue = await queueOf(['a', 'b']);
    const attempts: string[] = [];
    const stolen: CellQueue = {
      enqueue: (references) => queue.enqueue(references),
      heartbeat: (attempt) => queue.heartbeat(attempt),
      async claim(signal) {
        const claim = await queue.claim(signal);
        if (claim?.reference.cell === 'a') attempts.push(claim.attempt);
        return claim;
      },
      async settle(attempt, settlement) {
        // The first attempt at `a` was released meanwhile, as that of a worker that froze.
        if (attempt === attempts[0]) await queue.settle(attempt, { status: 'released' });
        return queue.settle(attempt, settlement);
      },
    };
    const accepted: string[] = [];
    const runs: string[] = [];
    const run = (cell: string): Promise<void> => Promise.resolve(void runs.push(cell));
    await workThrough(stolen, crewOf(1), workOf(run, accepted));
    expect(runs.sort()).toEqual(['a', 'a', 'b']);
    expect(accepted.sort()).toEqual(['a', 'b']);
  });

  test('do nothing where there is nothing to do', async () => {
    const run = (): Promise<void> => Promise.reject(new Error('nothing was to be done'));
    await workThrough(await queueOf([]), crewOf(0), workOf(run));
  });
});
