import { randomUUID } from 'node:crypto';
import type { Answer } from '../../domain/grading/answer.ts';
import { cellName } from '../../domain/grading/cell.ts';
import type { Ledger } from '../../ports/answers.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { LiveProvider, Use } from '../../ports/provider.ts';

/** The most that a run may use; null for no limit. */
export interface Budget {
  costUsd: number | null;
  tokens: number | null;
}

const kinds = ['costUsd', 'tokens'] as const;
const shown = { costUsd: (value: number) => `$${value.toFixed(4)}`, tokens: (value: number) => `${value} tokens` };
const nothing: Use = { tokens: 0, costUsd: 0 };

/** What was used: by a call without an answer either nothing or, for all that we know, everything. */
function used(outcome: Answer | ProviderError, atMost: Use): Use {
  if (outcome instanceof ProviderError) return outcome.mayCost ? atMost : nothing;
  const { usage, costUsd } = outcome;
  const tokens =
    usage === null ? null : usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return { tokens: tokens ?? atMost.tokens, costUsd: costUsd ?? atMost.costUsd };
}

/**
 * What is left of a budget. Every call is reserved with the most that it can use before it is sent, so the sum never
 * exceeds the budget.
 */
export class Account {
  readonly #budget: Budget;
  readonly #ledger: Ledger;
  readonly #spent: { tokens: number; costUsd: number };
  /** Calls of whose cost nothing is known. */
  unpriced = 0;
  readonly #open = new Map<string, Use>();
  #settled = Promise.withResolvers<void>();

  /** `earlier`: what was used before, calls without a known end included. */
  constructor(budget: Budget, ledger: Ledger, earlier: Use) {
    this.#budget = budget;
    this.#ledger = ledger;
    this.#spent = { tokens: earlier.tokens ?? 0, costUsd: earlier.costUsd ?? 0 };
  }

  /** What was used so far, calls that are under way not counted. */
  get spent(): { tokens: number; costUsd: number } {
    return { ...this.#spent };
  }

  /** Why a call does not fit beside what is spent and reserved; null when it does. */
  #obstacle(atMost: Use): string | null {
    for (const kind of kinds) {
      const limit = this.#budget[kind];
      if (limit === null) continue;
      const most = atMost[kind];
      if (most === null)
        return `the budget of ${shown[kind](limit)} cannot be kept: what a call can use at most is not known`;
      const reserved = [...this.#open.values()].reduce((sum, use) => sum + (use[kind] ?? 0), 0);
      if (this.#spent[kind] + reserved + most > limit) {
        const spent = shown[kind](this.#spent[kind]);
        return (
          `the budget of ${shown[kind](limit)} does not bear another call: ` +
          `${spent} are spent, and a call can use ${shown[kind](most)}`
        );
      }
    }
    return null;
  }

  /**
   * Reserves the most that a call can use; waits for calls under way when they may leave enough. Rejects with
   * `ProviderError`.
   */
  async reserve(model: string, request: string, atMost: Use, signal: AbortSignal): Promise<string> {
    for (let why = this.#obstacle(atMost); why !== null; why = this.#obstacle(atMost)) {
      if (this.#open.size === 0)
        throw new ProviderError(`${why}; resume the run with a larger --budget`, { problem: 'budget' });
      await this.#settled.promise;
      signal.throwIfAborted();
    }
    const call = randomUUID();
    this.#open.set(call, atMost);
    try {
      await this.#ledger.begin(call, { model, request, atMost });
    } catch (error) {
      this.#close(call, nothing); // what cannot be written down is not sent
      throw error;
    }
    return call;
  }

  async settle(call: string, outcome: Answer | ProviderError): Promise<void> {
    const use = used(outcome, this.#open.get(call) ?? nothing);
    this.#close(call, use);
    await this.#ledger.end(call, use);
  }

  #close(call: string, use: Use): void {
    this.#open.delete(call);
    if (use.costUsd === null) this.unpriced += 1;
    for (const kind of kinds) this.#spent[kind] += use[kind] ?? 0;
    const waiting = this.#settled;
    this.#settled = Promise.withResolvers();
    waiting.resolve();
  }
}

/** Sends nothing that could exceed the budget; each attempt counts. */
export function budgeted(inner: LiveProvider, account: () => Account): LiveProvider {
  return {
    ...inner,
    async answer(request, cell, signal) {
      const atMost = await inner.worstCase(request, signal);
      const call = await account().reserve(inner.model, cellName(cell), atMost, signal);
      let outcome: Answer | ProviderError = new ProviderError('ended from outside', { mayCost: true });
      try {
        outcome = await inner.answer(request, cell, signal);
        return outcome;
      } catch (error) {
        if (error instanceof ProviderError) outcome = error;
        throw error;
      } finally {
        // What came is paid and counts, even where its end cannot be written down: its beginning stands, and counts in
        // full.
        await account()
          .settle(call, outcome)
          .catch((error: unknown) => {
            if (outcome instanceof ProviderError) throw error;
          });
      }
    },
  };
}
