import type { Answer } from '../domain/answer.ts';
import type { Cell } from '../domain/cell.ts';
import type { Request } from '../domain/prompt.ts';

/** Our failure to get an answer: the cell is ungraded, the model is not blamed. */
export class ProviderError extends Error {
  override name = 'ProviderError';
}

/** Something that answers requests. Retry, cache, budget and rate limits are decorators around it. */
export interface Provider {
  /** The prefix by which suites name it (`recorded`). */
  id: string;
  /** Rejects with `ProviderError` when there is no answer to be had. */
  answer(request: Request, cell: Cell, signal: AbortSignal): Promise<Answer>;
}
