import { z } from 'zod';
import type { Answer, StopReason } from '../../domain/answer.ts';
import type { Price } from '../../domain/models.ts';
import { ProviderError } from '../../contract/provider.ts';
import type { Problem } from '../../contract/provider.ts';
import { costOf } from '../prices.ts';

const count = z.number().nonnegative().catch(0);

/** What promptfoo's providers return, as far as it concerns us. */
const responseSchema = z.object({
  output: z.unknown(),
  error: z.string().nullish(),
  tokenUsage: z.object({ prompt: count.optional(), completion: count.optional() }).nullish(),
  cost: z.number().nonnegative().nullish().catch(null),
  finishReason: z.string().nullish().catch(null),
  metadata: z.object({ http: z.object({ status: z.number() }).nullish().catch(null) }).nullish().catch(null),
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

/** What a failure means; promptfoo tells it in words. */
export function problemIn(error: string, status: number | null): { problem: Problem; mayCost: boolean } {
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH/.test(error)) return { problem: 'unreachable', mayCost: false };
  const told = status ?? Number(/\b(?:API error|status(?: code)?|HTTP)\D{0,12}([45]\d\d)\b/i.exec(error)?.[1] ?? Number.NaN);
  if (!Number.isNaN(told)) return { problem: byStatus(told), mayCost: false };
  if (/API key|unauthori[sz]ed/i.test(error)) return { problem: 'credentials', mayCost: false };
  return { problem: 'interrupted', mayCost: true };
}

/** The answer in a response. Throws `ProviderError` for a failure, or for what is no text. */
export function answerIn(response: unknown, model: string, price: Price | null, latencyMs: number): Answer {
  const { output, error, tokenUsage, cost, finishReason, metadata } = responseSchema.parse(response);
  if (error !== null && error !== undefined) throw new ProviderError(`${model}: ${error}`, problemIn(error, metadata?.http?.status ?? null));
  if (typeof output !== 'string') throw new ProviderError(`${model}: expected a text, found ${output === undefined || output === null ? 'nothing' : typeof output}`, { problem: 'rejected', mayCost: true });
  const { prompt, completion } = tokenUsage ?? {};
  const usage = prompt === undefined || completion === undefined ? null : { inputTokens: prompt, outputTokens: completion, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return {
    text: output,
    stopReason: reasons[finishReason ?? ''] ?? 'unknown',
    usage,
    costUsd: price === null ? (cost ?? null) : costOf(usage, price),
    latencyMs,
    firstTokenMs: null,
    reportedModel: null,
    date: new Date().toISOString().slice(0, 10),
  };
}
