/** What a check took. */
export interface Used {
  /** Seconds of wall-clock time. */
  seconds: number;
  /** MiB at its peak. */
  memoryMiB: number;
}

/** What something will probably take. */
export interface Load {
  /** Seconds until all that waits for it is done, itself included: what takes longest starts first. */
  seconds: number;
  /** MiB at its peak. */
  memoryMiB: number;
}

interface Waiting extends Load {
  start: () => void;
}

/** When this many checks ask to run alone, no new work starts until they have run. */
const MOST_WAITING_ALONE = 8;

/**
 * Shares lanes and memory among checks. What takes longest starts first. What needs more memory than there is left
 * waits, and nothing overtakes it, or it might wait for ever; what needs more than there is at all runs with nothing
 * beside it.
 *
 * A check can ask to run alone. All lanes but one are idle then, so these requests are collected: they are served one
 * after the other when nothing else waits, or when there are many of them.
 */
export class Lanes {
  readonly #count: number;
  readonly #memoryMiB: number;
  #running = 0;
  #usedMiB = 0;
  /** Something runs alone. */
  #exclusive = false;
  /** No new work starts, until everything that asked to run alone has run. */
  #draining = false;
  readonly #waiting: Waiting[] = [];
  readonly #waitingAlone: (() => void)[] = [];

  constructor(count: number, memoryMiB = Number.POSITIVE_INFINITY) {
    this.#count = count;
    this.#memoryMiB = memoryMiB;
  }

  /** Runs something in a lane, as soon as one is free and there is memory for it. */
  async run<T>(load: Load, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((start) => {
      this.#waiting.push({ ...load, start });
      this.#startNext();
    });
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#usedMiB -= load.memoryMiB;
      this.#startNext();
    }
  }

  /**
   * Called from within `run`: gives the lane back (not the memory), waits until every other one is idle, and runs with
   * nothing beside it.
   */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.#running -= 1;
    await new Promise<void>((start) => {
      this.#waitingAlone.push(start);
      this.#startNext();
    });
    try {
      return await work();
    } finally {
      this.#exclusive = false; // the lane stays with the check that called
      this.#startNext();
    }
  }

  #startNext(): void {
    if (this.#exclusive) return;
    const alone = this.#waitingAlone.length;
    this.#draining = alone > 0 && (this.#draining || alone >= MOST_WAITING_ALONE || this.#waiting.length === 0);
    if (!this.#draining) this.#startWaiting();
    // Also while work waits: those who wait to run alone may hold the memory that it needs.
    if (alone > 0 && this.#running === 0) {
      this.#exclusive = true;
      this.#running += 1;
      this.#waitingAlone.shift()?.();
    }
  }

  #startWaiting(): void {
    this.#waiting.sort((a, b) => b.seconds - a.seconds);
    for (let first = this.#waiting[0]; first !== undefined && this.#running < this.#count; first = this.#waiting[0]) {
      const othersRun = this.#running + this.#waitingAlone.length > 0;
      if (othersRun && this.#usedMiB + first.memoryMiB > this.#memoryMiB) return;
      this.#waiting.shift();
      this.#running += 1;
      this.#usedMiB += first.memoryMiB;
      first.start();
    }
  }
}
