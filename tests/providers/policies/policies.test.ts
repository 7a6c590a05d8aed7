import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/domain/grading/answer.ts';
import type { Cell } from '../../../src/domain/grading/cell.ts';
import type { Request } from '../../../src/domain/grading/prompt.ts';
import type { AnswerCache, Ledger } from '../../../src/ports/answers.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { ProviderError } from '../../../src/ports/provider.ts';
import type { LiveProvider, Problem, Use } from '../../../src/ports/provider.ts';
import { hashOf } from '../../../src/store/files/hash.ts';
import { Account, budgeted } from '../../../src/providers/policies/budget.ts';
import { cached, withCache } from '../../../src/providers/policies/cache.ts';
import { Slots, concurrent } from '../../../src/providers/policies/concurrency.ts';
import { fused } from '../../../src/providers/policies/fuse.ts';
import { Pace, paced } from '../../../src/providers/policies/pace.ts';
import { redacting } from '../../../src/providers/policies/redact.ts';
import { retrying } from '../../../src/providers/policies/retry.ts';
import type { RetryPolicy } from '../../../src/providers/policies/retry.ts';

const signal = new AbortController().signal;
const request: Request = { system: 'You answer.', user: 'Do.', hash: 'h' };
const cell = (repeat = 1): Cell => ({ prompt: 'p@1', scenario: 's', model: 'm', repeat });
const answer = (outputTokens = 10, costUsd: number | null = 0): Answer => ({
  text: 'done',
  stopReason: 'end_turn',
  usage: { inputTokens: 0, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 },
  costUsd,
  latencyMs: 1,
  firstTokenMs: 1,
  reportedModel: null,
  date: '2026-01-01',
});

function provider(work: () => Promise<Answer>, atMost: Use = { tokens: 10, costUsd: 1 }): LiveProvider {
  return { id: 'x', model: 'x:m', settings: { model: 'm' }, worstCase: () => Promise.resolve(atMost), answer: work };
}

/** A clock whose time passes only where somebody sleeps. */
class TestClock implements Clock {
  time = 0;
  slept: number[] = [];
  now(): number {
    return this.time;
  }
  sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.time += ms;
    return Promise.resolve();
  }
  random(): number {
    return 0.5;
  }
}

const policy: RetryPolicy = { attempts: 4, firstDelayMs: 1000, longestDelayMs: 3000, patienceMs: 60_000 };
const problems: Problem[] = [
  'missing',
  'rejected',
  'credentials',
  'billing',
  'unknown-model',
  'unreachable',
  'rate-limit',
  'overloaded',
  'server',
  'interrupted',
  'stalled',
  'malformed',
  'budget',
  'pending',
];

describe('retries', () => {
  test('wait a random part of a delay that doubles up to its longest, and stop at the last attempt', async () => {
    const clock = new TestClock();
    let calls = 0;
    const failing = retrying(
      provider(() => Promise.reject(new ProviderError(`call ${(calls += 1)}`, { problem: 'server' }))),
      policy,
      clock,
    );
    await expect(failing.answer(request, cell(), signal)).rejects.toThrow('call 4; asked 4 times');
    expect(clock.slept).toEqual([500, 1000, 1500]);
  });

  test('wait at least as long as the service asks, and not at all when it asks for too much', async () => {
    const clock = new TestClock();
    const asking = (retryAfterMs: number) =>
      retrying(
        provider(() => Promise.reject(new ProviderError('later', { problem: 'rate-limit', retryAfterMs }))),
        policy,
        clock,
      );
    await expect(asking(7000).answer(request, cell(), signal)).rejects.toThrow('asked 4 times');
    expect(Math.min(...clock.slept)).toBeGreaterThanOrEqual(7000);
    clock.slept = [];
    await expect(asking(61_000).answer(request, cell(), signal)).rejects.toThrow(/asks to wait 61 s.*resume it later/);
    expect(clock.slept).toEqual([]);
  });

  test('are made only where another try may go better', async () => {
    for (const problem of problems) {
      let calls = 0;
      const failing = retrying(
        provider(() => Promise.reject(new ProviderError('no', { problem: ((calls += 1), problem) }))),
        policy,
        new TestClock(),
      );
      await expect(failing.answer(request, cell(), signal)).rejects.toThrow('no');
      expect([problem, calls]).toEqual([
        problem,
        ['unreachable', 'rate-limit', 'overloaded', 'server', 'interrupted', 'stalled', 'malformed'].includes(problem)
          ? 4
          : 1,
      ]);
    }
  });

  test('are not made for what nobody foresaw', async () => {
    let calls = 0;
    const broken = retrying(
      provider(() => Promise.reject(new Error(`fault ${(calls += 1)}`))),
      policy,
      new TestClock(),
    );
    await expect(broken.answer(request, cell(), signal)).rejects.toThrow('fault 1');
    expect(calls).toBe(1);
  });
});

