/**
 * Answers from the cache: what a cell costs beyond reading its answer. Usage: npm run bench -- answers [--cells 1000]
 * [--write]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Answer } from '../../src/domain/grading/answer.ts';
import type { Cell } from '../../src/domain/grading/cell.ts';
import type { LiveProvider } from '../../src/ports/provider.ts';
import { addressOf, cached } from '../../src/providers/policies/cache.ts';
import { diskAnswers } from '../../src/store/state/answer-cache.ts';
import { markdownTable } from '../../src/reporters/table.ts';
import { hashOf } from '../../src/store/files/hash.ts';
import { answerWith } from '../../tests/support/answer.ts';
import { milliseconds, print } from './measure.ts';

const recording = join(import.meta.dirname, '..', '..', 'evals', 'recordings', 'hmac-verification@2.1.r1.md');
const request = { system: 'You answer.', user: 'Write a service. '.repeat(400), hash: 'bench' };
const provider: LiveProvider = {
  id: 'bench',
  model: 'bench:none',
  settings: { model: 'none' },
  worstCase: () => Promise.resolve({ tokens: null, costUsd: null }),
  answer: () => Promise.reject(new Error('everything is in the cache')),
};

/** Milliseconds for each of the items, one after the other. */
async function perItem<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (const item of items) await work(item);
  return (performance.now() - started) / items.length;
}

const cellsOf = (count: number): Cell[] =>
  Array.from({ length: count }, (_, index) => ({
    prompt: 'p@1',
    scenario: 's',
    model: 'bench:none',
    repeat: index + 1,
  }));

/** Milliseconds for reading the file of an answer, and for getting it from the cache. */
async function measure(state: string, cells: readonly Cell[], answer: Answer): Promise<[number, number]> {
  const cache = diskAnswers(state);
  const keys = cells.map(({ repeat }) => hashOf(addressOf(provider, request, repeat)));
  await perItem(keys, (key) => cache.put(key, answer));
  const fromCache = cached(provider, cache, hashOf, { asked: 0, cached: 0 });
  const { signal } = new AbortController();
  const reading = await perItem(keys, (key) =>
    readFile(join(state, 'answers', key.slice(0, 2), `${key}.json`), 'utf8'),
  );
  return [reading, await perItem(cells, (cell) => fromCache.answer(request, cell, signal))];
}

function table(reading: number, answering: number): string {
  const beside = `${(answering / reading).toFixed(1)} times reading; ${milliseconds(answering - reading)} beyond it`;
  return markdownTable([
    ['what', 'a cell', 'beside', 'asked'],
    ['reading the file of an answer', milliseconds(reading), '', ''],
    ['an answer from the cache', milliseconds(answering), beside, 'under 2 ms beyond reading'],
  ]);
}

/** Measures, prints, and keeps with `--write`. */
export async function bench(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: { cells: { type: 'string', default: '1000' }, write: { type: 'boolean', default: false } },
  });
  const state = await mkdtemp(join(tmpdir(), 'cupel-bench-'));
  try {
    const text = await readFile(recording, 'utf8');
    const cells = cellsOf(Number(values.cells));
    const [reading, answering] = await measure(state, cells, answerWith(text));
    const size = `${cells.length} answers of ${Math.round(text.length / 1024)} KB.`;
    print('answers', 'Answers from the cache', `${table(reading, answering)}\n\n${size}`, values.write);
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}
