import type { Clock } from '../../ports/clock.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { LiveProvider, Problem } from '../../ports/provider.ts';

export interface RetryPolicy {
  /** Calls for one answer, the first included. */
  attempts: number;
  /** Upper end of the delay before the second call; it doubles from call to call. */
  firstDelayMs: number;
  longestDelayMs: number;
  /** A service that asks for a longer wait than this is not waited for. */
  patienceMs: number;
}

const worthAnotherTry: ReadonlySet<Problem> = new Set<Problem>([
  'unreachable',
  'rate-limit',
  'overloaded',
  'server',
  'interrupted',
  'stalled',
  'malformed',
]);

/**
 * Before the next call: what the service asks for at least, and beyond that anything up to a limit that doubles (full
 * jitter).
 */
function delayBefore(attempt: number, retryAfterMs: number | null, policy: RetryPolicy, clock: Clock): number {
  const jitter = clock.random() * Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
  return (retryAfterMs ?? 0) + jitter;
}

/** Does work again while it fails with what may pass. Rejects with the last failure. */
export async function withRetries<T>(
  work: () => Promise<T>,
  policy: RetryPolicy,
  clock: Clock,
  signal: AbortSignal,
  worth = worthAnotherTry,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ProviderError) || !worth.has(error.problem)) throw error;
      const { message, retryAfterMs } = error;
      if ((retryAfterMs ?? 0) > policy.patienceMs) {
        throw error.reworded(
          `${message}; the service asks to wait ${Math.round((retryAfterMs ?? 0) / 1000)} s, ` +
            'which is longer than a run waits: resume it later',
          error,
        );
      }
      if (attempt >= policy.attempts) {
        throw error.reworded(`${message}; asked ${attempt} ${attempt === 1 ? 'time' : 'times'}`, error);
      }
      await clock.sleep(delayBefore(attempt, retryAfterMs, policy, clock), signal);
    }
  }
}

/** Asks again while a call fails with what may pass. */
export function retrying(inner: LiveProvider, policy: RetryPolicy, clock: Clock): LiveProvider {
  return {
    ...inner,
    answer: (request, cell, signal) => withRetries(() => inner.answer(request, cell, signal), policy, clock, signal),
  };
}
