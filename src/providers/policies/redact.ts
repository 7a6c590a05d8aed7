import { redact } from '../../formats/redact.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { LiveProvider } from '../../ports/provider.ts';

/** Lets no secret out: neither in an answer nor in the words of an error. */
export function redacting(inner: LiveProvider, secrets: readonly string[]): LiveProvider {
  return {
    ...inner,
    async answer(request, cell, signal) {
      try {
        const answer = await inner.answer(request, cell, signal);
        return { ...answer, text: redact(answer.text, secrets) };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const { message, problem, retryAfterMs, mayCost, evidence } = error;
        // Without its cause, which may quote headers.
        throw new ProviderError(redact(message, secrets), {
          problem,
          retryAfterMs,
          mayCost,
          ...(evidence === null ? {} : { evidence: { ...evidence, output: redact(evidence.output, secrets) } }),
        });
      }
    },
  };
}
