import type { Answer } from '../domain/grading/answer.ts';
import type { Evidence } from '../domain/grading/check.ts';
import type { Cell } from '../domain/grading/cell.ts';
import type { Request } from '../domain/grading/prompt.ts';

/**
 * Why there is no answer.
 * - `missing`: there is none to be had (no such recording)
 * - `rejected`: the service does not take this request; asking again is of no use
 * - `credentials`, `billing`, `unknown-model`, `unreachable`: the service takes nothing from us at present
 * - `rate-limit`, `overloaded`, `server`, `interrupted`, `stalled`, `malformed`: it may go better the next time
 * - `budget`: the call would have cost more than is left
 * - `pending`: a batch is at it
 */
export type Problem =
  | 'missing'
  | 'rejected'
  | 'credentials'
  | 'billing'
  | 'unknown-model'
  | 'unreachable'
  | 'rate-limit'
  | 'overloaded'
  | 'server'
  | 'interrupted'
  | 'stalled'
  | 'malformed'
  | 'budget'
  | 'pending';

interface Circumstances {
  problem?: Problem;
  /** Milliseconds that the service asks us to wait. */
  retryAfterMs?: number | null;
  /** Whether the call may have to be paid although no answer came of it. */
  mayCost?: boolean;
  /** The program that gave no answer, with what it printed. */
  evidence?: Evidence;
  cause?: unknown;
}

/** Our failure to get an answer: the cell is ungraded, the model is not blamed. */
export class ProviderError extends Error {
  override name = 'ProviderError';
  readonly problem: Problem;
  readonly retryAfterMs: number | null;
  readonly mayCost: boolean;
  readonly evidence: Evidence | null;

  constructor(
    message: string,
    { problem = 'missing', retryAfterMs = null, mayCost = false, evidence, cause }: Circumstances = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
    this.mayCost = mayCost;
    this.evidence = evidence ?? null;
  }

  /** The same failure in other words. */
  reworded(message: string, cause?: unknown): ProviderError {
    const { problem, retryAfterMs, mayCost, evidence } = this;
    return new ProviderError(message, {
      problem,
      retryAfterMs,
      mayCost,
      ...(evidence === null ? {} : { evidence }),
      cause,
    });
  }
}

/** Something that answers requests. */
export interface Provider {
  /** The prefix by which suites name it (`recorded`). */
  id: string;
  /**
   * Rejects with `ProviderError` when there is no answer to be had, and with the signal's reason when that ends the
   * call.
   */
  answer(request: Request, cell: Cell, signal: AbortSignal): Promise<Answer>;
}

/** What a call uses, or can use at most. `null` means not known, never zero. */
export interface Use {
  /** Input and output together. */
  tokens: number | null;
  costUsd: number | null;
}

/** A provider that asks a service. Retry, cache, budget and limits are decorators around it. */
export interface LiveProvider extends Provider {
  /** The name under which suites and cells have it (`anthropic:claude-sonnet-5`). */
  model: string;
  /** What besides the request decides the answer: part of the address under which the answer is kept. No secrets. */
  settings: Readonly<Record<string, unknown>>;
  /** The most that one call can use. Rejects with `ProviderError`. */
  worstCase(request: Request, signal: AbortSignal): Promise<Use>;
}
