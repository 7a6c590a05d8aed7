import { ProviderError } from '../../contract/provider.ts';
import type { LiveProvider, Problem } from '../../contract/provider.ts';

/** Refusals that hold for every call, so that trying again tells nothing new. */
export const refusals: ReadonlySet<Problem> = new Set<Problem>(['credentials', 'billing', 'unknown-model']);

/** Failures that, when all tries have met them, the next call would meet too. */
export const outages: ReadonlySet<Problem> = new Set<Problem>(['unreachable']);

/** What a service, or a model of it, refused us as a whole. */
export interface Fuse {
  blown: ProviderError | null;
}

/** The fuse of a service is shared by its models. */
export interface Fuses {
  service: Fuse;
  model: Fuse;
}

/** Sends nothing more where nothing is taken from us: the first of these problems speaks for all calls. */
export function fused(inner: LiveProvider, { service, model }: Fuses, problems: ReadonlySet<Problem>): LiveProvider {
  return {
    ...inner,
    async answer(request, cell, signal) {
      const known = service.blown ?? model.blown;
      if (known !== null) throw known;
      try {
        return await inner.answer(request, cell, signal);
      } catch (error) {
        if (error instanceof ProviderError && problems.has(error.problem)) {
          const fuse = error.problem === 'unknown-model' ? model : service;
          fuse.blown ??= error;
        }
        throw error;
      }
    },
  };
}
