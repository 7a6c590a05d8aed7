import { z } from 'zod';
import type { Answer, StopReason } from '../../domain/grading/answer.ts';
import { costOf } from '../../domain/runs/cost.ts';
import type { Price } from '../../domain/runs/models.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { Problem } from '../../ports/provider.ts';

const count = z.number().nonnegative().catch(0);

/** What promptfoo's providers return, as far as it concerns us. */
const responseSchema = z.object({
  output: z.unknown().optional(),
  error: z.string().nullish(),
  tokenUsage: z.object({ prompt: count.optional(), completion: count.optional() }).nullish(),
  cost: z.number().nonnegative().nullish().catch(null),
  finishReason: z.string().nullish().catch(null),
  metadata: z
    .object({
      http: z
        .object({ status: z.number(), headers: z.record(z.string(), z.string()).catch({}) })
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
});

/** Reasons as services have them, and as promptfoo makes them alike. */
const reasons: Readonly<Record<string, StopReason>> = {
  stop: 'end_turn',
  end_turn: 'end_turn',
  length: 'max_tokens',
  max_tokens: 'max_tokens',
  stop_sequence: 'stop_sequence',
  content_filter: 'refusal',
  refusal: 'refusal',
  tool_calls: 'tool_use',
  tool_use: 'tool_use',
};

function byStatus(status: number): Problem {
  if (status === 401 || status === 403) return 'credentials';
  if (status === 402) return 'billing';
  if (status === 404) return 'unknown-model';
  if (status === 429) return 'rate-limit';
  return status >= 500 || status === 408 ? 'server' : 'rejected';
}

interface Failure {
  problem: Problem;
  mayCost: boolean;
  retryAfterMs: number | null;
}

/**
 * What a failure means. promptfoo tells it in words, and mostly with the status; 0 stands for a call without a reply.
 */
function failureIn(error: string, http: { status: number; headers: Record<string, string> } | null): Failure {
  const seconds = Number(http?.headers['retry-after'] ?? Number.NaN);
  const failure = (problem: Problem, mayCost = false): Failure => ({
    problem,
    mayCost,
    retryAfterMs: Number.isNaN(seconds) ? null : seconds * 1000,
  });
  if (http !== null && http.status >= 400) return failure(byStatus(http.status));
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH/.test(error)) return failure('unreachable');
  if (/API key/i.test(error)) return failure('credentials');
  return failure('interrupted', true);
}

/** The answer in a response. Throws `ProviderError` for a failure, or for an answer that is not text. */
export function answerIn(response: unknown, model: string, price: Price | null, latencyMs: number): Answer {
  const parsed = responseSchema.safeParse(response);
  if (!parsed.success)
    throw new ProviderError(`${model}: expected a response of promptfoo, found something else`, {
      problem: 'rejected',
      mayCost: true,
    });
  const { output, error, tokenUsage, cost, finishReason, metadata } = parsed.data;
  if (error !== null && error !== undefined)
    throw new ProviderError(`${model}: ${error}`, failureIn(error, metadata?.http ?? null));
  if (typeof output !== 'string')
    throw new ProviderError(
      `${model}: expected a text, found ${output === undefined || output === null ? 'nothing' : typeof output}`,
      { problem: 'rejected', mayCost: true },
    );
  const { prompt, completion } = tokenUsage ?? {};
  const usage =
    prompt === undefined || completion === undefined
      ? null
      : { inputTokens: prompt, outputTokens: completion, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return {
    text: output,
    stopReason: reasons[finishReason ?? ''] ?? 'unknown',
    usage,
    costUsd: price === null ? (cost ?? null) : costOf(usage, price),
    ...(price === null ? {} : { paid: { ...price, factor: 1 } }),
    latencyMs,
    firstTokenMs: null,
    reportedModel: null,
    date: new Date().toISOString().slice(0, 10),
  };
}
