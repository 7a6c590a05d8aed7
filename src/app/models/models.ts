import type { ServiceSettings } from '../../domain/runs/models.ts';
import type { PlannedCell } from '../../domain/grading/question.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { AnswerCache } from '../../ports/answers.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { LiveProvider, Provider } from '../../ports/provider.ts';
import { secretsIn } from '../../formats/redact.ts';
import { anthropic } from '../../providers/anthropic/index.ts';
import type { Claude } from '../../providers/anthropic/index.ts';
import { exec } from '../../providers/exec.ts';
import { budgeted } from '../../providers/policies/budget.ts';
import type { Account, Budget } from '../../providers/policies/budget.ts';
import { addressOf, cached, withCache } from '../../providers/policies/cache.ts';
import type { Tally } from '../../providers/policies/cache.ts';
import { systemClock } from '../../providers/policies/clock.ts';
import { Slots, concurrent } from '../../providers/policies/concurrency.ts';
import { fused } from '../../providers/policies/fuse.ts';
import type { Fuse } from '../../providers/policies/fuse.ts';
import { Pace, paced } from '../../providers/policies/pace.ts';
import { redacting } from '../../providers/policies/redact.ts';
import { retrying } from '../../providers/policies/retry.ts';
import type { RetryPolicy } from '../../providers/policies/retry.ts';
import { priceTable } from '../../providers/prices.ts';
import { promptfoo } from '../../providers/promptfoo/index.ts';
import { recorded } from '../../providers/recorded.ts';
import { diskAnswers } from '../../store/state/answer-cache.ts';
import { diskBatches } from '../../store/state/batch-records.ts';
import { hashOf } from '../../store/files/hash.ts';
import { ModelConfiguration, anthropicPlace } from './configuration.ts';
import { modelForms } from './forms.ts';
import type { Services } from '../services/services.ts';

/**
 * Seconds without a sign of life after which a call is given up: what does not stream says nothing until it is done.
 */
const SILENCE_SECONDS = { streamed: 180, whole: 1800 };

/** A service's limits, shared by all of its models. */
interface ServiceLimits {
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

/** A model that is not asked: it has no answers but those that are kept. */
const notAsked = (live: LiveProvider): LiveProvider => ({
  ...live,
  answer: () =>
    Promise.reject(new ProviderError(`${live.model}: its answer is not known here, and no model was asked (--replay)`)),
});

/** How a run asks its models. */
export interface ModelOptions {
  budget: Budget;
  /** The run's account; there is one when the first call is made. */
  account(): Account;
  /** Ask again also for answers that are kept. */
  askAgain: boolean;
  /** Answers come from batches; no model is asked beside them. */
  batched: boolean;
  /** Ask no model: take the answers that are kept, and nothing else. No key is needed then. */
  replay: boolean;
  cells: readonly PlannedCell[];
}

/** All models of a run, each with its policies around it. */
export class Models {
  /** How many answers were asked for, and how many were kept from earlier runs. */
  readonly tally: Tally = { asked: 0, cached: 0 };
  readonly cache: AnswerCache;
  readonly configuration: ModelConfiguration;
  readonly #services: Services;
  readonly #options: ModelOptions;
  readonly #limits = new Map<string, ServiceLimits>();
  readonly #live = new Map<string, LiveProvider>();
  readonly #providers = new Map<string, Provider>();

  private constructor(services: Services, configuration: ModelConfiguration, options: ModelOptions) {
    this.#services = services;
    this.configuration = configuration;
    this.cache = diskAnswers(services.state.folder, services.warn);
    this.#options = options;
  }

  /** Throws `UsageError` for a model that cannot be had, before any is asked. */
  static async of(services: Services, options: ModelOptions): Promise<Models> {
    const models = new Models(services, await ModelConfiguration.read(services.project), options);
    for (const { cell } of options.cells) models.provider(cell.model ?? '');
    return models;
  }

  #limitsOf(service: string): ServiceLimits {
    const before = this.#limits.get(service);
    if (before !== undefined) return before;
    const settings = this.configuration.service(service);
    const limits: ServiceLimits = {
      settings,
      slots: new Slots(settings.concurrency),
      pace: new Pace({ requests: settings.requestsPerMinute, tokens: settings.tokensPerMinute }, systemClock),
      fuse: { blown: null },
    };
    this.#limits.set(service, limits);
    return limits;
  }

