import { ProviderError } from '../../ports/provider.ts';
import type { LiveProvider, Problem } from '../../ports/provider.ts';

/** What the next call would meet too. */
const lasting: ReadonlySet<Problem> = new Set<Problem>(['credentials', 'billing', 'unknown-model', 'unreachable']);

/** What a service, or a model of it, refused us as a whole. */
export interface Fuse {
  blown: ProviderError | null;
}

/** The fuse of a service is shared by its models. */
export interface Fuses {
  service: Fuse;
  model: Fuse;
}

/** Sends nothing more where nothing is taken from us: the first refusal speaks for all calls. */
export function fused(inner: LiveProvider, { service, model }: Fuses): LiveProvider {
  return {
    ...inner,
    async answer(request, cell, signal) {
      const refusal = service.blown ?? model.blown;
      if (refusal !== null) throw refusal;
      try {
        return await inner.answer(request, cell, signal);
      } catch (error) {
        if (error instanceof ProviderError && lasting.has(error.problem)) {
          const fuse = error.problem === 'unknown-model' ? model : service;
          fuse.blown ??= error;
        }
        throw error;
      }
    },
  };
}
