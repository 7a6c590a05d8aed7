import type { CellQueue, CellReference, Settlement } from '../../ports/cell-queue.ts';

/** Milliseconds after which a worker says that it is still at work. */
const HEARTBEAT_MS = 10_000;

/** How many workers take cells, and how they are stopped. */
export interface Crew {
  workers: number;
  /** Ends all that is under way. */
  signal: AbortSignal;
  /** Aborts `signal`, with the failure that makes going on useless. */
  stop(reason: unknown): void;
}

/**
 * Works through a queue until every cell is settled. The first failure stops all workers, and is what this rejects with
 * when they have ended.
 */
export async function workThrough(
  queue: CellQueue,
  { workers, signal, stop }: Crew,
  work: (reference: CellReference) => Promise<Settlement>,
): Promise<void> {
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
    stop(error);
  };
  const worker = async (): Promise<void> => {
    while (failures.length === 0) {
      const claim = await queue.claim(signal);
      if (claim === null) return;
      const { reference, attempt } = claim;
      const heartbeat = setInterval(() => void queue.heartbeat(attempt).catch(fail), HEARTBEAT_MS).unref();
      try {
        await queue.settle(attempt, await work(reference));
      } catch (error) {
        fail(error);
        await queue.settle(attempt, { status: 'released' });
      } finally {
        clearInterval(heartbeat);
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, () => worker().catch(fail)));
  if (failures.length > 0) throw failures[0];
}
