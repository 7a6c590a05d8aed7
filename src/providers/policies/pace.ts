import type { Clock } from '../../ports/clock.ts';
import type { LiveProvider } from '../../ports/provider.ts';
import { estimatedTokens } from '../tokens.ts';

const MINUTE = 60_000;

/** Calls and tokens of the last minute, so that no minute sees more than is allowed. Shared by a service's models. */
export class Pace {
  readonly #requests: number;
  readonly #tokens: number;
  readonly #clock: Clock;
  #recent: { at: number; tokens: number }[] = [];
  #line: Promise<void> = Promise.resolve();

  /** Limits a minute; null for none. */
  constructor(limits: { requests: number | null; tokens: number | null }, clock: Clock) {
    this.#requests = limits.requests ?? Infinity;
    this.#tokens = limits.tokens ?? Infinity;
    this.#clock = clock;
  }

  /** Milliseconds until a call fits; one that is too large by itself goes when nothing else was sent for a minute. */
  #wait(tokens: number): number {
    const now = this.#clock.now();
    this.#recent = this.#recent.filter(({ at }) => at > now - MINUTE);
    const sum = this.#recent.reduce((total, call) => total + call.tokens, 0);
    const [oldest] = this.#recent;
    if (oldest === undefined || (this.#recent.length < this.#requests && sum + tokens <= this.#tokens)) return 0;
    return oldest.at + MINUTE - now;
  }

  /**
   * Waits, in the order of asking, until a call with this many tokens may be sent; returns what counts the tokens that
   * it makes.
   */
  async admit(tokens: number, signal: AbortSignal): Promise<(more: number) => void> {
    const turn = this.#line.then(async () => {
      for (let wait = this.#wait(tokens); wait > 0; wait = this.#wait(tokens)) await this.#clock.sleep(wait, signal);
      this.#recent.push({ at: this.#clock.now(), tokens });
    });
    this.#line = turn.catch(() => {}); // who gives up does not hold up the next
    await turn;
    return (more) => this.#recent.push({ at: this.#clock.now(), tokens: more });
  }
}

/** So many requests and tokens a minute. Input is estimated before the call, output is counted after it. */
export function paced(inner: LiveProvider, pace: Pace): LiveProvider {
  return {
    ...inner,
    async answer(request, cell, signal) {
      const countMore = await pace.admit(estimatedTokens(request), signal);
      const answer = await inner.answer(request, cell, signal);
      countMore(answer.usage?.outputTokens ?? 0);
      return answer;
    },
  };
}
