/** GitHub's REST API, as far as comments on pull requests need it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** How the service is reached. */
export interface GithubPlace {
  /** `https://api.github.com`, or that of an own server. */
  base: string;
  token: string;
  /** `owner/name`. */
  repository: string;
}

/** The service refused a call, or could not be reached. `status` is 0 where there was no reply. */
export class GithubError extends Error {
  override name = 'GithubError';
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Tries of one call, and milliseconds before the second; they double. */
const TRIES = 4;
const FIRST_DELAY_MS = 500;
/** The longest that a service is waited for that asks for it, and the longest that one call may take. */
const PATIENCE_MS = 60_000;
const CALL_MS = 30_000;
/** Pages of a list, of a hundred items each. */
const MOST_PAGES = 200;

/** One reply: its status, whether more pages follow, and its JSON (null where there is none). */
interface Reply {
  status: number;
  more: boolean;
  body: unknown;
  /** Milliseconds that the service asks us to wait; null where it does not. */
  waitMs: number | null;
}

/** What stands in a refusal; never more than a line of it is shown. */
const refusalSchema = z.looseObject({ message: z.string() });

/** Milliseconds to wait by a reply's headers; null where nothing is said of it. */
function waitOf(headers: Headers): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(seconds)) return Math.min(seconds * 1000, PATIENCE_MS);
  return headers.get('x-ratelimit-remaining') === '0' ? PATIENCE_MS : null;
}

/** Calls the service; what may go better is tried again. Its messages never hold the token. */
export class GithubApi {
  readonly #place: GithubPlace;
  readonly #firstDelayMs: number;

  constructor(place: GithubPlace, firstDelayMs = FIRST_DELAY_MS) {
    this.#place = place;
    this.#firstDelayMs = firstDelayMs;
  }

  /** Path of something of the repository. */
  path(rest: string): string {
    return `/repos/${this.#place.repository}/${rest}`;
  }

  async #once(method: string, path: string, body: unknown): Promise<Reply> {
    const response = await fetch(`${this.#place.base.replace(/\/$/, '')}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${this.#place.token}`,
        'content-type': 'application/json',
        'user-agent': 'cupel',
        'x-github-api-version': '2022-11-28',
      },
      redirect: 'error', // the token goes nowhere else
      signal: AbortSignal.timeout(CALL_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      more: (response.headers.get('link') ?? '').includes('rel="next"'),
      body: jsonOf(await response.text()),
      waitMs: waitOf(response.headers),
    };
  }

  /** A call with its reply. Throws `GithubError`. */
  async call(method: string, path: string, body?: unknown): Promise<Reply> {
    let last = new GithubError(`${method} ${path}: the service could not be reached`, 0);
    for (let tried = 0; tried < TRIES; tried += 1) {
      if (tried > 0) await sleep(this.#firstDelayMs * 2 ** (tried - 1));
      const reply = await this.#once(method, path, body).catch((error: unknown) => {
        last = new GithubError(`${method} ${path}: the service could not be reached (${String(error)})`, 0);
        return null;
      });
      if (reply === null) continue;
      if (reply.status < 300) return reply;
      const said = refusalSchema.safeParse(reply.body).data?.message.slice(0, 200) ?? 'nothing more';
      last = new GithubError(`${method} ${path}: status ${reply.status}, ${said}`, reply.status);
      const isLimited = reply.status === 429 || (reply.status === 403 && reply.waitMs !== null);
      if (reply.status < 500 && !isLimited) throw last;
      if (reply.waitMs !== null) await sleep(reply.waitMs);
    }
    throw last;
  }

  /** All items of a list, page by page. Throws `GithubError`. */
  async list<T extends z.ZodType>(path: string, item: T): Promise<z.output<T>[]> {
    const items: z.output<T>[] = [];
    const join = path.includes('?') ? '&' : '?';
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const { body, more } = await this.call('GET', `${path}${join}per_page=100&page=${page}`);
      const parsed = z.array(item).safeParse(body);
      if (!parsed.success) throw new GithubError(`GET ${path}: expected a list, found something else`, 200);
      items.push(...parsed.data);
      if (!more) break;
    }
    return items;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
