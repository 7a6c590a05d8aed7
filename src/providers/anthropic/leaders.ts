import type { Answer } from '../../domain/grading/answer.ts';
import type { Request } from '../../domain/grading/prompt.ts';
import { estimatedTokens } from '../tokens.ts';

/** The service does not remember shorter beginnings. */
const SHORTEST_KEPT = 1024;

/** One call. `keep`: the service should remember the request; `begun` is called when its answer begins to come. */
export type Call = (keep: boolean, begun: () => void) => Promise<Answer>;

/**
 * Of equal requests the first goes alone until its answer begins: only then can the others read what it made the
 * service keep. `repeated` says whether the very same request will be asked again.
 */
export function behindLeaders(
  repeated: (request: Request) => boolean,
): (request: Request, call: Call) => Promise<Answer> {
  const leaders = new Map<string, Promise<void>>();
  return async (request, call) => {
    if (!repeated(request) || estimatedTokens(request) < SHORTEST_KEPT) return call(false, () => {});
    const leader = leaders.get(request.hash);
    if (leader !== undefined) {
      await leader;
      return call(true, () => {});
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    leaders.set(request.hash, promise);
    try {
      return await call(true, resolve);
    } finally {
      resolve();
    }
  };
}
