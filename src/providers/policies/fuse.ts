import { ProviderError } from '../../contract/provider.ts';
import type { LiveProvider, Problem } from '../../contract/provider.ts';

const hopeless: ReadonlySet<Problem> = new Set<Problem>(['credentials', 'billing', 'unreachable']);

/** What a service refused us as a whole; shared by its models. */
export interface Fuse {
  blown: ProviderError | null;
}

/** Sends nothing more to a service that takes nothing from us: the first refusal speaks for all. */
export function fused(inner: LiveProvider, service: Fuse): LiveProvider {
  const model: Fuse = { blown: null };
  return {
    ...inner,
    async answer(request, cell, signal) {
      const known = service.blown ?? model.blown;
      if (known !== null) throw known;
      try {
        return await inner.answer(request, cell, signal);
      } catch (error) {
        if (error instanceof ProviderError && hopeless.has(error.problem)) service.blown ??= error;
        if (error instanceof ProviderError && error.problem === 'unknown-model') model.blown ??= error;
        throw error;
      }
    },
  };
}