describe('a budget', () => {
  const ledger = (): Ledger & { lines: [string, Use][] } => {
    const lines: [string, Use][] = [];
    return {
      lines,
      begin: (_call, { atMost }) => Promise.resolve(void lines.push(['begin', atMost])),
      end: (_call, used) => Promise.resolve(void lines.push(['end', used])),
    };
  };

  test('is never exceeded by what is spent and under way, however calls end, and is used as far as it goes', async () => {
    const end = fc.record({
      ends: fc.constantFrom('answer', 'fails unpaid', 'fails, perhaps paid'),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      turns: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(end, { maxLength: 40 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 8 }),
        async (ends, budget, atOnce) => {
          let paid = 0;
          let under = 0;
          const account = new Account({ costUsd: budget, tokens: null }, ledger(), { tokens: 0, costUsd: 0 });
          const slots = new Slots(atOnce);
          let next = 0;
          const service = provider(async () => {
            const { ends: how, share, turns } = ends[next++] ?? { ends: 'answer', share: 1, turns: 0 };
            under += 1;
            expect(paid + under).toBeLessThanOrEqual(budget);
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
            under -= 1;
            if (how === 'fails unpaid') throw new ProviderError('no', { problem: 'server' });
            paid += share;
            if (how !== 'answer') throw new ProviderError('no', { problem: 'interrupted', mayCost: true });
            return answer(1, share);
          });
          const bounded = concurrent(
            budgeted(service, () => account),
            slots,
          );
          const done = await Promise.allSettled(ends.map(() => bounded.answer(request, cell(), signal)));
          expect(paid).toBeLessThanOrEqual(budget);
          const refused = done.filter(
            ({ status, reason }: { status: string; reason?: unknown }) =>
              status === 'rejected' && (reason as ProviderError).problem === 'budget',
          );
          if (refused.length > 0) expect(account.spent.costUsd + 1).toBeGreaterThan(budget);
        },
      ),
    );
  });

  test('counts what was used before, and writes a call down before it is sent', async () => {
    const book = ledger();
    const account = new Account({ costUsd: 3, tokens: null }, book, { tokens: 0, costUsd: 1.5 });
    const bounded = budgeted(
      provider(() => {
        expect(book.lines.at(-1)?.[0]).toBe('begin');
        return Promise.resolve(answer(5, 0.75));
      }),
      () => account,
    );
    await bounded.answer(request, cell(), signal);
    await expect(bounded.answer(request, cell(), signal)).rejects.toMatchObject({
      problem: 'budget',
      message: /\$2\.2500 are spent, and a call can use \$1\.0000; resume/,
    });
    expect(book.lines).toEqual([
      ['begin', { tokens: 10, costUsd: 1 }],
      ['end', { tokens: 5, costUsd: 0.75 }],
    ]);
  });

  test('sends nothing that cannot be written down', async () => {
    let calls = 0;
    const account = new Account(
      { costUsd: 3, tokens: null },
      { begin: () => Promise.reject(new Error('disk full')), end: () => Promise.resolve() },
      { tokens: 0, costUsd: 0 },
    );
    const bounded = budgeted(
      provider(() => Promise.resolve(answer((calls += 1)))),
      () => account,
    );
    await expect(bounded.answer(request, cell(), signal)).rejects.toThrow('disk full');
    expect(calls).toBe(0);
  });

  test('loses no answer that came, although its end cannot be written down', async () => {
    const account = new Account(
      { costUsd: 3, tokens: null },
      { begin: () => Promise.resolve(), end: () => Promise.reject(new Error('disk full')) },
      { tokens: 0, costUsd: 0 },
    );
    const came = await budgeted(
      provider(() => Promise.resolve(answer(1))),
      () => account,
    ).answer(request, cell(), signal);
    expect(came).toEqual(answer(1));
  });

  test('cannot be kept where the most that a call uses is not known', async () => {
    const account = new Account({ costUsd: null, tokens: 5 }, ledger(), { tokens: 0, costUsd: 0 });
    await expect(
      budgeted(
        provider(() => Promise.resolve(answer()), { tokens: null, costUsd: null }),
        () => account,
      ).answer(request, cell(), signal),
    ).rejects.toMatchObject({ problem: 'budget' });
  });
});

describe('the pace', () => {
  test('lets no minute see more requests or tokens than is allowed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.record({ tokens: fc.integer({ min: 1, max: 40 }), pause: fc.nat(30_000) }), { maxLength: 30 }),
        async (requests, tokens, calls) => {
          const clock = new TestClock();
          const pace = new Pace({ requests, tokens }, clock);
          const sent: { at: number; tokens: number }[] = [];
          for (const call of calls) {
            clock.time += call.pause;
            await pace.admit(call.tokens, signal);
            sent.push({ at: clock.time, tokens: call.tokens });
          }
          for (const { at } of sent) {
            const minute = sent.filter((other) => other.at > at - 60_000 && other.at <= at);
            expect(minute.length).toBeLessThanOrEqual(requests);
            if (minute.length > 1)
              expect(minute.reduce((sum, other) => sum + other.tokens, 0)).toBeLessThanOrEqual(tokens);
          }
        },
      ),
    );
  });

  test('counts the tokens of answers against the next call', async () => {
    const clock = new TestClock();
    const slow = paced(
      provider(() => Promise.resolve(answer(100))),
      new Pace({ requests: null, tokens: 50 }, clock),
    );
    await slow.answer(request, cell(), signal);
    await slow.answer(request, cell(), signal);
    expect(clock.time).toBe(60_000);
  });
});

