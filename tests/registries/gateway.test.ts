import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REGISTRIES_PORT } from '../../src/ports/registries.ts';
import type { Registry } from '../../src/ports/registries.ts';
import { Downloads } from '../../src/registries/downloads.ts';
import { Gateway } from '../../src/registries/gateway.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder = '';
let servers: Server[] = [];
/** What the servers were asked for: method, host and path. */
let asked: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cupel-gateway-'));
  [servers, asked] = [[], []];
});

afterEach(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A server on loopback; its port. */
async function serve(answer: Answer): Promise<number> {
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.headers.host?.split(':')[0]}${incoming.url}`);
    answer(incoming, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const gateway = (): Gateway => new Gateway(folder, () => Promise.resolve(new Downloads(join(folder, 'downloads'))));

/** Asks a gateway as a resolver inside of the sandbox does. */
async function ask(
  registries: readonly Registry[],
  path: string,
  { method = 'GET', through = gateway() }: { method?: string; through?: Gateway } = {},
): Promise<{ status: number; body: string }> {
  const socketPath = await through.socketFor(registries);
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath, path, method }, resolve).on('error', reject).end();
  });
  return { status: reply.statusCode ?? 0, body: await text(reply) };
}

const npm = (port: number): Registry => ({ name: 'npm', kind: 'npm', address: `http://127.0.0.1:${port}/base/` });

const echo: Answer = (incoming, response) => void response.end(`content of ${incoming.url}`);

describe('the gateway of registries', () => {
  test('says when a registry wants other credentials, since a moment, and what to do', async () => {
    const port = await serve((_incoming, response) => void response.writeHead(401).end());
    const [registries, through] = [[npm(port)], gateway()];
    const before = performance.now();
    expect((await ask(registries, '/npm/x', { through })).status).toBe(401);
    expect(through.refusalSince(registries, before)).toMatch(/answered 401: it wants other credentials.*\.npmrc/);
    expect(through.refusalSince(registries, performance.now() + 1)).toBeNull();
  });

  test('takes 403 for a refusal of credentials where some were sent, and for another answer where none were', async () => {
    const port = await serve((_incoming, response) => void response.writeHead(403).end());
    const through = gateway();
    for (const [address, refused] of [
      [`http://127.0.0.1:${port}/base/`, false],
      [`http://user:word@127.0.0.1:${port}/base/`, true],
    ] as const) {
      const registries: Registry[] = [{ name: 'npm', kind: 'npm', address }];
      expect((await ask(registries, '/npm/x', { through })).status).toBe(403);
      expect(through.refusalSince(registries, 0) !== null).toBe(refused);
    }
  });

  test('says which packages have releases without a date, since a moment', async () => {
    const port = await serve((_incoming, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"versions":{"1.0.0":{}}}');
    });
    const [registries, through] = [[npm(port)], gateway()];
    const before = performance.now();
    await ask(registries, '/npm/@team%2fx', { through });
    expect(through.undatedSince(registries, before)).toEqual(['@team/x']);
    expect(through.undatedSince(registries, performance.now() + 1)).toEqual([]);
  });

  test('reads what is below the address of a registry', async () => {
    expect(await ask([npm(await serve(echo))], '/npm/@types%2fnode?write=true')).toEqual({
      status: 200,
      body: 'content of /base/@types%2fnode?write=true',
    });
  });

  test.each([
    '/npm/../secret',
    '/npm/%2e%2e/secret',
    '/npm/..%2f..%2f/../../secret',
    '/npm/\\..\\..\\secret',
    '/other/package',
    '/',
    '/npm',
    '//127.0.0.1/npm/',
    'http://127.0.0.1/npm/x',
    '/npm/-linked-/http/127.0.0.1/secret',
  ])('leads nowhere else: %s', async (path) => {
    const { status } = await ask([npm(await serve(echo))], path);
    expect([403, 404]).toContain(status);
    expect(asked.filter((line) => line.includes('secret') && !line.includes('/base/'))).toEqual([]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'CONNECT'])('takes no %s', async (method) => {
    const outcome = await ask([npm(await serve(echo))], '/npm/x', { method }).catch(() => ({ status: 403 }));
    expect(outcome.status).toBe(403);
    expect(asked).toEqual([]);
  });

  test('has the archives that a document links to come through it, and no others', async () => {
    const other = 'files.example.com';
    const port: number = await serve((incoming, response) => {
      if (incoming.url !== '/base/x') return void response.end(`content of ${incoming.url}`);
      response.setHeader('content-type', 'application/json');
      const urls = [`http://127.0.0.1:${port}/base/x/-/x-1.0.0.tgz`, `https://${other}/x-2.0.0.tgz?a=1`];
      const versions = urls.map((tarball) => ({ dist: { tarball }, readme: `"tarball":"${tarball}"` }));
      response.end(JSON.stringify({ versions }));
    });
    const { body } = await ask([npm(port)], '/npm/x');
    const inside = `http://127.0.0.1:${REGISTRIES_PORT}/npm`;
    expect(body).toContain(`"tarball":"${inside}/x/-/x-1.0.0.tgz"`);
    expect(body).toContain(`"tarball":"${inside}/-linked-/https/${other}/x-2.0.0.tgz?a=1"`);
    expect(body).toContain(`\\"tarball\\":\\"https://${other}/x-2.0.0.tgz?a=1\\"`);
    expect((await ask([npm(port)], '/npm/x/-/x-1.0.0.tgz')).body).toBe('content of /base/x/-/x-1.0.0.tgz');
  });

  test.each([
    ['text/html', (url: string) => `<a href="${url}#sha256=00&amp;x=1" data-requires-python="&gt;=3">x</a>`],
    ['application/vnd.pypi.simple.v1+json', (url: string) => JSON.stringify({ files: [{ url, filename: 'x.whl' }] })],
  ])('knows the pages of Python (%s), with addresses that are relative', async (type, page) => {
    const port = await serve((_incoming, response) => {
      response.setHeader('content-type', type);
      response.end(page('../../packages/x.whl'));
    });
    const registry: Registry = { name: 'python', kind: 'python', address: `http://127.0.0.1:${port}/simple` };
    const through = gateway();
    const { body } = await ask([registry], '/python/x/', { through });
    const link = `/python/-linked-/http/127.0.0.1:${port}/packages/x.whl`;
    expect(body).toContain(`http://127.0.0.1:${REGISTRIES_PORT}${link}`);
    expect((await ask([registry], `${link}.metadata`, { through })).status).toBe(200);
    expect(asked.at(-1)).toBe('GET 127.0.0.1/packages/x.whl.metadata');
  });

  test.each(['http://127.0.0.1', 'http://localhost', 'http://[::1]', 'http://2130706433', 'http://[::ffff:127.0.0.1]'])(
    'follows nobody to this machine: %s',
    async (host) => {
      const victim = await serve(echo);
      const port = await serve((_incoming, response) => {
        response.writeHead(302, { location: `${host}:${victim}/secret` }).end();
      });
      const { status, body } = await ask([npm(port)], '/npm/x');
      expect({ status, body }).toMatchObject({
        status: 502,
        body: expect.stringContaining('of this machine') as unknown,
      });
      expect(asked.filter((line) => line.includes('secret'))).toEqual([]);
    },
  );

  test('says credentials to the registry that they are for, and shows them to nobody else', async () => {
    let authorization: string | undefined;
    const port = await serve((incoming, response) => {
      ({ authorization } = incoming.headers);
      response.end('secret package');
    });
    const registry = { ...npm(port), address: `http://user:pass%40word@127.0.0.1:${port}/base/` };
    expect((await ask([registry], '/npm/x')).status).toBe(200);
    expect(authorization).toBe(`Basic ${Buffer.from('user:pass@word').toString('base64')}`);
    expect((await ask([npm(port)], '/npm/y')).status).toBe(200);
    expect(authorization).toBeUndefined();
  });

  test('keeps archives, and asks again for one that has changed on disk', async () => {
    const port = await serve(echo);
    const through = gateway();
    const archive = '/npm/x/-/x-1.0.0.tgz';
    for (let count = 0; count < 2; count += 1)
      expect((await ask([npm(port)], archive, { through })).body).toBe('content of /base/x/-/x-1.0.0.tgz');
    expect(asked).toHaveLength(1);
    const [below = ''] = readdirSync(join(folder, 'downloads'));
    const [file = ''] = readdirSync(join(folder, 'downloads', below)).filter((name) => !name.endsWith('.json'));
    writeFileSync(join(folder, 'downloads', below, file), 'poisoned');
    expect((await ask([npm(port)], archive, { through })).body).toBe('content of /base/x/-/x-1.0.0.tgz');
    expect(asked).toHaveLength(2);
  });

  test('passes on that there is no such package, and says when nobody answers', async () => {
    const port = await serve((_incoming, response) => void response.writeHead(404).end());
    expect((await ask([npm(port)], '/npm/x')).status).toBe(404);
    expect((await ask([npm(1)], '/npm/x')).status).toBe(502);
  });
});
