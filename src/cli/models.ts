import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelsSchema, serviceSettingsSchema } from '../domain/runs/models.ts';
import type { ModelSettings, ModelsFile, Price, ServiceSettings } from '../domain/runs/models.ts';
import type { PlannedCell } from '../domain/grading/question.ts';
import type { Fingerprint } from '../domain/runs/run.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { AnswerCache } from '../ports/answers.ts';
import { ProviderError } from '../ports/provider.ts';
import type { LiveProvider, Provider } from '../ports/provider.ts';
import { secretsIn } from '../formats/redact.ts';
import { anthropic } from '../providers/anthropic/index.ts';
import type { Claude } from '../providers/anthropic/index.ts';
import type { Place } from '../providers/anthropic/service.ts';
import { exec } from '../providers/exec.ts';
import { budgeted } from '../providers/policies/budget.ts';
import type { Account, Budget } from '../providers/policies/budget.ts';
import { addressOf, cached, kept } from '../providers/policies/cache.ts';
import type { Tally } from '../providers/policies/cache.ts';
import { systemClock } from '../providers/policies/clock.ts';
import { Slots, concurrent } from '../providers/policies/concurrency.ts';
import { fused } from '../providers/policies/fuse.ts';
import type { Fuse } from '../providers/policies/fuse.ts';
import { Pace, paced } from '../providers/policies/pace.ts';
import { redacting } from '../providers/policies/redact.ts';
import { retrying } from '../providers/policies/retry.ts';
import type { RetryPolicy } from '../providers/policies/retry.ts';
import { priceTable } from '../providers/prices.ts';
import { promptfoo } from '../providers/promptfoo/index.ts';
import { recorded } from '../providers/recorded.ts';
import { diskAnswers } from '../store/state/answer-cache.ts';
import { diskBatches } from '../store/state/batch-records.ts';
import { hashOf } from '../store/files/hash.ts';
import { parseYaml } from '../store/files/yaml.ts';
import { modelForms } from './model-forms.ts';
import type { Services } from './services.ts';

/** What does not stream says nothing until it is done. */
const SILENCE_SECONDS = { streamed: 180, whole: 1800 };

/** A service's limits, shared by all of its models. */
interface Shared {
  settings: ServiceSettings;
  slots: Slots;
  pace: Pace;
  fuse: Fuse;
}

export const retryPolicyOf = (settings: ServiceSettings): RetryPolicy => ({
  attempts: settings.attempts,
  firstDelayMs: settings.firstDelaySeconds * 1000,
  longestDelayMs: settings.longestDelaySeconds * 1000,
  patienceMs: settings.patienceSeconds * 1000,
});

