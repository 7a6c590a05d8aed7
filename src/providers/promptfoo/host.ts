// A process of its own for promptfoo: what it prints, keeps and loads stays apart, and ends with it.
// Usage: node host.ts FOLDER ID OPTIONS, with an IPC channel; FOLDER holds node_modules, OPTIONS is JSON.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HostRequest, HostReply } from './protocol.ts';

interface Loaded {
  callApi(prompt: string, context: unknown, options: { abortSignal: AbortSignal }): Promise<Record<string, unknown>>;
}
interface Promptfoo {
  loadApiProvider(id: string, context: { options: { config: unknown } }): Promise<Loaded>;
}

const [folder = '', id = '', options = '{}'] = process.argv.slice(2);
const calls = new Map<number, AbortController>();
const tell = (reply: HostReply): void => void process.send?.(reply);

async function load(): Promise<Loaded> {
  const module = (await import(
    pathToFileURL(join(folder, 'node_modules/promptfoo/dist/src/index.js')).href
  )) as Promptfoo;
  const config: unknown = JSON.parse(options);
  return module.loadApiProvider(id, { options: { config } });
}

const loaded = load();
loaded.catch((error: unknown) => tell({ call: null, error: error instanceof Error ? error.message : String(error) }));

async function answer({ call, prompt }: Extract<HostRequest, { prompt: string }>): Promise<void> {
  const ended = new AbortController();
  calls.set(call, ended);
  try {
    const provider = await loaded;
    const context = { vars: {}, prompt: { raw: prompt, label: 'cupel' } };
    const { output, error, tokenUsage, cost, finishReason, metadata } = await provider.callApi(prompt, context, {
      abortSignal: ended.signal,
    });
    tell({ call, response: { output, error, tokenUsage, cost, finishReason, metadata } });
  } catch (error) {
    tell({
      call,
      error:
        error instanceof Error
          ? `${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ''}`
          : String(error),
    });
  } finally {
    calls.delete(call);
  }
}

process.on('message', (request: HostRequest) => {
  if ('end' in request) calls.get(request.end)?.abort();
  else void answer(request);
});
process.on('disconnect', () => process.exit());
