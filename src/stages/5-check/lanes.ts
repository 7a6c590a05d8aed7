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

/** So many that want to run alone are not kept waiting any longer. */
const MANY = 8;

/**
 * Shares lanes and memory among checks: what takes longest starts first, and one can ask to run while no other does. Silence
 * leaves lanes idle, so those who ask get it together, one after the other: when nothing else waits, or when many ask. What
 * needs more memory than there is runs with nothing beside it. Nobody overtakes what waits for memory, or it might wait for ever.
 */
export class Lanes {
  readonly #count: number;
  readonly #memoryMiB: number;
  #running = 0;
  #usedMiB = 0;
  #exclusive = false;
  /** Nothing new starts until all that want to be alone were. */
  #silence = false;
  readonly #waiting: Waiting[] = [];
  readonly #wantAlone: (() => void)[] = [];

  constructor(count: number, memoryMiB = Number.POSITIVE_INFINITY) {
    this.#count = count;
    this.#memoryMiB = memoryMiB;
  }

  /** Runs something in a lane, as soon as one is free and there is memory for it. */
  async run<T>(load: Load, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((start) => {
      this.#waiting.push({ ...load, start });
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#usedMiB -= load.memoryMiB;
      this.#next();
    }
  }

  /** Called from within `run`: gives the lane back (not the memory), waits until every other one is idle, and runs with nothing beside it. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.#running -= 1;
    await new Promise<void>((start) => {
      this.#wantAlone.push(start);
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#exclusive = false; // the lane stays with the check that asked
      this.#next();
    }
  }

  #next(): void {
    if (this.#exclusive) return;
    const asking = this.#wantAlone.length;
    this.#silence = asking > 0 && (this.#silence || asking >= MANY || this.#waiting.length === 0);
    if (!this.#silence) this.#startWaiting();
    // Without silence, too, when those who ask hold the memory that the next one waits for.
    if (asking > 0 && this.#running === 0) {
      this.#exclusive = true;
      this.#running += 1;
      this.#wantAlone.shift()?.();
    }
  }

  #startWaiting(): void {
    this.#waiting.sort((a, b) => b.seconds - a.seconds);
    for (let first = this.#waiting[0]; first !== undefined && this.#running < this.#count; first = this.#waiting[0]) {
      if (this.#running + this.#wantAlone.length > 0 && this.#usedMiB + first.memoryMiB > this.#memoryMiB) return;
      this.#waiting.shift();
      this.#running += 1;
      this.#usedMiB += first.memoryMiB;
      first.start();
    }
  }
}
