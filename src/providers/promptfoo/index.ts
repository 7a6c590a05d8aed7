import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { extname, join } from 'node:path';
import { mostCost } from '../../domain/runs/cost.ts';
import type { ModelSettings, Price } from '../../domain/runs/models.ts';
import { messagesOf } from '../../domain/grading/prompt.ts';
import type { Request } from '../../domain/grading/prompt.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Layers } from '../../ports/layers.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { LiveProvider } from '../../ports/provider.ts';
import { mostTokens } from '../tokens.ts';
import { installed } from './install.ts';
import type { HostRequest, HostReply } from './protocol.ts';
import { answerIn } from './response.ts';

/** promptfoo's own cache, retries, telemetry, updates and log stay off: all of that is ours. */
const environment = {
  PROMPTFOO_CACHE_ENABLED: 'false',
  PROMPTFOO_DISABLE_TELEMETRY: '1',
  PROMPTFOO_DISABLE_UPDATE: '1',
  PROMPTFOO_DISABLE_REMOTE_GENERATION: 'true',
  PROMPTFOO_DISABLE_SHARING: '1',
  PROMPTFOO_RETRY_5XX: 'false',
  LOG_LEVEL: 'none',
};

/** The process that hosts promptfoo for one model, started with the first call. */
class Host {
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  #count = 0;
  /** Why no call can succeed any more; null while it runs. */
  #ended: ProviderError | null = null;

  constructor(folder: string, config: string, id: string, options: unknown) {
    this.#child = fork(
      join(import.meta.dirname, `host${extname(import.meta.filename)}`),
      [folder, id, JSON.stringify(options)],
      {
        env: { ...process.env, ...environment, PROMPTFOO_CONFIG_DIR: config },
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        detached: true, // a Ctrl-C is ours to pass on
      },
    );
    this.#child.on('message', (reply: HostReply) => this.#receive(reply));
    this.#child.on('exit', (status, signal) =>
      this.#end(
        new ProviderError(`promptfoo:${id}: its process ended with ${signal ?? status}`, {
          problem: 'interrupted',
          mayCost: true,
        }),
      ),
    );
    this.#child.unref();
    this.#child.channel?.unref();
  }

  #receive(reply: HostReply): void {
    if (reply.call === null) return this.#end(new ProviderError(reply.error, { problem: 'unknown-model' }));
    const call = this.#calls.get(reply.call);
    this.#calls.delete(reply.call);
    if ('response' in reply) call?.resolve(reply.response);
    else call?.resolve({ error: reply.error });
  }

  #end(why: ProviderError): void {
    this.#ended ??= why;
    for (const call of this.#calls.values()) call.reject(this.#ended);
    this.#calls.clear();
    this.#child.kill('SIGKILL');
  }

  /** One call. Ends with the signal, in the host too. */
  async call(prompt: string, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    if (this.#ended !== null) throw this.#ended;
    const call = (this.#count += 1);
    const waiting = Promise.withResolvers<unknown>();
    this.#calls.set(call, waiting);
    const send = (request: HostRequest): void => void this.#child.send(request, () => {});
    const end = (): void => {
      this.#calls.delete(call);
      send({ end: call });
      waiting.reject(signal.reason as Error);
    };
    signal.addEventListener('abort', end, { once: true });
    this.#child.channel?.ref();
    send({ call, prompt });
    try {
      return await waiting.promise;
    } finally {
      signal.removeEventListener('abort', end);
      if (this.#calls.size === 0) this.#child.channel?.unref();
    }
  }
}

/** The messages in the form that promptfoo's chat providers read; no template language has a part in it. */
function chatOf(request: Request): string {
  const messages = messagesOf(request).map(({ role, text }) => ({
    role: role === 'user' ? 'user' : 'assistant',
    content: text,
  }));
  return JSON.stringify(request.system === '' ? messages : [{ role: 'system', content: request.system }, ...messages]);
}

function configOf({ maxTokens, temperature, config }: ModelSettings): Record<string, unknown> {
  return {
    ...config,
    maxRetries: 0,
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

/** Addresses that the environment gives to promptfoo's provider: another place, another answer. */
function placesOf(model: string): Record<string, string | undefined> {
  const prefix = `${(model.split(':')[1] ?? '').toUpperCase()}_`;
  const names = Object.keys(process.env).filter(
    (name) => name.startsWith(prefix) && /(?:URL|HOST|ENDPOINT)$/.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

export interface PromptfooOptions {
  /** As suites have it: `promptfoo:<id>`. */
  model: string;
  settings: ModelSettings;
  price: Price | null;
  limitMs: number;
  clock: Clock;
  layers: Layers;
}

/** Any model that promptfoo has a provider for. */
export function promptfoo({ model, settings, price, limitMs, clock, layers }: PromptfooOptions): LiveProvider {
  let host: Promise<Host> | null = null;
  const startHost = async (signal: AbortSignal): Promise<Host> => {
    const [{ folder }, config] = [await installed(layers, signal), await layers.ownFolder('promptfoo')];
    return new Host(folder, config, model.slice('promptfoo:'.length), configOf(settings));
  };
  return {
    id: 'promptfoo',
    model,
    settings: { model, ...settings, places: placesOf(model) },
    worstCase: (request) => {
      const { maxTokens = null } = settings;
      return Promise.resolve({
        tokens: maxTokens === null ? null : mostTokens(request) + maxTokens,
        costUsd: mostCost(mostTokens(request), maxTokens, price),
      });
    },
    async answer(request, _cell, signal) {
      host ??= startHost(signal);
      const running = await host.catch((error: unknown) => {
        host = null;
        throw error;
      });
      const startedAt = clock.now();
      const late = AbortSignal.timeout(limitMs);
      try {
        const response = await running.call(chatOf(request), AbortSignal.any([signal, late]));
        return answerIn(response, model, price, clock.now() - startedAt);
      } catch (error) {
        signal.throwIfAborted();
        if (late.aborted)
          throw new ProviderError(`${model}: no answer within ${limitMs / 1000} s`, {
            problem: 'stalled',
            mayCost: true,
            cause: error,
          });
        throw error;
      }
    },
  };
}
