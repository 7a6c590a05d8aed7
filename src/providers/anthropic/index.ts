import { mostCost } from '../../domain/runs/cost.ts';
import type { Answer } from '../../domain/grading/answer.ts';
import type { ModelSettings, Price } from '../../domain/runs/models.ts';
import type { Request } from '../../domain/grading/prompt.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { Clock } from '../../ports/clock.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { LiveProvider } from '../../ports/provider.ts';
import { mostTokens } from '../tokens.ts';
import { behindLeaders } from './leaders.ts';
import { limitsOf, serviceName } from './limits.ts';
import type { CompleteSettings } from './limits.ts';
import type { Place } from './service.ts';

export interface ClaudeOptions {
  /** As suites have it: `anthropic:claude-sonnet-5`. */
  model: string;
  settings: ModelSettings;
  place: Place;
  price: Price | null;
  /** Milliseconds without a sign of life after which a call is given up. */
  silenceMs: number;
  clock: Clock;
  /** Whether the very same request will be asked again: then the service's own cache pays. */
  repeated(request: Request): boolean;
}

/** Claude, and what a batch of its requests needs. */
export interface Claude extends LiveProvider {
  place: Place;
  price: Price | null;
  /** Settings with the largest answer filled in. Rejects with `ProviderError`. */
  complete(signal: AbortSignal): Promise<CompleteSettings>;
}

/** Models that answer a temperature with an error (promptfoo 0.123.1 keeps the same list). */
const withoutTemperature = /^claude-(?:(?:fable|mythos|opus|sonnet|haiku)-5|opus-4-[78])(?!\d)/;

function refuseTemperature(model: string, { temperature }: ModelSettings): void {
  if (temperature !== undefined && withoutTemperature.test(serviceName(model))) {
    throw new UsageError(
      `evals/models.yaml: models.${model}.temperature: expected none, for the model takes none, found ${temperature}.`,
    );
  }
}

/**
 * One request, sent and read to its end. `begun` is called when its answer begins to come. Rejects with
 * `ProviderError`.
 */
async function send(
  { model, place, price, silenceMs, clock }: ClaudeOptions,
  settings: CompleteSettings,
  request: Request,
  keep: boolean,
  begun: () => void,
  signal: AbortSignal,
): Promise<Answer> {
  const [{ Silence, clientFor }, { fromStream }, { problemOf }, { messageOf }] = await Promise.all([
    import('./service.ts'),
    import('./answer.ts'),
    import('./errors.ts'),
    import('./request.ts'),
  ]);
  const silence = new Silence(silenceMs, clock, signal);
  const startedAt = clock.now();
  let coming = false;
  const answerBegins = (): void => {
    coming = true;
    begun();
  };
  try {
    const client = clientFor(place, () => silence.heard(clock.now()));
    const message = { ...messageOf(request, serviceName(model), settings, keep), stream: true } as const;
    const events = await client.messages.create(message, { signal: silence.signal });
    return await fromStream(events, price, () => clock.now() - startedAt, answerBegins);
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
}

/** Claude through Anthropic's own package, which is loaded with the first call. */
export function anthropic(options: ClaudeOptions): Claude {
  const { model, settings, place, price, repeated } = options;
  refuseTemperature(model, settings);
  const complete = limitsOf(options);
  const behindLeader = behindLeaders(repeated);
  return {
    id: 'anthropic',
    model,
    place,
    price,
    complete,
    settings: { service: place.baseUrl ?? 'anthropic', model: serviceName(model), ...settings },
    async worstCase(request, signal) {
      const { maxTokens } = await complete(signal);
      return { tokens: mostTokens(request) + maxTokens, costUsd: mostCost(mostTokens(request), maxTokens, price) };
    },
    async answer(request, _cell, signal) {
      const completed = await complete(signal);
      return behindLeader(request, (keep, begun) => send(options, completed, request, keep, begun, signal));
    },
  };
}
