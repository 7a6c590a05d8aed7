import { randomBytes } from 'node:crypto';
import type Anthropic from '@anthropic-ai/sdk';
import type { MessageBatch, MessageBatchIndividualResponse } from '@anthropic-ai/sdk/resources/messages/batches';
import type { BatchRecord } from '../../domain/runs/batch.ts';
import type { Price } from '../../domain/runs/models.ts';
import type { Request } from '../../domain/grading/prompt.ts';
import type { AnswerCache } from '../../ports/answers.ts';
import type { BatchRecords } from '../../ports/batches.ts';
import type { Clock } from '../../ports/clock.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { Problem } from '../../ports/provider.ts';
import { withRetries } from '../policies/retry.ts';
import type { RetryPolicy } from '../policies/retry.ts';
import { fromBatch } from './answer.ts';
import { problemOf } from './errors.ts';
import { serviceName } from './limits.ts';
import type { Claude } from './index.ts';
import { messageOf } from './request.ts';
import { clientFor } from './service.ts';
import type { Place } from './service.ts';

/** The service takes up to 100,000 requests and 256 MB in a batch. */
const MOST_REQUESTS = 10_000;

/** Clocks of two machines differ; a batch of ours may look this much older than its record. */
const SKEW_MS = 10 * 60_000;

/** Failures after which the service certainly has no batch. */
const certainlyNot: ReadonlySet<Problem> = new Set<Problem>(['rate-limit', 'overloaded', 'unreachable']);

/** One answer that is wanted. */
export interface Wanted {
  key: string;
  request: Request;
  claude: Claude;
}

/** A wanted answer as it goes into a batch. */
interface Written {
  key: string;
  model: string;
  params: ReturnType<typeof messageOf>;
}

export interface BatchEffects {
  records: BatchRecords;
  cache: AnswerCache;
  priceOf(model: string): Price | null;
  retry: RetryPolicy;
  clock: Clock;
}

const total = ({ request_counts: counts }: MessageBatch): number =>
  Object.values<number>({ ...counts }).reduce((sum, count) => sum + count, 0);

/**
 * Batches of one service: submitted once, found again after a crash, collected into the cache. One process at a time.
 */
export class Batches {
  readonly #client: Anthropic;
  readonly #service: string;
  readonly #effects: BatchEffects;
  readonly #signal: AbortSignal;

  constructor(place: Place, effects: BatchEffects, signal: AbortSignal) {
    this.#client = clientFor(place);
    this.#service = place.baseUrl ?? 'anthropic';
    this.#effects = effects;
    this.#signal = signal;
  }

  /** A call to the service, tried again where that is safe. */
  #ask<T>(work: (options: { signal: AbortSignal }) => PromiseLike<T>, worth?: ReadonlySet<Problem>): Promise<T> {
    const { retry, clock } = this.#effects;
    const attempt = async (): Promise<T> => {
      try {
        return await work({ signal: this.#signal });
      } catch (error) {
        this.#signal.throwIfAborted();
        throw problemOf(error, 'batches', false);
      }
    };
    return withRetries(attempt, retry, clock, this.#signal, worth);
  }

  async #open(): Promise<BatchRecord[]> {
    return (await this.#effects.records.all()).filter(
      ({ service, collected }) => service === this.#service && !collected,
    );
  }

  /** Batches of the service that may be a record's: young enough, of its size, and nobody else's. */
  async #candidates(record: BatchRecord): Promise<MessageBatch[]> {
    const excluded = new Set([...record.notThis, ...(await this.#effects.records.all()).map(({ batch }) => batch)]);
    const since = Date.parse(record.createdAt) - SKEW_MS;
    return this.#ask(async (options) => {
      const candidates: MessageBatch[] = [];
      for await (const batch of this.#client.messages.batches.list({ limit: 100 }, options)) {
        if (Date.parse(batch.created_at) < since) break; // the newest come first
        if (!excluded.has(batch.id) && total(batch) === Object.keys(record.requests).length) candidates.push(batch);
      }
      return candidates;
    });
  }

  /**
   * What became of a submission whose end we did not see. The service's list says which batches it has, not whose; the
   * ids of requests, which would tell, can be read when a batch has ended. So the likely one is taken for ours until
   * then.
   */
  async #settle(record: BatchRecord): Promise<void> {
    const [likely] = await this.#candidates(record);
    if (likely === undefined) await this.#effects.records.remove(record);
    else await this.#effects.records.write({ ...record, batch: likely.id });
  }

  async #settleAll(): Promise<void> {
    for (const record of await this.#open()) if (record.batch === null) await this.#settle(record);
  }

