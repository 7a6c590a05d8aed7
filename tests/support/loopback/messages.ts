/**
 * A service on loopback that speaks Anthropic's Messages, Models and Batches, with faults by script, for tests and
 * benches.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

export const faults = [
  '429-with-retry-after',
  '429',
  '529',
  '500',
  'reset-before',
  'reset-midway',
  'overloaded-midway',
  'stall',
  'malformed',
  'short',
  'max_tokens',
  'refusal',
] as const;
export type Fault = (typeof faults)[number];

/** Faults that are answers all the same. */
export const answersOfAKind: ReadonlySet<Fault> = new Set<Fault>(['max_tokens', 'refusal']);

/** One call as the service saw it. */
export interface Call {
  number: number;
  /** The last word of the user message: which request it was. */
  subject: string;
  fault: Fault | null;
  /** Whether the answer went out to its end. */
  complete: boolean;
  /** Whether the caller hung up first. */
  hungUp: boolean;
  inputTokens: number;
  outputTokens: number;
  marked: boolean;
}

export interface Script {
  key?: string;
  model?: string;
  /** The fault of the n-th call, counted from 1. */
  fault?(number: number, subject: string): Fault | null;
  /** Milliseconds between the pieces of an answer. */
  pauseMs?: number;
  outputTokens?: number;
  /** Whether the n-th batch gets no reply although the service has taken it. */
  losesReply?(number: number): boolean;
  /** How often a batch is looked at before it has ended. */
  looks?: number;
  /** How a request of a batch ends. */
  ending?(subject: string): 'succeeded' | 'errored' | 'expired';
}

const messageSchema = z.object({
  model: z.string(),
  max_tokens: z.int(),
  stream: z.boolean().optional(),
  system: z.array(z.object({ text: z.string() })).optional(),
  messages: z.array(
    z.object({
      role: z.literal('user'),
      content: z.array(z.object({ text: z.string(), cache_control: z.unknown().optional() })),
    }),
  ),
});
type Message = z.infer<typeof messageSchema>;

/** The answer to a request: always the same to the same. */
export const answerTo = (subject: string): string =>
  `# About ${subject}\n\nThere is nothing to build for ${subject}, for the task is a test. ${'Words. '.repeat(40)}\n`;

const textOf = ({ messages }: Message): string =>
  messages.flatMap(({ content }) => content.map(({ text }) => text)).join('\n');
const subjectOf = (message: Message): string => textOf(message).trim().split(/\s+/).at(-1) ?? '';

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString() || '{}');
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function fail(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  json(response, status, { type: 'error', error: { type, message } }, headers);
}

interface Batch {
  id: string;
  createdAt: string;
  looks: number;
  requests: { custom_id: string; params: Message }[];
}

/** A running service. */
export interface Service {
  url: string;
  calls: Call[];
  batches: Batch[];
  /** Requests of any kind, by method and path. */
  requests: string[];
  script: Script;
  close(): Promise<void>;
}

