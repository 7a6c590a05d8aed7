import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { ModelSettings } from '../../../src/domain/runs/models.ts';
import type { Request } from '../../../src/domain/grading/prompt.ts';
import { ProviderError } from '../../../src/ports/provider.ts';
import { answerTo, startService } from '../../support/loopback/messages.ts';
import type { Fault, Script, Service } from '../../support/loopback/messages.ts';
import { systemClock } from '../../../src/providers/policies/clock.ts';
import { anthropic } from '../../../src/providers/anthropic/index.ts';
import type { Claude } from '../../../src/providers/anthropic/index.ts';
import { messageOf } from '../../../src/providers/anthropic/request.ts';

const open: Service[] = [];
afterEach(async () => {
  for (const service of open.splice(0)) await service.close();
});

const signal = new AbortController().signal;
const cell = { prompt: 'p@1', scenario: 's', model: 'm', repeat: 1 };
const request = (subject: string, words = 1): Request => ({
  system: 'You answer.',
  user: `${'word '.repeat(words)}${subject}`,
  hash: subject,
});
const price = { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 };

async function claude(
  script: Script,
  settings: ModelSettings = {},
  repeated = false,
  silenceMs = 60_000,
): Promise<{ service: Service; model: Claude }> {
  const service = await startService(script);
  open.push(service);
  const place = { apiKey: 'sk-test-4711', baseUrl: service.url };
  return {
    service,
    model: anthropic({
      model: 'anthropic:claude-test',
      settings,
      place,
      price,
      silenceMs,
      clock: systemClock,
      repeated: () => repeated,
    }),
  };
}