  #claude(model: string): Claude {
    const times = new Map<string, number>();
    for (const { cell, request } of this.#options.cells)
      if (cell.model === model) times.set(request.hash, (times.get(request.hash) ?? 0) + 1);
    return anthropic({
      model,
      settings: this.configuration.model(model),
      place: anthropicPlace(!this.#options.replay),
      price: this.configuration.price(model),
      silenceMs: (this.configuration.service('anthropic').silenceSeconds ?? SILENCE_SECONDS.streamed) * 1000,
      clock: systemClock,
      repeated: ({ hash }) => (times.get(hash) ?? 0) > 1,
    });
  }

  #make(model: string): LiveProvider | null {
    const [service = '', ...rest] = model.split(':');
    const settings = this.configuration.model(model);
    const limitMs = (this.configuration.service(service).silenceSeconds ?? SILENCE_SECONDS.whole) * 1000;
    if (rest.join(':') === '') return null;
    if (service === 'anthropic') return this.#claude(model);
    if (service === 'exec') return exec(model, settings, limitMs, systemClock, this.#services.enclose);
    if (service !== 'promptfoo') return null;
    const { layers } = this.#services.grading.kit;
    return promptfoo({
      model,
      settings,
      price: this.configuration.price(model),
      limitMs,
      clock: systemClock,
      layers,
    });
  }

  /** A model that asks a service, without its policies; null for one that replays. Throws `UsageError`. */
  live(model: string): LiveProvider | null {
    if (model === 'recorded') return null;
    const live = this.#live.get(model) ?? this.#make(model);
    if (live === null) throw new UsageError(`model ${model}: expected one of ${modelForms.join(', ')}.`);
    this.#live.set(model, live);
    return live;
  }

  /** The price must be known where money is limited, and the size where tokens are. */
  #refuseUnknownCost(model: string): void {
    const { costUsd, tokens } = this.#options.budget;
    if (costUsd !== null && this.configuration.price(model) === null) {
      throw new UsageError(
        `--budget: expected a price for ${model}, found none in our table of ${priceTable.date}; write it into ` +
          'evals/models.yaml under prices.',
      );
    }
    const sized = model.startsWith('anthropic:') || this.configuration.model(model).maxTokens !== undefined;
    if ((costUsd !== null || tokens !== null) && (!sized || model.startsWith('exec:'))) {
      const remedy = model.startsWith('exec:')
        ? 'a command tells no sizes, so leave it out of a run with a budget'
        : 'write it into evals/models.yaml as maxTokens';
      throw new UsageError(`--budget: expected the longest answer of ${model}; ${remedy}.`);
    }
  }

  /** A model with all of its policies. */
  provider(model: string): Provider {
    const before = this.#providers.get(model);
    if (before !== undefined) return before;
    const live = this.live(model);
    const provider = live === null ? recorded(this.#services.library) : this.#withPolicies(live);
    this.#providers.set(model, provider);
    return provider;
  }

  /**
   * From the inside: money, pace, retries, the fuse, no secrets, kept on disk, slots, the cache. A slot is given back
   * when the answer is on disk, so a crash never loses more answers than there are slots.
   */
  #withPolicies(live: LiveProvider): LiveProvider {
    if (this.#options.replay) return cached(notAsked(live), this.cache, hashOf, this.tally);
    this.#refuseUnknownCost(live.model);
    const { settings, slots, pace, fuse } = this.#limitsOf(live.id);
    const { account, askAgain, batched } = this.#options;
    if (batched) return cached(this.#fromBatches(live), this.cache, hashOf, this.tally);
    const sent = retrying(paced(budgeted(live, account), pace), retryPolicyOf(settings), systemClock);
    const safe = redacting(fused(sent, { service: fuse, model: { blown: null } }), secretsIn(process.env));
    return cached(concurrent(withCache(safe, this.cache, hashOf), slots), this.cache, hashOf, this.tally, askAgain);
  }

  /** Has no answers but those that were collected from batches. */
  #fromBatches(live: LiveProvider): LiveProvider {
    return {
      ...live,
      answer: async (request, cell) => {
        const key = hashOf(addressOf(live, request, cell.repeat));
        const records = await diskBatches(this.#services.state.folder).all();
        const why = records.findLast(({ failures }) => key in failures)?.failures[key] ?? 'no batch was asked for it';
        throw new ProviderError(`${live.model}: no answer of a batch: ${why}; cupel run --batch submit asks again`);
      },
    };
  }

  /** The key under which a cell's answer is kept. */
  keyOf({ cell, request }: PlannedCell, live: LiveProvider): string {
    return hashOf(addressOf(live, request, cell.repeat));
  }
}
