/** What every queue of cells must do, whatever it is made of. */
import { describe, expect, test } from 'vitest';
import type { CellQueue, CellReference, Claim } from '../../src/ports/cell-queue.ts';

const signal = new AbortController().signal;

/** A reference to a cell of this key. */
export const referenceTo = (cell: string): CellReference => ({ cell, plan: 'plan', blobs: { answer: 'blob' } });

async function claimed(queue: CellQueue): Promise<Claim> {
  const claim = await queue.claim(signal);
  if (claim === null) throw new Error('expected a cell, found none');
  return claim;
}

/** Declares the tests for a queue; `open` makes an empty one. */
export function queueTests(name: string, open: () => Promise<CellQueue>): void {
  describe(`a queue of cells (${name})`, () => {
    test('hands every cell to one worker, in the order in which they came', async () => {
      const queue = await open();
      await queue.enqueue(['a', 'b', 'c'].map(referenceTo));
      const claims = [await claimed(queue), await claimed(queue), await claimed(queue)];
      expect(claims.map(({ reference }) => reference)).toEqual(['a', 'b', 'c'].map(referenceTo));
      expect(new Set(claims.map(({ attempt }) => attempt)).size).toBe(3);
      for (const { attempt } of claims)
        expect(await queue.settle(attempt, { status: 'graded', grade: 'hash' })).toBe(true);
      expect(await queue.claim(signal)).toBeNull();
    });

    test('has a cell once, however often it is added, also when it is settled', async () => {
      const queue = await open();
      await queue.enqueue([referenceTo('a'), referenceTo('a')]);
      const { attempt } = await claimed(queue);
      await queue.enqueue([referenceTo('a')]);
      await queue.settle(attempt, { status: 'graded', grade: 'hash' });
      await queue.enqueue([referenceTo('a')]);
      expect(await queue.claim(signal)).toBeNull();
    });

    test('gives a cell that was released to the next worker, and counts the attempts', async () => {
      const queue = await open();
      await queue.enqueue([referenceTo('a')]);
      const first = await claimed(queue);
      const next = claimed(queue); // waits: the cell may come back
      expect(await queue.settle(first.attempt, { status: 'released' })).toBe(true);
      const second = await next;
      expect(second.reference).toEqual(first.reference);
      expect([first.number, second.number]).toEqual([1, 2]);
      expect(second.attempt).not.toBe(first.attempt);
    });

    test('takes no result of an attempt that is over, and tells its worker so', async () => {
      const queue = await open();
      await queue.enqueue([referenceTo('a')]);
      const first = await claimed(queue);
      expect(await queue.heartbeat(first.attempt)).toBe(true);
      await queue.settle(first.attempt, { status: 'released' });
      const second = await claimed(queue);
      expect(await queue.heartbeat(first.attempt)).toBe(false);
      expect(await queue.settle(first.attempt, { status: 'graded', grade: 'late' })).toBe(false);
      expect(await queue.heartbeat(second.attempt)).toBe(true);
      expect(await queue.settle(second.attempt, { status: 'graded', grade: 'hash' })).toBe(true);
      expect(await queue.settle('no such attempt', { status: 'released' })).toBe(false);
    });

    test('does not try again what failed for good', async () => {
      const queue = await open();
      await queue.enqueue([referenceTo('a')]);
      const { attempt } = await claimed(queue);
      const waiting = queue.claim(signal);
      await queue.settle(attempt, { status: 'failed', reason: 'it ended its worker twice' });
      expect(await waiting).toBeNull();
    });

    test('lets a worker that waits go when it is told to', async () => {
      const queue = await open();
      await queue.enqueue([referenceTo('a')]);
      await claimed(queue);
      const stop = new AbortController();
      const waiting = queue.claim(stop.signal);
      stop.abort(new Error('stopped'));
      await expect(waiting).rejects.toThrow('stopped');
      await expect(queue.claim(stop.signal)).rejects.toThrow('stopped');
    });
  });
}
