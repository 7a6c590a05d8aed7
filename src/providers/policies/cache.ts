import type { Answer } from '../../domain/grading/answer.ts';
import { messagesOf } from '../../domain/grading/prompt.ts';
import type { Request } from '../../domain/grading/prompt.ts';
import type { AnswerCache } from '../../ports/answers.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { LiveProvider } from '../../ports/provider.ts';

/** How many answers came from where. */
export interface Tally {
  asked: number;
  cached: number;
}

/** What an answer is kept under: everything that decides it, and which repeat it is. */
export function addressOf(provider: Pick<LiveProvider, 'settings'>, request: Request, repeat: number): unknown {
  return ['answer', provider.settings, request.system, messagesOf(request), repeat];
}

/**
 * Asks only for what nobody has asked before, in this process or another. `afresh` leaves kept answers alone and asks
 * again.
 */
export function cached(
  inner: LiveProvider,
  cache: AnswerCache,
  hash: (value: unknown) => string,
  tally: Tally,
  afresh = false,
): LiveProvider {
  return {
    ...inner,
    async answer(request, cell, signal) {
      const key = hash(addressOf(inner, request, cell.repeat));
      const keptAnswer = async (): Promise<Answer | null> => {
        const answer = afresh ? null : await cache.get(key);
        if (answer !== null) tally.cached += 1;
        return answer;
      };
      return (
        (await keptAnswer()) ??
        cache.alone(key, signal, async () => {
          const meanwhile = await keptAnswer();
          if (meanwhile !== null) return meanwhile;
          const batch = await cache.pending(key);
          if (batch !== null)
            throw new ProviderError(`batch ${batch} is at this answer; cupel run --batch collect takes it`, {
              problem: 'pending',
            });
          const answer = await inner.answer(request, cell, signal);
          tally.asked += 1;
          return answer;
        })
      );
    },
  };
}

/** Lets an answer count when it is on disk, and asks for none that would find no room there. */
export function withCache(inner: LiveProvider, cache: AnswerCache, hash: (value: unknown) => string): LiveProvider {
  return {
    ...inner,
    async answer(request, cell, signal) {
      await cache.expectRoom();
      const answer = await inner.answer(request, cell, signal);
      await cache.put(hash(addressOf(inner, request, cell.repeat)), answer);
      return answer;
    },
  };
}
