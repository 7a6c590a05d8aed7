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

/** What workers do with a cell. */
export interface Work<T> {
  /** Takes the cell to its result. */
  run(reference: CellReference): Promise<T>;
  /** What the queue is told of a result. */
  settlement(result: T): Settlement;
  /**
   * Told of a result that the queue took: an attempt that was given to another worker meanwhile has none that counts.
   */
  accepted(reference: CellReference, result: T): void;
}

/**
 * Works through a queue until every cell is settled. The first failure stops all workers, and is what this rejects with
 * when they have ended.
 */
export async function workThrough<T>(
  queue: CellQueue,
  { workers, signal, stop }: Crew,
  { run, settlement, accepted }: Work<T>,
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
        const result = await run(reference);
        if (await queue.settle(attempt, settlement(result))) accepted(reference, result);
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
