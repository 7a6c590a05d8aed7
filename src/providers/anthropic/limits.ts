import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { ModelSettings } from '../../domain/runs/models.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { Place } from './service.ts';

/** Settings with the largest answer filled in. */
export type CompleteSettings = ModelSettings & { maxTokens: number };

/** The model's name for the service. */
export const serviceName = (model: string): string => model.slice('anthropic:'.length);

/** What the model takes of what was set, said before anything is paid. */
function refuseThinking(model: string, { thinking }: ModelSettings, info: ModelInfo): void {
  const types = info.capabilities?.thinking.types;
  if (thinking === undefined || types === undefined) return;
  const mode = typeof thinking === 'number' ? 'enabled' : thinking;
  const supported = Object.entries<{ supported: boolean }>({ ...types }).flatMap(([name, type]) =>
    type.supported ? [name] : [],
  );
  if (supported.includes(mode)) return;
  throw new ProviderError(
    `${model}: thinking: expected ${supported.join(' or ') || 'none'}, which is what the model takes, found ` +
      `${thinking}; change evals/models.yaml`,
    { problem: 'rejected' },
  );
}

/** The model whose limits are asked for, and how long the service may be silent. */
export interface LimitsOptions {
  model: string;
  settings: ModelSettings;
  place: Place;
  silenceMs: number;
}

/** Asks the service what the settings leave open. Asking costs nothing. */
async function askLimits(
  { model, settings, place, silenceMs }: LimitsOptions,
  signal: AbortSignal,
): Promise<CompleteSettings> {
  const { maxTokens } = settings;
  if (maxTokens !== undefined && settings.thinking === undefined) return { ...settings, maxTokens };
  const [{ clientFor }, { problemOf }] = await Promise.all([import('./service.ts'), import('./errors.ts')]);
  try {
    const client = clientFor(place);
    const info = await client.models.retrieve(serviceName(model), {}, { signal, timeout: silenceMs });
    refuseThinking(model, settings, info);
    const largest = maxTokens ?? info.max_tokens;
    if (largest === null)
      throw new ProviderError(
        `${model}: the service does not tell the largest answer; set maxTokens in evals/models.yaml`,
        { problem: 'rejected' },
      );
    return { ...settings, maxTokens: largest };
  } catch (error) {
    signal.throwIfAborted();
    const { message, problem, retryAfterMs } = problemOf(error, model, false);
    throw new ProviderError(message, { problem, retryAfterMs, cause: error });
  }
}

/** The settings of a model with its limits filled in, which are asked for once. Rejects with `ProviderError`. */
export function limitsOf(options: LimitsOptions): (signal: AbortSignal) => Promise<CompleteSettings> {
  let limits: Promise<CompleteSettings> | null = null;
  return (signal) => {
    if (limits !== null) return limits;
    const asking = askLimits(options, signal);
    limits = asking;
    asking.catch((error: unknown) => {
      // After any other failure, the next call asks again.
      if (!(error instanceof ProviderError && error.problem === 'rejected')) limits = null;
    });
    return asking;
  };
}
