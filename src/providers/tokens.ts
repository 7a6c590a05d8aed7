import { messagesOf } from '../domain/grading/prompt.ts';
import type { Request } from '../domain/grading/prompt.ts';

/** What a service may add to a request of its own accord. */
const OVERHEAD = 500;

const bytes = (request: Request): number =>
  [request.system, ...messagesOf(request).map(({ text }) => text)].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    0,
  );

/** About how many tokens a request is. */
export const estimatedTokens = (request: Request): number => Math.ceil(bytes(request) / 4);

/** More tokens than a request can be: a token is a byte at least. */
export const mostTokens = (request: Request): number => bytes(request) + OVERHEAD;
