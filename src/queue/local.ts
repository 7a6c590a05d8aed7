import { randomUUID } from 'node:crypto';
import type { CellQueue, CellReference, Claim, Settlement } from '../ports/cell-queue.ts';

interface Entry {
  reference: CellReference;
  attempts: number;
}

/**
 * The queue of one process. Its workers end with it, so a claim never expires, and heartbeats only tell whether it
 * stands.
 */
export class LocalQueue implements CellQueue {
  readonly #waiting: Entry[] = [];
  readonly #claimed = new Map<string, Entry>();
  readonly #added = new Set<string>();
  #changed = Promise.withResolvers<void>();

  enqueue(references: readonly CellReference[]): Promise<void> {
    for (const reference of references) {
      if (this.#added.has(reference.cell)) continue;
      this.#added.add(reference.cell);
      this.#waiting.push({ reference, attempts: 0 });
    }
    this.#tellWorkers();
    return Promise.resolve();
  }

  async claim(signal: AbortSignal): Promise<Claim | null> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      while (this.#waiting.length === 0 && this.#claimed.size > 0)
        await Promise.race([this.#changed.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
    const entry = this.#waiting.shift();
    if (entry === undefined) return null;
    entry.attempts += 1;
    const attempt = randomUUID();
    this.#claimed.set(attempt, entry);
    return { reference: entry.reference, attempt, number: entry.attempts };
  }

  heartbeat(attempt: string): Promise<boolean> {
    return Promise.resolve(this.#claimed.has(attempt));
  }

  settle(attempt: string, settlement: Settlement): Promise<boolean> {
    const entry = this.#claimed.get(attempt);
    if (entry === undefined) return Promise.resolve(false);
    this.#claimed.delete(attempt);
    if (settlement.status === 'released') this.#waiting.push(entry);
    this.#tellWorkers();
    return Promise.resolve(true);
  }

  #tellWorkers(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve();
  }
}
