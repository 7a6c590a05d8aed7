import type { Request } from '../domain/prompt.ts';

/** What a service may add to a request of its own accord. */
const OVERHEAD = 500;

const bytes = ({ system, user }: Request): number => Buffer.byteLength(system) + Buffer.byteLength(user);

/** About how many tokens a request is. */
export const estimatedTokens = (request: Request): number => Math.ceil(bytes(request) / 4);

/** More tokens than a request can be: a token is a byte at least. */
export const mostTokens = (request: Request): number => bytes(request) + OVERHEAD;
