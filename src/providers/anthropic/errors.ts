import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { ProviderError } from '../../ports/provider.ts';
import type { Problem } from '../../ports/provider.ts';

/** Codes of connections that were never made: such a call has reached nobody. */
const neverSent = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ENETDOWN',
  'EADDRNOTAVAIL',
]);

const advice: Partial<Record<Problem, string>> = {
  credentials: 'see that ANTHROPIC_API_KEY holds a valid key that may use this model, then resume the run',
  billing: 'see to the billing of the account, then resume the run',
  'unknown-model': 'correct the name of the model in the suite or after --model',
  unreachable: 'see that the network works and that ANTHROPIC_BASE_URL, if set, is right, then resume the run',
};

/** By the type that the service names; it is there also where a stream breaks off and there is no status. */
const byType: Readonly<Record<string, Problem>> = {
  authentication_error: 'credentials',
  permission_error: 'credentials',
  billing_error: 'billing',
  not_found_error: 'unknown-model',
  rate_limit_error: 'rate-limit',
  overloaded_error: 'overloaded',
  timeout_error: 'server',
  api_error: 'server',
  conflict_error: 'server',
};

function byStatus(status: number): Problem {
  if (status === 401 || status === 403) return 'credentials';
  if (status === 402) return 'billing';
  if (status === 404) return 'unknown-model';
  if (status === 429) return 'rate-limit';
  if (status === 529) return 'overloaded';
  return status >= 500 || status === 408 || status === 409 ? 'server' : 'rejected';
}

/** `retry-after` in milliseconds: seconds or a date; null when it is not there or is neither. */
function retryAfterMs(headers: Headers | undefined): number | null {
  const value = headers?.get('retry-after');
  if (value === null || value === undefined) return null;
  const ms = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** What the system said: the first cause with a code. */
function systemError(error: unknown): NodeJS.ErrnoException | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (typeof (at as NodeJS.ErrnoException).code === 'string') return at;
  return null;
}

/** A connection that times out while it is read or written was made: what was sent may have arrived. */
const isNeverSent = ({ code = '', syscall = '' }: NodeJS.ErrnoException): boolean =>
  neverSent.has(code) && syscall !== 'read' && syscall !== 'write';

/** What went wrong with a call, in our words. `begun`: whether an answer had begun to come. */
export function problemOf(error: unknown, model: string, begun: boolean): ProviderError {
  if (error instanceof ProviderError) return error;
  const failure = (
    problem: Problem,
    what: string,
    more: { retryAfterMs?: number | null; mayCost?: boolean } = {},
  ): ProviderError => {
    const what_to_do = advice[problem];
    return new ProviderError(`${model}: ${what}${what_to_do === undefined ? '' : `; ${what_to_do}`}`, {
      problem,
      ...more,
      cause: error,
    });
  };
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError)
    return failure('interrupted', 'the call was ended', { mayCost: true });
  if (error instanceof APIConnectionError) {
    const systemCause = systemError(error);
    if (systemCause !== null && isNeverSent(systemCause))
      return failure('unreachable', `the service cannot be reached (${systemCause.code})`);
    return failure('interrupted', `the connection broke off (${systemCause?.code ?? error.message})`, {
      mayCost: true,
    });
  }
  if (error instanceof APIError) {
    const { status, type, apiMessage } = error as APIError;
    const outOfCredit = /credit balance/i.test(apiMessage ?? ''); // told as an invalid request
    const problem = outOfCredit
      ? 'billing'
      : (byType[type ?? ''] ?? (status === undefined ? 'interrupted' : byStatus(status)));
    return failure(
      problem,
      `the service says ${[status, type, apiMessage].filter((part) => part !== undefined && part !== null).join(' ')}`,
      {
        retryAfterMs: retryAfterMs((error as APIError).headers),
        mayCost: begun,
      },
    );
  }
  if (error instanceof SyntaxError) return failure('malformed', 'the service sent what is no event', { mayCost: true });
  return failure('interrupted', `the answer broke off (${systemError(error)?.code ?? String(error)})`, {
    mayCost: true,
  });
}