describe('slots', () => {
  test('are never taken by more than there are, and whoever gives up leaves the line', async () => {
    const slots = new Slots(2);
    const [first, second] = [await slots.take(signal), await slots.take(signal)];
    const stop = new AbortController();
    const third = slots.take(stop.signal);
    const fourth = slots.take(signal);
    stop.abort(new Error('stopped'));
    await expect(third).rejects.toThrow('stopped');
    first();
    first(); // giving back twice gives one slot
    await fourth;
    let entered = false;
    const fifth = slots.take(signal).then(() => (entered = true));
    await Promise.resolve();
    expect(entered).toBe(false);
    second();
    await fifth;
  });
});

describe('a fuse', () => {
  test('lets one refusal speak for all calls of a service, and an unknown model for its own', async () => {
    for (const problem of ['credentials', 'unreachable', 'unknown-model'] as const) {
      let calls = 0;
      const service = { blown: null };
      const failing = provider(() =>
        Promise.reject(new ProviderError('refused', { problem: ((calls += 1), problem) })),
      );
      const one = fused(failing, { service, model: { blown: null } });
      const sibling = fused(failing, { service, model: { blown: null } });
      for (const asked of [one, one, sibling])
        await expect(asked.answer(request, cell(), signal)).rejects.toThrow('refused');
      expect(calls).toBe(problem === 'unknown-model' ? 2 : 1);
    }
  });
});

describe('the cache', () => {
  function memory(): AnswerCache {
    const answers = new Map<string, Answer>();
    return {
      get: (key) => Promise.resolve(answers.get(key) ?? null),
      put: (key, value) => Promise.resolve(void answers.set(key, value)),
      alone: (_key, _signal, work) => work(),
      isBusy: () => Promise.resolve(false),
      pending: () => Promise.resolve(null),
      expectRoom: () => Promise.resolve(),
    };
  }

  test('keeps answers by everything that decides them and the repeat, and by nothing else', async () => {
    const cache = memory();
    let calls = 0;
    const service = provider(() => Promise.resolve(answer((calls += 1))));
    const tally = { asked: 0, cached: 0 };
    const asks = async (inner: LiveProvider, what: Request, where: Cell): Promise<number> => {
      const before = calls;
      await cached(withCache(inner, cache, hashOf), cache, hashOf, tally).answer(what, where, signal);
      return calls - before;
    };
    expect(await asks(service, request, cell())).toBe(1);
    expect(
      await asks(service, { ...request, hash: 'another' }, { ...cell(), scenario: 'another', prompt: 'q@2' }),
    ).toBe(0);
    expect(await asks(service, request, cell(2))).toBe(1);
    expect(await asks(service, { ...request, user: 'Do not.' }, cell())).toBe(1);
    expect(await asks(service, { ...request, system: request.system + request.user, user: '' }, cell())).toBe(1);
    expect(await asks({ ...service, settings: { model: 'm', temperature: 1 } }, request, cell())).toBe(1);
    expect(tally).toEqual({ asked: 5, cached: 1 });
  });

  test('does not ask for what a batch is at, nor where an answer would find no room', async () => {
    let calls = 0;
    const service = provider(() => Promise.resolve(answer((calls += 1))));
    const tally = { asked: 0, cached: 0 };
    await expect(
      cached(service, { ...memory(), pending: () => Promise.resolve('b1') }, hashOf, tally).answer(
        request,
        cell(),
        signal,
      ),
    ).rejects.toMatchObject({ problem: 'pending', message: /batch b1/ });
    await expect(
      withCache(service, { ...memory(), expectRoom: () => Promise.reject(new Error('full')) }, hashOf).answer(
        request,
        cell(),
        signal,
      ),
    ).rejects.toThrow('full');
    expect(calls).toBe(0);
  });
});

describe('secrets', () => {
  test('are taken out of answers and errors', async () => {
    const secrets = ['long-secret-2', 'secret-1'];
    const telling = redacting(
      provider(() => Promise.resolve({ ...answer(), text: 'a secret-1 b' })),
      secrets,
    );
    expect((await telling.answer(request, cell(), signal)).text).toBe('a [redacted] b');
    const failing = redacting(
      provider(() =>
        Promise.reject(
          new ProviderError('key long-secret-2 is wrong', { problem: 'credentials', cause: new Error('secret-1') }),
        ),
      ),
      secrets,
    );
    const error: unknown = await failing.answer(request, cell(), signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'key [redacted] is wrong', problem: 'credentials' });
    for (const secret of secrets) expect(inspect(error)).not.toContain(secret);
  });
});