  /**
   * Announces a batch, and leaves out what a run is at: who asks looks for a record when it has the answer's name, and
   * we look for names when the record is written, so that one of the two sees the other.
   */
  async #announce(written: readonly Written[]): Promise<{ record: BatchRecord; ours: Map<string, Written> }> {
    const { records, cache } = this.#effects;
    const name = randomBytes(6).toString('hex');
    const ours = new Map(written.map((one, index) => [`${name}-${index}`, one]));
    const recordOf = (): BatchRecord => ({
      format: 1,
      name,
      service: this.#service,
      createdAt: new Date().toISOString(),
      batch: null,
      notThis: [],
      requests: Object.fromEntries([...ours].map(([id, { key, model }]) => [id, { key, model }])),
      failures: {},
      collected: false,
    });
    await records.write(recordOf());
    for (const [id, { key }] of ours) if ((await cache.isBusy(key)) || (await cache.get(key)) !== null) ours.delete(id);
    const record = recordOf();
    if (ours.size < written.length) await (ours.size === 0 ? records.remove(record) : records.write(record));
    return { record, ours };
  }

  async #submit(wanted: readonly Wanted[]): Promise<BatchRecord | null> {
    const lines = await Promise.all(
      wanted.map(async ({ key, request, claude }) => ({
        key,
        model: claude.model,
        params: messageOf(request, serviceName(claude.model), await claude.complete(this.#signal), false),
      })),
    );
    const { record, ours } = await this.#announce(lines);
    if (ours.size === 0) return null;
    const requests = [...ours].map(([id, { params }]) => ({ custom_id: id, params }));
    try {
      const { id } = await this.#ask(
        (options) => this.#client.messages.batches.create({ requests }, options),
        certainlyNot,
      );
      const submitted = { ...record, batch: id };
      await this.#effects.records.write(submitted);
      return submitted;
    } catch (error) {
      if (error instanceof ProviderError && !error.mayCost && error.problem !== 'server')
        await this.#effects.records.remove(record);
      throw error;
    }
  }

  /** Of the wanted answers those that are neither kept nor waited for, each once. */
  async missing(wanted: readonly Wanted[]): Promise<Wanted[]> {
    await this.#settleAll();
    const waitedFor = new Set(
      (await this.#open()).flatMap(({ requests }) => Object.values(requests).map(({ key }) => key)),
    );
    const missing = new Map<string, Wanted>();
    for (const want of wanted) {
      if (!waitedFor.has(want.key) && (await this.#effects.cache.get(want.key)) === null) missing.set(want.key, want);
    }
    return [...missing.values()];
  }

  /** Submits what is missing, but for what a run is at; returns the new batches. */
  async submit(missing: readonly Wanted[]): Promise<BatchRecord[]> {
    const records: (BatchRecord | null)[] = [];
    for (let at = 0; at < missing.length; at += MOST_REQUESTS)
      records.push(await this.#submit(missing.slice(at, at + MOST_REQUESTS)));
    return records.filter((record) => record !== null);
  }

  /** Takes over what the service has ready; returns the batches that it is still at. */
  async collect(): Promise<BatchRecord[]> {
    await this.#settleAll();
    const waiting: BatchRecord[] = [];
    for (const record of await this.#open()) {
      const { batch } = record;
      if (batch === null) continue;
      const { processing_status } = await this.#ask((options) =>
        this.#client.messages.batches.retrieve(batch, {}, options),
      );
      if (processing_status === 'ended') waiting.push(...(await this.#take(record, batch)));
      else waiting.push(record);
    }
    return waiting;
  }

  /** Takes the answers of a batch that has ended; empty when it was ours. */
  async #take(record: BatchRecord, batch: string): Promise<BatchRecord[]> {
    const failures: Record<string, string> = {};
    let ours = false;
    await this.#ask(async (options) => {
      for await (const line of await this.#client.messages.batches.results(batch, {}, options)) {
        const request = record.requests[line.custom_id];
        if (request === undefined) continue;
        ours = true;
        const failure = await this.#keep(line, request);
        if (failure !== null) failures[request.key] = failure;
      }
    });
    if (ours) {
      await this.#effects.records.write({ ...record, failures, collected: true });
      return [];
    }
    const unknown = { ...record, batch: null, notThis: [...record.notThis, batch] };
    await this.#effects.records.write(unknown);
    await this.#settle(unknown);
    return (await this.#open()).filter(({ name }) => name === record.name);
  }

  /** Keeps one answer; returns why there is none. */
  async #keep(
    { result }: MessageBatchIndividualResponse,
    { key, model }: { key: string; model: string },
  ): Promise<string | null> {
    if (result.type === 'succeeded') {
      await this.#effects.cache.put(key, fromBatch(result.message, this.#effects.priceOf(model)));
      return null;
    }
    return result.type === 'errored' ? `${result.error.error.type} ${result.error.error.message}` : result.type;
  }

  /** Looks after the batches until all have ended. */
  async wait(everyMs: number, still: (waiting: readonly BatchRecord[]) => void): Promise<void> {
    for (let waiting = await this.collect(); waiting.length > 0; waiting = await this.collect()) {
      still(waiting);
      await this.#effects.clock.sleep(everyMs, this.#signal);
    }
  }
}
