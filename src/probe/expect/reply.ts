import type { Expectation, StatusExpectation } from '../../domain/grading/contract/request.ts';
import { headerOf, headerValues, textIn } from '../http/message.ts';
import type { Answer, Reply } from '../http/message.ts';
import { contentMismatch } from './content.ts';
import type { Mismatch } from './content.ts';
import { mismatch } from './values.ts';

/** Whether a status is one of those expected. */
export function isStatus(status: number, wanted: StatusExpectation): boolean {
  return [wanted].flat().some((one) => (typeof one === 'number' ? one === status : one[0] === String(status)[0]));
}

/** A list of statuses in words. */
export const statusWords = (wanted: StatusExpectation): string => [wanted].flat().join(' or ');

function headerMismatch(answer: Answer, headers: NonNullable<Expectation['headers']>): Mismatch | null {
  for (const [name, matcher] of Object.entries(headers)) {
    const value = headerOf(answer, name);
    const wrong = mismatch(value === null ? null : { value }, matcher);
    if (wrong !== null) return { expected: `header ${name}: ${wrong.wanted}`, got: wrong.got };
  }
  return null;
}

function answerMismatch(answer: Answer, expectation: Expectation): Mismatch | null {
  const { status, headers, absent = [], ...content } = expectation;
  const body = textIn(answer.body);
  if (status !== undefined && !isStatus(answer.status, status))
    return {
      expected: `status ${statusWords(status)}`,
      got: `${answer.status}${body === '' ? '' : ` with ${body.slice(0, 300)}`}`,
    };
  const header = headers === undefined ? null : headerMismatch(answer, headers);
  if (header !== null) return header;
  const leaked = absent.find((part) =>
    answer.headers.some(([name]) => headerValues(answer, name).join().includes(part)),
  );
  if (leaked !== undefined) return { expected: `no ${leaked} in a header`, got: JSON.stringify(answer.headers) };
  return contentMismatch(body, { ...content, absent });
}

/** Why there is no answer, in words. */
export function replyWords(reply: Exclude<Reply, { kind: 'answer' }>): string {
  switch (reply.kind) {
    case 'closed':
      return 'the connection was closed without an answer';
    case 'late':
      return reply.received === 0 ? 'no answer in time' : `only ${reply.received} bytes of an answer in time`;
    case 'broken':
      return `no HTTP answer (${reply.why}): ${JSON.stringify(textIn(reply.received).slice(0, 200))}`;
  }
}

/** What is wrong with what came of a request, in words; null when it is as it should be. */
export function replyMismatch(reply: Reply, expectation: Expectation): Mismatch | null {
  if (reply.kind === 'answer') return answerMismatch(reply.answer, expectation);
  if (reply.kind === 'closed' && expectation.or_closed === true) return null;
  const expected = expectation.status === undefined ? 'an answer' : `status ${statusWords(expectation.status)}`;
  return { expected, got: replyWords(reply) };
}
