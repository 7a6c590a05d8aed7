import Anthropic from '@anthropic-ai/sdk';
import type { Clock } from '../../ports/clock.ts';

/** How the service is reached. */
export interface Place {
  apiKey: string;
  /** null: the service's own address. */
  baseUrl: string | null;
}

/** Told of every sign of life of a call, pings included. */
export type Heartbeat = () => void;

/** A client that leaves retries, logs and the choice of credentials to us. `heard` is told when bytes arrive. */
export function clientFor({ apiKey, baseUrl }: Place, heard: Heartbeat = () => {}): Anthropic {
  return new Anthropic({
    apiKey,
    authToken: null,
    baseURL: baseUrl,
    maxRetries: 0,
    logLevel: 'off',
    openTelemetry: false,
    timeout: 24 * 60 * 60 * 1000, // silence ends a call, not its length
    async fetch(url, init) {
      const response = await fetch(url, init);
      heard();
      if (response.body === null) return response;
      const watch = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          heard();
          controller.enqueue(chunk);
        },
      });
      return new Response(response.body.pipeThrough(watch), response);
    },
  });
}

/** A signal that comes when nothing was heard for so long, or when another one comes. */
export class Silence {
  readonly signal: AbortSignal;
  readonly #ended = new AbortController();
  readonly #done = new AbortController();
  #last: number;
  /** Whether it was silence that ended the call. */
  fell = false;

  constructor(limitMs: number, clock: Clock, outer: AbortSignal) {
    this.#last = clock.now();
    this.signal = AbortSignal.any([outer, this.#ended.signal]);
    void this.#watch(limitMs, clock);
  }

  async #watch(limitMs: number, clock: Clock): Promise<void> {
    try {
      for (let remainingMs = limitMs; remainingMs > 0; remainingMs = this.#last + limitMs - clock.now())
        await clock.sleep(remainingMs, this.#done.signal);
    } catch {
      return; // the call is over
    }
    this.fell = true;
    this.#ended.abort();
  }

  heard(now: number): void {
    this.#last = now;
  }

  end(): void {
    this.#done.abort();
  }
}
