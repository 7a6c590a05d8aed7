import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Capture } from '../../domain/grading/contract/request.ts';
import type { RequestStep, SendStep } from '../../domain/grading/contract/steps.ts';
import { documentOf } from '../expect/content.ts';
import { atPath } from '../expect/values.ts';
import { Connection } from '../http/connection.ts';
import { exchange, hold, release } from '../http/exchange.ts';
import { headerOf, textIn } from '../http/message.ts';
import type { Answer, Reply, Request } from '../http/message.ts';
import { reachable } from '../program/start.ts';
import { filledBytes, prepared } from '../requests.ts';
import { answerValue, failureOf, judged, plainFailure, scopeIn } from './step.ts';
import type { StepOutcome, StepRun } from './step.ts';
import type { RequestTemplate } from '../../domain/grading/contract/request.ts';

/** A request of this probe with everything filled in; `more`: further names. */
export function requestIn(run: StepRun, template: RequestTemplate, more: Record<string, unknown> = {}): Request {
  const { recipe, port } = run.program;
  const scope = { ...scopeIn(run), values: { ...run.values, ...more } };
  return prepared(template, scope, { headers: recipe.contract.headers, port });
}

function captured(answer: Answer, capture: Capture): unknown {
  if (typeof capture !== 'string' && 'header' in capture) return headerOf(answer, capture.header) ?? undefined;
  const body = textIn(answer.body);
  if (typeof capture !== 'string') return new RegExp(capture.pattern, 'u').exec(body)?.[1];
  const document = documentOf(body);
  return 'value' in document ? atPath(document.value, capture)?.value : undefined;
}

/** Keeps what later steps want of an answer. */
function keep(
  run: StepRun,
  step: { as?: string | undefined; captures?: Record<string, Capture> },
  request: Request,
  reply: Reply,
): StepOutcome {
  if (reply.kind !== 'answer') return null;
  if (step.as !== undefined) run.values[step.as] = answerValue(reply.answer);
  for (const [name, capture] of Object.entries(step.captures ?? {})) {
    const value = captured(reply.answer, capture);
    if (value === undefined) {
      const where = typeof capture === 'string' ? capture : JSON.stringify(capture);
      return failureOf(run, request, reply, { expected: `a value at ${where}`, got: 'none' });
    }
    run.values[name] = value;
  }
  return null;
}

/** A reply in a form in which the programs of two languages can be compared. */
export function compared(reply: Reply): string {
  if (reply.kind !== 'answer') return reply.kind;
  const { status, body } = reply.answer;
  return `${status} ${createHash('sha256').update(body).digest('hex').slice(0, 12)}`;
}

export async function requestStep(run: StepRun, step: RequestStep): Promise<StepOutcome> {
  const request = requestIn(run, step.request);
  const { service, port } = run.program;
  const reply = await reachable(run.program, () => exchange(service.socket(port), request));
  run.seen.push(compared(reply));
  return judged(run, request, reply, step.expect) ?? keep(run, step, request, reply);
}

export async function holdStep(run: StepRun, step: { hold: RequestTemplate; as: string }): Promise<StepOutcome> {
  const request = requestIn(run, step.hold);
  const { service, port } = run.program;
  const held = await reachable(run.program, () => hold(service.socket(port), request));
  if ('kind' in held) return plainFailure('a connection', 'the program has ended');
  run.held.set(step.as, held);
  return null;
}

export async function releaseStep(
  run: StepRun,
  step: { release: string; expect?: RequestStep['expect']; captures: RequestStep['captures'] },
): Promise<StepOutcome> {
  const held = run.held.get(step.release);
  if (held === undefined) throw new Error(`nothing is held under the name ${step.release}`);
  run.held.delete(step.release);
  const [reply = { kind: 'closed' } as const] = await release([held], held.request.timeoutMs);
  run.seen.push(compared(reply));
  return judged(run, held.request, reply, step.expect) ?? keep(run, { ...step, as: step.release }, held.request, reply);
}

/** Raw bytes as a request, for showing them. */
const asRequest = (bytes: Uint8Array, timeoutMs: number): Request => ({
  method: '',
  path: '',
  headers: [],
  body: bytes,
  framing: 'length',
  timeoutMs,
});

async function sendAll(run: StepRun, step: SendStep, connection: Connection, sent: Uint8Array[]): Promise<void> {
  for (const part of step.send) {
    if (typeof part === 'object' && 'pause' in part) await pause(part.pause * 1000);
    else if (typeof part === 'object' && 'finish' in part) connection.finish();
    else {
      const bytes = filledBytes(part, scopeIn(run));
      sent.push(bytes);
      await connection.send(bytes);
    }
    if (connection.over || connection.answers.length > 0) return;
  }
}

/** The bytes as a command that a person can paste. */
function printfOf(bytes: Uint8Array, port: number): string {
  const base64 = Buffer.from(bytes).toString('base64');
  const text = base64.length > 4000 ? `${base64.slice(0, 4000)}…` : base64;
  return `printf %s ${text} | base64 -d | nc localhost ${port}`;
}

export async function sendStep(run: StepRun, step: SendStep): Promise<StepOutcome> {
  const { service, port } = run.program;
  const deadline = performance.now() + step.timeout * 1000;
  const sent: Uint8Array[] = [];
  const connection = new Connection(service.socket(port), () => 'GET');
  const reply = await reachable(run.program, async () => {
    await Promise.race([sendAll(run, step, connection, sent), connection.wait(1, deadline)]);
    await connection.wait(1, deadline);
    return connection.reply(0);
  }).finally(() => connection.close());
  run.seen.push(reply.kind === 'answer' ? String(reply.answer.status) : reply.kind);
  const bytes = Buffer.concat(sent);
  const failure = judged(run, asRequest(bytes, step.timeout * 1000), reply, step.expect);
  if (failure?.exchange)
    failure.exchange = {
      ...failure.exchange,
      request: textIn(bytes).slice(0, 4000),
      command: printfOf(bytes, port),
    };
  return failure ?? keep(run, step, asRequest(bytes, 0), reply);
}
