import type { Usage } from '../domain/answer.ts';
import type { Price } from '../domain/models.ts';

/** Claude's cache: a quarter more than input to write, a tenth of it to read. */
const claude = (input: number, output: number): Price => ({ input, output, cacheRead: input / 10, cacheWrite: input * 1.25 });

/** What the services asked for on a day. A model that is not here has no known price, which is not a price of nothing. */
export const priceTable: { date: string; source: string; models: Readonly<Record<string, Price>> } = {
  date: '2026-09-22',
  source: 'the table of promptfoo 0.123.1',
  models: {
    'anthropic:claude-fable-5-1': claude(10, 50),
    'anthropic:claude-fable-5': claude(10, 50),
    'anthropic:claude-mythos-5-1': claude(10, 50),
    'anthropic:claude-mythos-5': claude(10, 50),
    'anthropic:claude-mythos-preview': claude(25, 125),
    'anthropic:claude-opus-5': claude(5, 25),
    'anthropic:claude-opus-4-8': claude(5, 25),
    'anthropic:claude-opus-4-7': claude(5, 25),
    'anthropic:claude-opus-4-6': claude(5, 25),
    'anthropic:claude-opus-4-5': claude(5, 25),
    'anthropic:claude-opus-4-5-20251101': claude(5, 25),
    'anthropic:claude-sonnet-5': claude(2, 10),
    'anthropic:claude-sonnet-4-6': claude(3, 15),
    'anthropic:claude-sonnet-4-5': claude(3, 15),
    'anthropic:claude-sonnet-4-5-20250929': claude(3, 15),
    'anthropic:claude-haiku-4-5': claude(1, 5),
    'anthropic:claude-haiku-4-5-20251001': claude(1, 5),
  },
};

const MILLION = 1_000_000;

/** What a usage costs, in US dollars; null when usage or price is not known. */
export function costOf(usage: Usage | null, price: Price | null, factor = 1): number | null {
  if (usage === null || price === null) return null;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const total = inputTokens * price.input + outputTokens * price.output + cacheReadTokens * price.cacheRead + cacheWriteTokens * price.cacheWrite;
  return (total * factor) / MILLION;
}

/** The most that a call can cost; null when its size or its price is not known. */
export function mostCost(inputTokens: number, outputTokens: number | null, price: Price | null, factor = 1): number | null {
  if (outputTokens === null || price === null) return null;
  return ((inputTokens * Math.max(price.input, price.cacheWrite) + outputTokens * price.output) * factor) / MILLION;
}
