import type { Price } from '../domain/runs/models.ts';

/** Claude's cache: a quarter more than input to write, a tenth of it to read. */
const claude = (input: number, output: number): Price => ({
  input,
  output,
  cacheRead: input / 10,
  cacheWrite: input * 1.25,
});

/**
 * What the services asked for on a day. A model that is not here has no known price, which is not a price of nothing.
 */
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