async function modelsFile(root: string): Promise<ModelsFile> {
  const path = join('evals', 'models.yaml');
  try {
    return parseYaml(modelsSchema, await readFile(join(root, path), 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return modelsSchema.parse({});
  }
}

/** An address without user and password. Throws `UsageError` for what is none. */
function addressIn(variable: string): string | null {
  const value = process.env[variable];
  if (value === undefined || value === '') return null;
  if (!URL.canParse(value))
    throw new UsageError(`${variable}: expected an address as https://host/path, found something else.`);
  const { username, password } = new URL(value);
  if (username !== '' || password !== '')
    throw new UsageError(
      `${variable}: expected an address without user and password; a key belongs into ANTHROPIC_API_KEY.`,
    );
  return value;
}

export interface Asking {
  budget: Budget;
  /** The run's account; there is one when the first call is made. */
  account(): Account;
  /** Ask again what is kept. */
  afresh: boolean;
  /** Answers come from batches; nothing is asked beside them. */
  batched: boolean;
  cells: readonly PlannedCell[];
}

/** All models of a run, each with its policies around it. */
export class Models {
  readonly tally: Tally = { asked: 0, cached: 0 };
  readonly cache: AnswerCache;
  readonly #wired: Services;
  readonly #file: ModelsFile;
  readonly #asking: Asking;
  readonly #shared = new Map<string, Shared>();
  readonly #bare = new Map<string, LiveProvider>();
  readonly #whole = new Map<string, Provider>();

  private constructor(wired: Services, file: ModelsFile, cache: AnswerCache, asking: Asking) {
    this.#wired = wired;
    this.#file = file;
    this.cache = cache;
    this.#asking = asking;
  }

  /** Throws `UsageError` for a model that cannot be had, before anything is asked. */
  static async of(wired: Services, asking: Asking): Promise<Models> {
    const models = new Models(wired, await modelsFile(wired.root), diskAnswers(wired.state.folder, wired.note), asking);
    for (const { cell } of asking.cells) models.provider(cell.model ?? '');
    return models;
  }

  service(id: string): Shared {
    const known = this.#shared.get(id);
    if (known !== undefined) return known;
    const settings = this.#file.services[id] ?? serviceSettingsSchema.parse({});
    const shared: Shared = {
      settings,
      slots: new Slots(settings.concurrency),
      pace: new Pace({ requests: settings.requestsPerMinute, tokens: settings.tokensPerMinute }, systemClock),
      fuse: { blown: null },
    };
    this.#shared.set(id, shared);
    return shared;
  }

  /** The price of a model, and null where nobody has told it. */
  priceOf(model: string): Price | null {
    return this.#file.prices?.models[model] ?? priceTable.models[model] ?? null;
  }

  /** The day of the price that counts for a model. */
  priceDate(model: string): string {
    const { prices } = this.#file;
    return prices !== null && model in prices.models ? prices.date : priceTable.date;
  }

  #settingsOf(model: string): ModelSettings {
    return this.#file.models[model] ?? {};
  }

  /** What `evals/models.yaml` says of a model, for fingerprints: what stands in `config` is nobody else's to read. */
  fingerprintOf(model: string): Fingerprint['settings'] {
    const settings = Object.entries(this.#settingsOf(model)).map(
      ([name, value]) => [name, typeof value === 'object' ? hashOf(value).slice(0, 12) : String(value)] as const,
    );
    return settings.length === 0 ? null : Object.fromEntries(settings);
  }

  /** Where Claude is, and our key. Throws `UsageError` when there is none. */
  anthropicPlace(): Place {
    const apiKey = process.env['ANTHROPIC_API_KEY'] ?? '';
    if (apiKey === '')
      throw new UsageError(
        'models anthropic:…: expected a key in the environment variable ANTHROPIC_API_KEY, found none; set it and start again.',
      );
    return { apiKey, baseUrl: addressIn('ANTHROPIC_BASE_URL') };
  }

  #claude(model: string): Claude {
    const times = new Map<string, number>();
    for (const { cell, request } of this.#asking.cells)
      if (cell.model === model) times.set(request.hash, (times.get(request.hash) ?? 0) + 1);
    return anthropic({
      model,
      settings: this.#settingsOf(model),
      place: this.anthropicPlace(),
      price: this.priceOf(model),
      silenceMs: (this.service('anthropic').settings.silenceSeconds ?? SILENCE_SECONDS.streamed) * 1000,
      clock: systemClock,
      repeated: ({ hash }) => (times.get(hash) ?? 0) > 1,
    });
  }

  #make(model: string): LiveProvider | null {
    const [service = '', ...rest] = model.split(':');
    const name = rest.join(':');
    const limitMs = (this.service(service).settings.silenceSeconds ?? SILENCE_SECONDS.whole) * 1000;
    if (name === '') return null;
    if (service === 'anthropic') return this.#claude(model);
    if (service === 'exec') return exec(model, this.#settingsOf(model), limitMs, systemClock);
    if (service !== 'promptfoo') return null;
    const { layers } = this.#wired.grading.kit;
    return promptfoo({
      model,
      settings: this.#settingsOf(model),
      price: this.priceOf(model),
      limitMs,
      clock: systemClock,
      layers,
    });
  }

  /** A model that asks a service, without its policies; null for one that replays. Throws `UsageError`. */
  live(model: string): LiveProvider | null {
    if (model === 'recorded') return null;
    const made = this.#bare.get(model) ?? this.#make(model);
    if (made === null) throw new UsageError(`model ${model}: expected one of ${modelForms.join(', ')}.`);
    this.#bare.set(model, made);
    return made;
  }

  /** The price must be known where money is limited, and the size where tokens are. */
  #refuseBlindBudget(model: string): void {
    const { costUsd, tokens } = this.#asking.budget;
    if (costUsd !== null && this.priceOf(model) === null) {
      throw new UsageError(
        `--budget: expected a price for ${model}, found none in our table of ${priceTable.date}; write it into evals/models.yaml under prices.`,
      );
    }
    const sized = model.startsWith('anthropic:') || this.#settingsOf(model).maxTokens !== undefined;
    if ((costUsd !== null || tokens !== null) && (!sized || model.startsWith('exec:'))) {
      throw new UsageError(
        `--budget: expected the longest answer of ${model}; ${model.startsWith('exec:') ? 'a command tells no sizes, so leave it out of a run with a budget' : 'write it into evals/models.yaml as maxTokens'}.`,
      );
    }
  }

  /** A model with all of its policies. */
  provider(model: string): Provider {
    const known = this.#whole.get(model);
    if (known !== undefined) return known;
    const live = this.live(model);
    const made = live === null ? recorded(this.#wired.library) : this.#withPolicies(live);
    this.#whole.set(model, made);
    return made;
  }

  /**
   * From the inside: money, pace, retries, the fuse, no secrets, kept on disk, slots, the cache. A slot is left when the
   * answer is on disk, so a crash never loses more answers than there are slots.
   */
  #withPolicies(live: LiveProvider): LiveProvider {
    this.#refuseBlindBudget(live.model);
    const { settings, slots, pace, fuse } = this.service(live.id);
    const { account, afresh, batched } = this.#asking;
    if (batched) return cached(this.#batchedOnly(live), this.cache, hashOf, this.tally);
    const sent = retrying(paced(budgeted(live, account), pace), retryPolicyOf(settings), systemClock);
    const safe = redacting(fused(sent, { service: fuse, model: { blown: null } }), secretsIn(process.env));
    return cached(concurrent(kept(safe, this.cache, hashOf), slots), this.cache, hashOf, this.tally, afresh);
  }

  /** Has no answers but those that were collected. */
  #batchedOnly(live: LiveProvider): LiveProvider {
    return {
      ...live,
      answer: async (request, cell) => {
        const key = hashOf(addressOf(live, request, cell.repeat));
        const why =
          (await diskBatches(this.#wired.state.folder).all()).findLast(({ failures }) => key in failures)?.failures[
            key
          ] ?? 'no batch was asked for it';
        throw new ProviderError(`${live.model}: no answer of a batch: ${why}; cupel run --batch submit asks again`);
      },
    };
  }

  /** Where the answer of a cell is kept. */
  keyOf({ cell, request }: PlannedCell, live: LiveProvider): string {
    return hashOf(addressOf(live, request, cell.repeat));
  }
}
