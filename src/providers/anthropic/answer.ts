import type {
  Message,
  RawMessageStreamEvent,
  StopReason as ServiceStopReason,
  Usage as ServiceUsage,
} from '@anthropic-ai/sdk/resources/messages';
import { stopReasons } from '../../domain/grading/answer.ts';
import type { Answer, StopReason, Usage } from '../../domain/grading/answer.ts';
import { costOf } from '../../domain/runs/cost.ts';
import type { Price } from '../../domain/runs/models.ts';
import { ProviderError } from '../../ports/provider.ts';

/** A reason that is new to us is `unknown`, which is never read as complete. */
const stopReason = (reason: ServiceStopReason | null): StopReason =>
  stopReasons.find((known) => known === reason) ?? 'unknown';

type Counted = Partial<
  Record<'input_tokens' | 'output_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens', number | null>
>;

function usageOf(counted: Counted): Usage {
  return {
    inputTokens: counted.input_tokens ?? 0,
    outputTokens: counted.output_tokens ?? 0,
    cacheReadTokens: counted.cache_read_input_tokens ?? 0,
    cacheWriteTokens: counted.cache_creation_input_tokens ?? 0,
  };
}

/** What is known of an answer when it is whole. */
interface Parts {
  text: string;
  stop: ServiceStopReason | null;
  counted: Counted;
  model: string;
  price: Price | null;
  factor: number;
  latencyMs: number | null;
  firstTokenMs: number | null;
}

function assembled({ text, stop, counted, model, price, factor, latencyMs, firstTokenMs }: Parts): Answer {
  const usage = usageOf(counted);
  return {
    text,
    stopReason: stopReason(stop),
    usage,
    costUsd: costOf(usage, price, factor),
    ...(price === null ? {} : { paid: { ...price, factor } }),
    latencyMs,
    firstTokenMs,
    reportedModel: model,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** The answer of a batch: half the price, no times. */
export function fromBatch(message: Message, price: Price | null): Answer {
  const text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const counted: Counted = message.usage satisfies Pick<ServiceUsage, keyof Counted>;
  return assembled({
    text,
    stop: message.stop_reason,
    counted,
    model: message.model,
    price,
    factor: 0.5,
    latencyMs: null,
    firstTokenMs: null,
  });
}

/**
 * Reads a stream to its end. `elapsed`: milliseconds since the call. Rejects when the stream ends before the message
 * does.
 */
export async function fromStream(
  events: AsyncIterable<RawMessageStreamEvent>,
  price: Price | null,
  elapsed: () => number,
  begun: () => void,
): Promise<Answer> {
  let text = '';
  let model: string | null = null;
  let stop: ServiceStopReason | null = null;
  let counted: Counted = {};
  let firstTokenMs: number | null = null;
  for await (const event of events) {
    if (event.type === 'message_start') {
      begun();
      model = event.message.model;
      counted = { ...event.message.usage };
    } else if (event.type === 'content_block_delta') {
      firstTokenMs ??= elapsed();
      if (event.delta.type === 'text_delta') text += event.delta.text;
    } else if (event.type === 'message_delta') {
      stop = event.delta.stop_reason;
      const counts = Object.entries(event.usage).filter(([, value]) => typeof value === 'number');
      counted = { ...counted, ...Object.fromEntries(counts) };
    } else if (event.type === 'message_stop' && model !== null) {
      return assembled({ text, stop, counted, model, price, factor: 1, latencyMs: elapsed(), firstTokenMs });
    }
  }
  throw new ProviderError('the stream ended before the answer did', { problem: 'interrupted', mayCost: true });
}
