import type { Answer } from '../../domain/grading/answer.ts';
import { errored } from '../../domain/grading/check.ts';
import type { CheckResult } from '../../domain/grading/check.ts';
import type { PlannedCell } from '../../domain/grading/question.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { Provider } from '../../ports/provider.ts';

/** An answer, or why there is none: our failure, filed as an errored check. */
export type Generated = { answer: Answer } | { missing: CheckResult };

/** Asks the cell's model. */
export async function generate(
  { cell, request }: PlannedCell,
  provider: Provider,
  signal: AbortSignal,
): Promise<Generated> {
  try {
    return { answer: await provider.answer(request, cell, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ProviderError)) throw error;
    return {
      missing: {
        id: 'answer/received',
        ...errored({ reason: error.message, evidence: error.evidence === null ? [] : [error.evidence] }),
      },
    };
  }
}
