import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { pipeline } from '../../../src/probe/http/exchange.ts';
import type { Request } from '../../../src/probe/http/message.ts';

const clean: (() => void)[] = [];
afterEach(() => {
  for (const step of clean.splice(0)) step();
});

/** A server that counts its requests; `closes`: it ends each connection after an answer. */
async function server(closes: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'cupel-exchange-'));
  const socket = join(folder, 's');
  const asked: string[] = [];
  const http = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (closes) response.setHeader('Connection', 'close');
    response.end('{}');
  });
  await new Promise<void>((resolve) => void http.listen(socket, resolve));
  clean.push(
    () => http.close().closeAllConnections(),
    () => rmSync(folder, { recursive: true, force: true }),
  );
  return { socket, asked };
}

const requests = (count: number): Request[] =>
  Array.from({ length: count }, (_, index) => ({
    method: 'POST',
    path: `/${index}`,
    headers: [
      ['Host', 'localhost'],
      ['Content-Length', '0'],
    ],
    body: new Uint8Array(),
    framing: 'length',
    timeoutMs: 1000,
  }));

describe('requests that are sent without waiting for answers', () => {
  test('are all answered, each once, by a program that keeps its connections', async () => {
    const { socket, asked } = await server(false);
    const replies = await pipeline(socket, requests(30), 3, 10_000);
    expect(replies?.map(({ kind }) => kind)).toEqual(Array.from({ length: 30 }, () => 'answer'));
    expect(asked.toSorted()).toEqual(
      requests(30)
        .map(({ path }) => path)
        .toSorted(),
    );
  });

  test('cannot be sent so to a program that ends each connection after an answer', async () => {
    const { socket } = await server(true);
    expect(await pipeline(socket, requests(30), 3, 10_000)).toBeNull();
    expect((await pipeline(socket, requests(3), 3, 10_000))?.map(({ kind }) => kind)).toEqual([
      'answer',
      'answer',
      'answer',
    ]);
  });
});
