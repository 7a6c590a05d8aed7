import { z } from 'zod';
import { priceSchema } from '../runs/models.ts';

/** Why a model stopped. `unknown` when the service or the recording did not say: unknown is never read as complete. */
export const stopReasons = [
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'refusal',
  'tool_use',
  'pause_turn',
  'model_context_window_exceeded',
  'unknown',
] as const;

/** What one call used, in tokens. */
export const usageSchema = z.strictObject({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  cacheReadTokens: z.int().nonnegative(),
  cacheWriteTokens: z.int().nonnegative(),
});

/** The price of the model's tokens on that day, and the part of it that was paid: half in a batch. */
export const paidSchema = z.strictObject({ ...priceSchema.shape, factor: z.number().positive() });

/** What a model returned for a cell. `null` means not known, never zero. */
export const answerSchema = z.strictObject({
  /** The text, exactly as it came. */
  text: z.string(),
  stopReason: z.enum(stopReasons),
  usage: usageSchema.nullable(),
  costUsd: z.number().nonnegative().nullable(),
  /** Where the cost is that of the usage. Answers of earlier versions have none. */
  paid: paidSchema.optional(),
  /** Milliseconds from the request to the end of the answer. */
  latencyMs: z.number().nonnegative().nullable(),
  /** Milliseconds from the request to the first token; null also where the answer came in one piece. */
  firstTokenMs: z.number().nonnegative().nullable().default(null),
  /** The model id that the service reported. */
  reportedModel: z.string().nullable(),
  /** The day the answer was given (YYYY-MM-DD): its dependencies are resolved as of the end of that day. */
  date: z.iso.date(),
});

export type Answer = z.infer<typeof answerSchema>;
export type StopReason = Answer['stopReason'];
export type Paid = z.infer<typeof paidSchema>;
export type Usage = z.infer<typeof usageSchema>;