async function failureOf(fault: Fault): Promise<ProviderError> {
  const { model } = await claude({ fault: () => fault }, {}, false, fault === 'stall' ? 300 : undefined);
  const error: unknown = await model.answer(request('x'), cell, signal).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

describe('Claude', () => {
  test('answers with all that the service tells: text, stop reason, usage, cost, times and the model that it was', async () => {
    const { model } = await claude({ outputTokens: 1000 });
    const answer = await model.answer(request('x'), cell, signal);
    expect(answer).toMatchObject({
      text: answerTo('x'),
      stopReason: 'end_turn',
      usage: { outputTokens: 1000 },
      reportedModel: 'claude-test-20260101',
    });
    expect(answer.costUsd).toBeCloseTo(((answer.usage?.inputTokens ?? 0) + 1000 * 5) / 1e6, 12);
    expect(answer.firstTokenMs).toBeLessThanOrEqual(answer.latencyMs ?? 0);
  });

  test.each([
    ['429-with-retry-after', { problem: 'rate-limit', retryAfterMs: 1000, mayCost: false }],
    ['429', { problem: 'rate-limit', retryAfterMs: null, mayCost: false }],
    ['529', { problem: 'overloaded', mayCost: false }],
    ['500', { problem: 'server', mayCost: false }],
    ['reset-before', { problem: 'interrupted', mayCost: true }],
    ['reset-midway', { problem: 'interrupted', mayCost: true }],
    ['short', { problem: 'interrupted', mayCost: true }],
    ['overloaded-midway', { problem: 'overloaded', mayCost: true }],
    ['stall', { problem: 'stalled', mayCost: true }],
    ['malformed', { problem: 'malformed', mayCost: true }],
  ] as const)('%s is told as what it is, and whether it may have to be paid', async (fault, expected) => {
    expect(await failureOf(fault)).toMatchObject(expected);
  });

  test.each(['max_tokens', 'refusal'] as const)('%s is an answer', async (fault) => {
    const { model } = await claude({ fault: () => fault });
    expect(await model.answer(request('x'), cell, signal)).toMatchObject({ stopReason: fault });
  });

  test('is silent only when nothing comes at all: a slow answer is waited for', async () => {
    const { model } = await claude({ pauseMs: 400 }, {}, false, 1500); // longer than the silence in all, never at once
    expect(await model.answer(request('x'), cell, signal)).toMatchObject({ text: answerTo('x') });
  });

  test('hangs up when the call is ended', async () => {
    const { service, model } = await claude({ pauseMs: 20 });
    const stop = new AbortController();
    const asked = model.answer(request('x'), cell, stop.signal);
    while (service.calls.length === 0) await sleep(5);
    stop.abort(new Error('stopped'));
    await expect(asked).rejects.toThrow('stopped');
    while (!service.calls[0]?.hungUp) await sleep(5);
    expect(service.calls[0]).toMatchObject({ complete: false });
  });

  test('is asked for its largest answer, which the service tells, unless one is set', async () => {
    const { service, model } = await claude({});
    expect(await model.complete(signal)).toEqual({ maxTokens: 4000 });
    const { service: other, model: set } = await claude({}, { maxTokens: 123 });
    expect(await set.complete(signal)).toEqual({ maxTokens: 123 });
    expect([service.requests, other.requests]).toEqual([['GET /v1/models/claude-test'], []]);
    expect((await set.worstCase(request('x'), signal)).costUsd).toBeGreaterThan((123 * 5) / 1e6);
  });

  test('is not asked to think in a way that it does not take', async () => {
    const { service, model } = await claude({}, { thinking: 4096 });
    await expect(model.answer(request('x'), cell, signal)).rejects.toThrow(
      /thinking: expected adaptive or disabled, which is what the model takes, found 4096/,
    );
    expect(service.calls).toEqual([]);
    const { model: fitting } = await claude({}, { thinking: 'adaptive' });
    expect(await fitting.answer(request('x'), cell, signal)).toMatchObject({ stopReason: 'end_turn' });
  });

  test.each(['claude-opus-5', 'claude-sonnet-5-5', 'claude-opus-4-7'])('%s is not sent a temperature', (name) => {
    const options = {
      model: `anthropic:${name}`,
      place: { apiKey: 'k', baseUrl: null },
      price,
      silenceMs: 1,
      clock: systemClock,
      repeated: () => false,
    };
    expect(() => anthropic({ ...options, settings: { temperature: 0 } })).toThrow(
      /temperature: expected none, for the model takes none, found 0/,
    );
    expect(() =>
      anthropic({ ...options, model: 'anthropic:claude-sonnet-4-6', settings: { temperature: 0 } }),
    ).not.toThrow();
  });

  test('is told to keep a request that is asked again, and the others wait until it is kept', async () => {
    const { service, model } = await claude({ pauseMs: 5 }, {}, true);
    const long = request('x', 2000);
    await Promise.all([1, 2, 3].map((repeat) => model.answer(long, { ...cell, repeat }, signal)));
    expect(service.calls.map(({ marked }) => marked)).toEqual([true, true, true]);
    await model.answer(request('short'), cell, signal);
    const { service: once, model: single } = await claude({}, {}, false);
    await single.answer(long, cell, signal);
    expect([service.calls.at(-1)?.marked, once.calls[0]?.marked]).toEqual([false, false]);
  });

  test('gets system and user message apart, and nothing that was not set', () => {
    expect(messageOf({ system: 's', user: 'u', hash: '' }, 'm', { maxTokens: 5 }, false)).toEqual({
      model: 'm',
      max_tokens: 5,
      system: [{ type: 'text', text: 's' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'u' }] }],
    });
    expect(
      messageOf(
        { system: '', user: 'u', hash: '' },
        'm',
        { maxTokens: 5, temperature: 0.5, thinking: 2048, effort: 'low' },
        true,
      ),
    ).toEqual({
      model: 'm',
      max_tokens: 5,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'u', cache_control: { type: 'ephemeral' } }] }],
      temperature: 0.5,
      output_config: { effort: 'low' },
      thinking: { type: 'enabled', budget_tokens: 2048 },
    });
  });
});
