import type { Answer } from '../../domain/answer.ts';
import { errored } from '../../domain/check.ts';
import type { CheckResult } from '../../domain/check.ts';
import type { PlannedCell } from '../../domain/question.ts';
import { ProviderError } from '../../contract/provider.ts';
import type { Provider } from '../../contract/provider.ts';

/** An answer, or why there is none: our failure, filed as an errored check. */
export type Generated = { answer: Answer } | { missing: CheckResult };

/** Asks the cell's model. */
export async function generate({ cell, request }: PlannedCell, provider: Provider, signal: AbortSignal): Promise<Generated> {
  try {
    return { answer: await provider.answer(request, cell, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ProviderError)) throw error;
    return { missing: { id: 'answer/received', ...errored({ reason: error.message }) } };
  }
}
