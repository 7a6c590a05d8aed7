/** A service on loopback that speaks the part of GitHub's API that comments need, with pages and a log of its calls. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

export const TOKEN = 'ghs_do_not_show_this_token_0815';

export interface LoopbackComment {
  id: number;
  body: string;
  user: { login: string };
}

export interface LoopbackGithub {
  url: string;
  comments: LoopbackComment[];
  /** Open pull requests, for those who look for one by its branch. */
  pulls: { number: number; head: { sha: string; repo: { full_name: string } }; label: string }[];
  calls: string[];
  /** How the next calls are refused, one status each. */
  refuse: number[];
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

/** Starts the service. `user`: whether the token may ask who it belongs to, as that of a person may. */
export async function loopbackGithub({ user = false, login = 'github-actions[bot]' } = {}): Promise<LoopbackGithub> {
  let next = 1000;
  const state: Omit<LoopbackGithub, 'url' | 'close'> = { comments: [], pulls: [], calls: [], refuse: [] };
  const send = (response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const text = await bodyOf(request);
    state.calls.push(`${request.method} ${pathname}`);
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return void send(response, 401, { message: 'Bad credentials' });
    const refused = state.refuse.shift();
    if (refused !== undefined) return void send(response, refused, { message: 'refused by script' });
    if (pathname === '/user')
      return void (user ? send(response, 200, { login }) : send(response, 403, { message: 'Resource not accessible' }));
    if (pathname === '/graphql') return void send(response, 200, { data: { viewer: { login } } });
    const page = Number(searchParams.get('page') ?? 1);
    const size = Number(searchParams.get('per_page') ?? 30);
    const paged = (items: readonly unknown[]): void =>
      void send(
        response,
        200,
        items.slice((page - 1) * size, page * size),
        page * size < items.length ? { link: `<http://localhost${pathname}?page=${page + 1}>; rel="next"` } : {},
      );
    if (pathname.endsWith('/pulls'))
      return paged(state.pulls.filter(({ label }) => label === searchParams.get('head')));
    const body = (): string => z.looseObject({ body: z.string() }).parse(JSON.parse(text)).body;
    if (pathname.endsWith('/comments') && request.method === 'GET') return paged(state.comments);
    if (pathname.endsWith('/comments') && request.method === 'POST') {
      const made = { id: (next += 1), body: body(), user: { login } };
      if (made.body.length > 65_536) return void send(response, 422, { message: 'body is too long' });
      state.comments.push(made);
      return void send(response, 201, made);
    }
    const found = state.comments.find(({ id }) => pathname.endsWith(`/issues/comments/${id}`));
    if (found === undefined) return void send(response, 404, { message: 'Not Found' });
    if (request.method === 'DELETE') {
      state.comments.splice(state.comments.indexOf(found), 1);
      return void response.writeHead(204).end();
    }
    found.body = body();
    return void send(response, 200, found);
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
