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

/** Measures, prints, and keeps with `--write`. */
export async function bench(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: { cells: { type: 'string', default: '1000' }, write: { type: 'boolean', default: false } },
  });
  const state = await mkdtemp(join(tmpdir(), 'cupel-bench-'));
  try {
    const cache = diskAnswers(state);
    const text = await readFile(recording, 'utf8');
    const answer: Answer = {
      text,
      stopReason: 'end_turn',
      usage: null,
      costUsd: null,
      latencyMs: null,
      firstTokenMs: null,
      reportedModel: null,
      date: '2026-01-01',
    };
    const cells = Array.from({ length: Number(values.cells) }, (_, index): Cell => ({
      prompt: 'p@1',
      scenario: 's',
      model: 'bench:none',
      repeat: index + 1,
    }));
    const keys = cells.map(({ repeat }) => hashOf(addressOf(provider, request, repeat)));
    await perItem(keys, (key) => cache.put(key, answer));
    const asked = cached(provider, cache, hashOf, { asked: 0, cached: 0 });
    const signal = new AbortController().signal;
    const reading = await perItem(keys, (key) =>
      readFile(join(state, 'answers', key.slice(0, 2), `${key}.json`), 'utf8'),
    );
    const answering = await perItem(cells, (cell) => asked.answer(request, cell, signal));
    const rows = [
      ['what', 'a cell', 'beside', 'asked'],
      ['reading the file of an answer', milliseconds(reading), '', ''],
      [
        'an answer from the cache',
        milliseconds(answering),
        `${(answering / reading).toFixed(1)} times reading; ${milliseconds(answering - reading)} beyond it`,
        'under 2 ms beyond reading',
      ],
    ];
    print(
      'answers',
      'Answers from the cache',
      `${markdownTable(rows)}\n\n${cells.length} answers of ${Math.round(text.length / 1024)} KB.`,
      values.write,
    );
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}
