import type { Usage } from '../grading/answer.ts';
import type { Price } from './models.ts';

const MILLION = 1_000_000;

/** What a usage costs, in US dollars; null when usage or price is not known. */
export function costOf(usage: Usage | null, price: Price | null, factor = 1): number | null {
  if (usage === null || price === null) return null;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const total =
    inputTokens * price.input +
    outputTokens * price.output +
    cacheReadTokens * price.cacheRead +
    cacheWriteTokens * price.cacheWrite;
  return (total * factor) / MILLION;
}

/** The most that a call can cost; null when its size or its price is not known. */
export function mostCost(
  inputTokens: number,
  outputTokens: number | null,
  price: Price | null,
  factor = 1,
): number | null {
  if (outputTokens === null || price === null) return null;
  return ((inputTokens * Math.max(price.input, price.cacheWrite) + outputTokens * price.output) * factor) / MILLION;
}
