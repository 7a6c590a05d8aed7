interface Waiting {
  cost: number;
  start: () => void;
}

/** Shares a number of lanes among checks: the costly ones start first, and one can ask to run while no other does. */
export class Lanes {
  readonly #count: number;
  #running = 0;
  #exclusive = false;
  readonly #waiting: Waiting[] = [];
  readonly #wantAlone: (() => void)[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** Runs something in a lane, as soon as one is free. */
  async run<T>(cost: number, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((start) => {
      this.#waiting.push({ cost, start });
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  /** Called from within `run`: gives the lane back, waits until every other one is idle, and runs with nothing beside it. */
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
    if (this.#wantAlone.length > 0) {
      if (this.#running > 0) return; // nothing new starts while somebody waits for silence
      this.#exclusive = true;
      this.#running += 1;
      this.#wantAlone.shift()?.();
      return;
    }
    while (this.#running < this.#count && this.#waiting.length > 0) {
      this.#waiting.sort((a, b) => b.cost - a.cost);
      this.#running += 1;
      this.#waiting.shift()?.start();
    }
  }
}
