import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { Answer } from '../../domain/grading/answer.ts';
import { mostCost } from '../../domain/runs/cost.ts';
import type { ModelSettings, Price } from '../../domain/runs/models.ts';
import type { Request } from '../../domain/grading/prompt.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { Clock } from '../../ports/clock.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { LiveProvider } from '../../ports/provider.ts';
import { estimatedTokens, mostTokens } from '../tokens.ts';
import type { Place } from './service.ts';

export interface ClaudeOptions {
  /** As suites have it: `anthropic:claude-sonnet-5`. */
  model: string;
  settings: ModelSettings;
  place: Place;
  price: Price | null;
  silenceMs: number;
  clock: Clock;
  /** Whether the very same request will be asked again: then the service's own cache pays. */
  repeated(request: Request): boolean;
}

/** The service does not remember shorter beginnings. */
const SHORTEST_KEPT = 1024;

/** Claude, and what a batch of its requests needs. */
export interface Claude extends LiveProvider {
  place: Place;
  price: Price | null;
  /** Settings with the largest answer filled in. Rejects with `ProviderError`. */
  complete(signal: AbortSignal): Promise<ModelSettings & { maxTokens: number }>;
}

/** The model's name for the service. */
export const serviceName = (model: string): string => model.slice('anthropic:'.length);

/** What the model takes of what was set, said before anything is paid. */
function refuse(model: string, { thinking }: ModelSettings, info: ModelInfo): void {
  const types = info.capabilities?.thinking.types;
  if (thinking === undefined || types === undefined) return;
  const wanted = typeof thinking === 'number' ? 'enabled' : thinking;
  if (types[wanted].supported) return;
  const supportedTypes = Object.entries(types).flatMap(([name, { supported }]) => (supported ? [name] : []));
  throw new ProviderError(
    `${model}: thinking: expected ${supportedTypes.join(' or ') || 'none'}, which is what the model takes, found ${thinking}; change evals/models.yaml`,
    { problem: 'rejected' },
  );
}

/** Models that answer a temperature with an error (promptfoo 0.123.1 keeps the same list). */
const withoutTemperature = /^claude-(?:(?:fable|mythos|opus|sonnet|haiku)-5|opus-4-[78])(?!\d)/;

/** Claude through Anthropic's own package, which is loaded with the first call. */
export function anthropic({ model, settings, place, price, silenceMs, clock, repeated }: ClaudeOptions): Claude {
  const name = serviceName(model);
  if (settings.temperature !== undefined && withoutTemperature.test(name)) {
    throw new UsageError(
      `evals/models.yaml: models.${model}.temperature: expected none, for the model takes none, found ${settings.temperature}.`,
    );
  }
  let limits: Promise<ModelSettings & { maxTokens: number }> | null = null;

  async function askLimits(signal: AbortSignal): Promise<ModelSettings & { maxTokens: number }> {
    const { maxTokens } = settings;
    if (maxTokens !== undefined && settings.thinking === undefined) return { ...settings, maxTokens };
    const [{ clientFor }, { problemOf }] = await Promise.all([import('./service.ts'), import('./errors.ts')]);
    try {
      const info = await clientFor(place).models.retrieve(name, {}, { signal, timeout: silenceMs });
      refuse(model, settings, info);
      const largest = maxTokens ?? info.max_tokens;
      if (largest === null)
        throw new ProviderError(
          `${model}: the service does not tell the largest answer; set maxTokens in evals/models.yaml`,
          { problem: 'rejected' },
        );
      return { ...settings, maxTokens: largest };
    } catch (error) {
      signal.throwIfAborted();
      const problem = problemOf(error, model, false);
      throw new ProviderError(problem.message, {
        problem: problem.problem,
        retryAfterMs: problem.retryAfterMs,
        cause: error,
      }); // asking this costs nothing
    }
  }

  const complete = (signal: AbortSignal): Promise<ModelSettings & { maxTokens: number }> => {
    if (limits === null) {
      const asking = askLimits(signal);
      limits = asking;
      asking.catch((error: unknown) => {
        if (!(error instanceof ProviderError && error.problem === 'rejected')) limits = null; // the next asker tries again
      });
    }
    return limits;
  };

  /** Of equal requests the first goes alone until its answer begins: only then can the others read what it made the service keep. */
  const leaders = new Map<string, Promise<void>>();
  async function behindLeader(
    request: Request,
    call: (keep: boolean, begun: () => void) => Promise<Answer>,
  ): Promise<Answer> {
    if (!repeated(request) || estimatedTokens(request) < SHORTEST_KEPT) return call(false, () => {});
    const leader = leaders.get(request.hash);
    if (leader !== undefined) {
      await leader;
      return call(true, () => {});
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    leaders.set(request.hash, promise);
    try {
      return await call(true, resolve);
    } finally {
      resolve();
    }
  }

  return {
    id: 'anthropic',
    model,
    place,
    price,
    complete,
    settings: { service: place.baseUrl ?? 'anthropic', model: name, ...settings },
    async worstCase(request, signal) {
      const { maxTokens } = await complete(signal);
      return { tokens: mostTokens(request) + maxTokens, costUsd: mostCost(mostTokens(request), maxTokens, price) };
    },
    async answer(request, _cell, signal) {
      const [{ Silence, clientFor }, { fromStream }, { problemOf }, { messageOf }] = await Promise.all([
        import('./service.ts'),
        import('./answer.ts'),
        import('./errors.ts'),
        import('./request.ts'),
      ]);
      const completed = await complete(signal);
      return behindLeader(request, async (keep, begun) => {
        const silence = new Silence(silenceMs, clock, signal);
        const started = clock.now();
        let coming = false;
        try {
          const client = clientFor(place, () => silence.heard(clock.now()));
          const events = await client.messages.create(
            { ...messageOf(request, name, completed, keep), stream: true },
            { signal: silence.signal },
          );
          return await fromStream(
            events,
            price,
            () => clock.now() - started,
            () => {
              coming = true;
              begun();
            },
          );
        } catch (error) {
          signal.throwIfAborted();
          if (silence.fell)
            throw new ProviderError(`${model}: nothing came from the service for ${silenceMs / 1000} s`, {
              problem: 'stalled',
              mayCost: true,
              cause: error,
            });
          throw problemOf(error, model, coming);
        } finally {
          silence.end();
        }
      });
    },
  };
}
