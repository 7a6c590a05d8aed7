import type { LiveProvider } from '../../ports/provider.ts';

/** So many at a time; the others wait in the order in which they came. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Waits for a slot; what it returns gives it back. Rejects with the signal's reason when that comes first. */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    let returned = false;
    return () => {
      if (!returned) this.#give();
      returned = true;
    };
  }

  async #turn(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiting.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** At most this many calls of a service at the same time; `slots` is shared by its models. */
export function concurrent(inner: LiveProvider, slots: Slots): LiveProvider {
  return {
    ...inner,
    async answer(request, cell, signal) {
      const leave = await slots.take(signal);
      try {
        return await inner.answer(request, cell, signal);
      } finally {
        leave();
      }
    },
  };
}
