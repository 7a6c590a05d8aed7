import type { TogetherStep } from '../../domain/grading/contract/steps.ts';
import { replyMismatch } from '../expect/reply.ts';
import { documentOf } from '../expect/content.ts';
import { atPath, show } from '../expect/values.ts';
import { hold, pipeline, release } from '../http/exchange.ts';
import type { Held } from '../http/exchange.ts';
import { textIn } from '../http/message.ts';
import type { Reply, Request } from '../http/message.ts';
import { reachable } from '../program/start.ts';
import { requestIn } from './requests.ts';
import { exchangeOf, failureOf, filledExpectation, plainFailure, scopeIn } from './step.ts';
import type { Failure, StepOutcome, StepRun } from './step.ts';

/** Most connections that wait for their last byte: more would wait in the program's queue and not be together. */
const MOST_CONNECTIONS = 500;

/** A template that may use the number of its request. */
const numbered = /\{\{[^}]*\bn\b/;

function requestsOf(run: StepRun, { requests, times }: TogetherStep['together']): Request[] {
  const makers = requests.map((template, index) => {
    const make = (time: number): Request => requestIn(run, template, { n: time * requests.length + index + 1 });
    if (numbered.test(JSON.stringify(template))) return make;
    const same = make(0); // filling in thousands of equal requests takes seconds
    return (): Request => same;
  });
  return Array.from({ length: times }, (_, time) => makers.map((make) => make(time))).flat();
}

async function lastBytes(run: StepRun, requests: readonly Request[], timeoutMs: number): Promise<Reply[]> {
  const { service, port } = run.program;
  const held: Held[] = [];
  try {
    // One after the other, so that each has been accepted and read before the last bytes go out.
    for (const request of requests) held.push(await hold(service.socket(port), request));
    return await release(held, timeoutMs);
  } finally {
    for (const { connection } of held) connection.close();
  }
}

async function repliesTo(run: StepRun, step: TogetherStep, requests: readonly Request[]): Promise<Reply[] | null> {
  const { release: way, connections, timeout } = step.together;
  const { service, port } = run.program;
  const replies = await reachable(run.program, () =>
    way === 'pipelined'
      ? pipeline(service.socket(port), requests, connections, timeout * 1000)
      : lastBytes(run, requests, timeout * 1000),
  );
  return replies !== null && 'kind' in replies ? requests.map(() => ({ kind: 'closed' })) : replies;
}

/** The value of an answer at a place, as a text that can be compared. */
function valueAt(reply: Reply, place: string): string {
  if (reply.kind !== 'answer') return reply.kind;
  if (place === 'status') return String(reply.answer.status);
  const body = textIn(reply.answer.body);
  if (place === 'body') return body;
  const document = documentOf(body);
  const found = 'value' in document ? atPath(document.value, place) : null;
  return found === null ? 'nothing' : show(found.value);
}

/** How often each status came. */
function tally(replies: readonly Reply[]): string {
  const counts = new Map<string, number>();
  for (const reply of replies) {
    const key = reply.kind === 'answer' ? String(reply.answer.status) : reply.kind;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([status, count]) => `${count} times ${status}`).join(', ');
}

type Count = TogetherStep['expect']['counts'][number];

function countWords({ exactly, at_least: least, at_most: most }: Count): string {
  return [
    ...(exactly === undefined ? [] : [`exactly ${exactly}`]),
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(most === undefined ? [] : [`at most ${most}`]),
  ].join(' and ');
}

/** Whether answers are missing though the program runs: on a busy machine it may have given up on slow connections. */
const incomplete = (run: StepRun, replies: readonly Reply[]): boolean =>
  replies.some(({ kind }) => kind === 'late' || kind === 'closed') && run.program.end === null;

function countMismatch(run: StepRun, count: Count, replies: readonly Reply[]): Failure | null {
  const where = filledExpectation(count.where, scopeIn(run));
  const found = replies.filter((reply) => replyMismatch(reply, where) === null).length;
  const holds =
    (count.exactly === undefined || found === count.exactly) &&
    (count.at_least === undefined || found >= count.at_least) &&
    (count.at_most === undefined || found <= count.at_most);
  if (holds) return null;
  return plainFailure(
    `${countWords(count)} of ${replies.length} answers with ${show(count.where)}`,
    `${found} (${tally(replies)})`,
    incomplete(run, replies),
  );
}

function relationMismatch(step: TogetherStep, replies: readonly Reply[]): Failure | null {
  for (const place of step.expect.same) {
    const values = new Set(replies.map((reply) => valueAt(reply, place)));
    if (values.size > 1)
      return plainFailure(
        `the same ${place} in all answers`,
        [...values]
          .slice(0, 5)
          .map((value) => value.slice(0, 200))
          .join(' / '),
      );
  }
  for (const place of step.expect.distinct) {
    const values = replies.map((reply) => valueAt(reply, place));
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined)
      return plainFailure(`a ${place} of its own in each answer`, `${twice.slice(0, 200)} twice`);
  }
  return null;
}

/** Many requests at once, and what their answers must be together. */
export async function togetherStep(run: StepRun, step: TogetherStep): Promise<StepOutcome> {
  const requests = requestsOf(run, step.together);
  if (step.together.release === 'last-byte' && requests.length > MOST_CONNECTIONS)
    return { notRun: `${requests.length} connections at once are more than ${MOST_CONNECTIONS}` };
  const replies = await repliesTo(run, step, requests);
  if (replies === null) return { notRun: 'it ends its connections after an answer, as it may' };
  for (const reply of replies) run.answered(reply);
  run.seen.push(tally(replies).split(', ').toSorted().join(', '));
  if (step.as !== undefined)
    run.values[step.as] = { statuses: replies.map((reply) => (reply.kind === 'answer' ? reply.answer.status : 0)) };
  const { each, counts } = step.expect;
  if (each !== undefined) {
    const wanted = filledExpectation(each, scopeIn(run));
    for (const [index, reply] of replies.entries()) {
      const wrong = replyMismatch(reply, wanted);
      const request = requests[index];
      if (wrong !== null && request !== undefined)
        return {
          ...failureOf(run, request, reply, { ...wrong, got: `${wrong.got} (${tally(replies)})` }),
          late: incomplete(run, replies),
        };
    }
  }
  for (const count of counts) {
    const failure = countMismatch(run, count, replies);
    const [request, reply] = [requests[0], replies[0]];
    if (failure !== null)
      return request === undefined || reply === undefined
        ? failure
        : { ...failure, exchange: exchangeOf(run, request, reply) };
  }
  return relationMismatch(step, replies);
}