export async function startService(script: Script = {}): Promise<Service> {
  const service: Service = { url: '', calls: [], batches: [], requests: [], script, close: () => Promise.resolve() };
  const model = (): string => service.script.model ?? 'claude-test';
  const usage = (call: Call) => ({
    input_tokens: call.inputTokens,
    output_tokens: call.outputTokens,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  });

  function begin(message: Message, fault: Fault | null, number: number): Call {
    const length = (message.system ?? []).reduce((sum, { text }) => sum + text.length, 0) + textOf(message).length;
    const tokens = Math.min(service.script.outputTokens ?? 100, message.max_tokens);
    const marked = message.messages.some(({ content }) =>
      content.some(({ cache_control }) => cache_control !== undefined),
    );
    return {
      number,
      subject: subjectOf(message),
      fault,
      complete: false,
      hungUp: false,
      inputTokens: Math.ceil(length / 4),
      outputTokens: tokens,
      marked,
    };
  }

  /** Sends an answer as events, up to its end or to the fault. */
  async function stream(response: ServerResponse, call: Call): Promise<void> {
    const send = (type: string, data: object): boolean =>
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    const { fault } = call;
    response.on('close', () => (call.hungUp ||= !call.complete));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    send('message_start', {
      message: {
        id: `msg_${call.number}`,
        type: 'message',
        role: 'assistant',
        model: `${model()}-20260101`,
        content: [],
        stop_reason: null,
        usage: { ...usage(call), output_tokens: 1 },
      },
    });
    send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
    const text = fault === 'refusal' ? 'I will not.' : answerTo(call.subject);
    for (let at = 0; at < text.length; at += 64) {
      await sleep(service.script.pauseMs ?? 0);
      if (response.destroyed) return;
      if (at > text.length / 2) {
        if (fault === 'reset-midway') return void response.socket?.resetAndDestroy();
        if (fault === 'stall') return;
        if (fault === 'short') return void response.end();
        if (fault === 'max_tokens') break;
        if (fault === 'malformed') response.write('event: content_block_delta\ndata: {"type": "content_bl\n\n');
        if (fault === 'overloaded-midway') {
          send('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
          return void response.end();
        }
      }
      send('content_block_delta', { index: 0, delta: { type: 'text_delta', text: text.slice(at, at + 64) } });
      if (at % 640 === 0) send('ping', {});
    }
    send('content_block_stop', { index: 0 });
    const stop = fault !== null && answersOfAKind.has(fault) ? fault : 'end_turn';
    send('message_delta', {
      delta: { stop_reason: stop, stop_sequence: null },
      usage: { output_tokens: call.outputTokens },
    });
    call.complete = true;
    send('message_stop', {});
    response.end();
  }

  async function messages(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const message = messageSchema.parse(await bodyOf(request));
    if (message.model !== model()) return fail(response, 404, 'not_found_error', `model: ${message.model}`);
    const number = service.calls.length + 1;
    const fault = service.script.fault?.(number, subjectOf(message)) ?? null;
    const call = begin(message, fault, number);
    service.calls.push(call);
    if (fault === '429-with-retry-after')
      return fail(response, 429, 'rate_limit_error', 'Too many', { 'retry-after': '1' });
    if (fault === '429') return fail(response, 429, 'rate_limit_error', 'Too many');
    if (fault === '529') return fail(response, 529, 'overloaded_error', 'Overloaded');
    if (fault === '500') return fail(response, 500, 'api_error', 'Internal server error');
    if (fault === 'reset-before') return void request.socket.resetAndDestroy();
    await stream(response, call);
  }

  function described(batch: Batch) {
    const ended = batch.looks >= (service.script.looks ?? 0);
    const count = batch.requests.length;
    return {
      id: batch.id,
      type: 'message_batch',
      processing_status: ended ? 'ended' : 'in_progress',
      request_counts: {
        processing: ended ? 0 : count,
        succeeded: ended ? count : 0,
        errored: 0,
        canceled: 0,
        expired: 0,
      },
      created_at: batch.createdAt,
      expires_at: batch.createdAt,
      ended_at: ended ? batch.createdAt : null,
      archived_at: null,
      cancel_initiated_at: null,
      results_url: ended ? `${service.url}/v1/messages/batches/${batch.id}/results` : null,
    };
  }

  function resultOf({ custom_id, params }: Batch['requests'][number]) {
    const call = begin(params, null, 0);
    const ending = service.script.ending?.(call.subject) ?? 'succeeded';
    const message = {
      id: `msg_${custom_id}`,
      type: 'message',
      role: 'assistant',
      model: `${model()}-20260101`,
      content: [{ type: 'text', text: answerTo(call.subject) }],
      stop_reason: 'end_turn',
      usage: usage(call),
    };
    if (ending === 'succeeded') return { custom_id, result: { type: 'succeeded', message } };
    if (ending === 'expired') return { custom_id, result: { type: 'expired' } };
    return {
      custom_id,
      result: {
        type: 'errored',
        error: { type: 'error', error: { type: 'invalid_request_error', message: 'no such thing' } },
      },
    };
  }

  async function batches(request: IncomingMessage, response: ServerResponse, [id, results]: string[]): Promise<void> {
    if (request.method === 'POST') {
      const { requests } = z
        .object({
          requests: z.array(z.object({ custom_id: z.string().regex(/^[\w-]{1,64}$/), params: messageSchema })),
        })
        .parse(await bodyOf(request));
      const number = service.batches.length + 1;
      const batch: Batch = {
        id: `msgbatch_${String(number).padStart(4, '0')}`,
        createdAt: new Date().toISOString(),
        looks: 0,
        requests,
      };
      service.batches.push(batch);
      if (service.script.losesReply?.(number) === true) return void request.socket.resetAndDestroy();
      return json(response, 200, described(batch));
    }
    if (id === undefined)
      return json(response, 200, {
        data: service.batches.toReversed().map(described),
        has_more: false,
        first_id: null,
        last_id: null,
      });
    const batch = service.batches.find((known) => known.id === id);
    if (batch === undefined) return fail(response, 404, 'not_found_error', id);
    if (results === 'results') {
      response.writeHead(200, { 'content-type': 'application/x-jsonl' });
      return void response.end(
        batch.requests
          .toReversed()
          .map((one) => `${JSON.stringify(resultOf(one))}\n`)
          .join(''),
      );
    }
    const now = described(batch);
    batch.looks += 1;
    json(response, 200, now);
  }

  function models(response: ServerResponse, id: string): void {
    if (id !== model()) return fail(response, 404, 'not_found_error', `model: ${id}`);
    const supported = { supported: true };
    const types = {
      adaptive: supported,
      enabled: { supported: false },
      disabled: supported,
      between_tools: { supported: false },
    };
    json(response, 200, {
      id,
      type: 'model',
      display_name: id,
      created_at: '2026-01-01T00:00:00Z',
      max_tokens: 4000,
      max_input_tokens: 200_000,
      capabilities: { thinking: { supported: true, types } },
    });
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    service.requests.push(`${request.method} ${path}`);
    const { key } = service.script;
    const given = request.headers['x-api-key'] ?? request.headers.authorization?.replace('Bearer ', '');
    if (key !== undefined && given !== key)
      return fail(response, 401, 'authentication_error', `invalid key ${String(given)}`);
    const [, , kind, sub, ...rest] = path.split('/');
    if (kind === 'models') return models(response, sub ?? '');
    if (kind === 'messages' && sub === 'batches') return batches(request, response, rest);
    if (kind === 'messages') return messages(request, response);
    fail(response, 404, 'not_found_error', path);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) fail(response, 400, 'invalid_request_error', String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  service.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return service;
}
