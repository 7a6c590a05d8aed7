import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../../src/ports/provider.ts';
import { answerIn } from '../../../src/providers/promptfoo/response.ts';

/** Responses as promptfoo 0.123.1 gave them when its OpenAI provider met a scripted service. */
const http = (status: number, headers: Record<string, string> = {}) => ({
  metadata: { http: { status, statusText: '', headers } },
});

describe('a response of promptfoo', () => {
  test('becomes an answer with its stop reason and usage; what it does not tell is unknown', () => {
    const told = {
      output: 'hello {{x}}',
      tokenUsage: { total: 10, prompt: 7, completion: 3, numRequests: 1 },
      finishReason: 'length',
      ...http(200),
    };
    expect(answerIn(told, 'promptfoo:m', null, 5)).toMatchObject({
      text: 'hello {{x}}',
      stopReason: 'max_tokens',
      usage: { inputTokens: 7, outputTokens: 3 },
      costUsd: null,
      latencyMs: 5,
    });
    expect(answerIn({ output: '' }, 'promptfoo:m', null, 5)).toMatchObject({
      text: '',
      stopReason: 'unknown',
      usage: null,
    });
    expect(answerIn({ ...told, cost: 0.5 }, 'promptfoo:m', null, 5).costUsd).toBe(0.5);
    expect(
      answerIn({ ...told, cost: 0.5 }, 'promptfoo:m', { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 }, 5).costUsd,
    ).toBeCloseTo(13 / 1e6, 12);
  });

  test.each([
    [
      { error: 'Rate limit exceeded: HTTP 429 Too Many Requests', ...http(429, { 'retry-after': '2' }) },
      { problem: 'rate-limit', retryAfterMs: 2000 },
    ],
    [
      { error: 'API error: 500 Internal Server Error', ...http(500) },
      { problem: 'server', mayCost: false },
    ],
    [{ error: 'API error: 401 Unauthorized', ...http(401) }, { problem: 'credentials' }],
    [{ error: 'API error: 404 Not Found', ...http(404) }, { problem: 'unknown-model' }],
    [{ error: 'API error: 400 Bad Request', ...http(400) }, { problem: 'rejected' }],
    [
      {
        error:
          'API call error: Error: Request failed after 0 retries: TypeError: fetch failed (Cause: Error: read ECONNRESET)',
        ...http(0),
      },
      { problem: 'interrupted', mayCost: true },
    ],
    [
      {
        error:
          'API call error: Error: Request failed after 0 retries: TypeError: fetch failed (Cause: Error: connect ECONNREFUSED)',
        ...http(0),
      },
      { problem: 'unreachable', mayCost: false },
    ],
    [{ error: 'API key is not set. Set the OPENAI_API_KEY environment variable' }, { problem: 'credentials' }],
    [{ output: { not: 'a text' } }, { problem: 'rejected', mayCost: true }],
    [{}, { problem: 'rejected', mayCost: true }],
  ])('%j is told as what it is', (response, expected) => {
    expect(() => answerIn(response, 'promptfoo:m', null, 5)).toThrow(ProviderError);
    expect(() => answerIn(response, 'promptfoo:m', null, 5)).toThrow(expect.objectContaining(expected));
  });
});
