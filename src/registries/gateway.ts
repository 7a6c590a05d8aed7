/** The one way of trusted resolvers to the network: reads the registries that a job names, and nothing else. */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { addressInside } from '../ports/registries.ts';
import type { Registry, RegistryGateway } from '../ports/registries.ts';
import type { Download, Downloads } from './downloads.ts';
import { isDocument, relocator } from './links.ts';
import { withDates } from './undated.ts';
import type { Dated } from './undated.ts';
import { Upstream } from './upstream.ts';
import type { Reply } from './upstream.ts';

/** Milliseconds for which a registry is not asked again for the same list of versions. */
const FRESH = 10 * 60_000;

/** The first part of paths that stand for files which a registry's documents link to, wherever they are. */
const LINKED = '-linked-';

/** Archives and their metadata never change: whoever releases something else gives it another name. */
const unchanging =
  /\/-\/[^/]+\.tgz$|\.(?:whl|zip|tar\.gz|tar\.bz2|tgz)(?:\.metadata)?$|\/@v\/v\d+\.\d+\.\d+[^/]*\.(?:info|mod|zip)$|\/tile\/\d+\/(?!.*\.p\/)|\/[^/]+-\d[^/]*(?<!-SNAPSHOT)\.(?:jar|pom|module)(?:\.sha\d+)?$/;

/** What a path inside of the sandbox stands for. */
interface Target {
  registry: Registry;
  url: URL;
}

/** A registry's address as the base of others: without credentials, with a slash at the end. */
function baseOf(registry: Registry): URL {
  const url = new URL(registry.address.endsWith('/') ? registry.address : `${registry.address}/`);
  [url.username, url.password] = ['', ''];
  return url;
}

/**
 * Where the checksum database itself answers what its proxy does not (`sumdb/<name>/…`); null where nothing of it is
 * asked. A null address stands for the question whether the proxy speaks for it, which is then answered here.
 */
function checksumsBehind({ registry, url }: Target): { url: URL | null } | null {
  const { checksums } = registry;
  if (checksums === null || checksums === undefined) return null;
  const prefix = `${baseOf(registry).pathname}sumdb/${checksums.name}/`;
  if (!url.pathname.startsWith(prefix)) return null;
  const rest = url.pathname.slice(prefix.length);
  return { url: rest === 'supported' ? null : new URL(`${checksums.address.replace(/\/$/, '')}/${rest}`) };
}

/**
 * Whether a registry wants other credentials. Without any of ours, 403 says something else: public registries answer so
 * for names that cannot be.
 */
const isRefusal = ({ status, hadCredentials }: Reply): boolean =>
  status === 401 || status === 407 || (status === 403 && hadCredentials);

/** Answers for one set of registries. */
class Desk {
  readonly #registries: ReadonlyMap<string, Registry>;
  readonly #upstream: Upstream;
  readonly #downloads: Downloads;
  /** Origins of files that documents of each registry link to. */
  readonly #linked = new Set<string>();
  readonly #pending = new Map<string, Promise<Download | number>>();
  /** Registries that wanted credentials other than ours: when, by `performance.now()`, and in words. */
  readonly refusals: { at: number; text: string }[] = [];
  /** Packages whose registry does not say when they were released, and when that was seen last. */
  readonly undated = new Map<string, number>();

  constructor(registries: readonly Registry[], downloads: Downloads) {
    this.#registries = new Map(registries.map((registry) => [registry.name, registry]));
    this.#upstream = new Upstream(registries);
    this.#downloads = downloads;
  }

  /** The address that a path stands for; null for one that leads out of the registries. */
  #targetOf(path: string): Target | null {
    const [, name = '', rest = ''] = /^\/([\w-]+)\/(.*)$/s.exec(path) ?? [];
    const registry = this.#registries.get(name);
    if (registry === undefined) return null;
    const [, scheme, host, file] = new RegExp(`^${LINKED}/(https?)/([^/]+)/(.*)$`, 's').exec(rest) ?? [];
    if (scheme !== undefined) {
      const written = `${scheme}://${host}/${file}`;
      const url = URL.canParse(written) ? new URL(written) : null;
      return url !== null && this.#linked.has(`${name} ${url.origin}`) ? { registry, url } : null;
    }
    const base = baseOf(registry);
    const url = new URL(base.href + rest.replace(/^\/+/, ''));
    return url.href.startsWith(base.href) ? { registry, url } : null;
  }

  /** The path inside that stands for a file which a document links to. */
  #inside({ registry }: Target, linked: URL): string {
    const base = baseOf(registry);
    if (linked.href.startsWith(base.href)) return addressInside(registry.name) + linked.href.slice(base.href.length);
    this.#linked.add(`${registry.name} ${linked.origin}`);
    const path = `${linked.pathname}${linked.search}${linked.hash}`;
    return `${addressInside(registry.name)}${LINKED}/${linked.protocol.slice(0, -1)}/${linked.host}${path}`;
  }

  /** What is kept, or what the registry answers; a number is the status of an answer without content of use. */
  async #fetch({ url }: Target, accept: string): Promise<Download | number> {
    const key = `${url.href} ${accept}`;
    const kept = await this.#downloads.get(key);
    const isFresh = kept !== null && Date.now() - kept.record.confirmedAt < FRESH;
    if (kept !== null && (isFresh || unchanging.test(url.pathname))) return kept;
    const etag = kept?.record.etag ?? null;
    const reply = await this.#upstream.get(url, { accept, ...(etag === null ? {} : { 'if-none-match': etag }) });
    return this.#keep(key, reply, kept);
  }

  async #keep(key: string, reply: Reply, kept: Download | null): Promise<Download | number> {
    if (reply.status === 304 && kept !== null) {
      reply.body.resume();
      return this.#downloads.confirm(kept);
    }
    if (reply.status !== 200) {
      if (isRefusal(reply)) this.#refused(reply);
      reply.body.resume();
      return reply.status;
    }
    return this.#downloads.put(key, { url: reply.url.href, type: reply.type, etag: reply.etag }, reply.body);
  }

  #refused({ url: { protocol, host, pathname }, status }: Reply): void {
    this.refusals.push({
      at: performance.now(),
      text:
        `the registry at ${protocol}//${host}${pathname} answered ${status}: it wants other credentials. Correct those ` +
        "of its address, of npm's user file (.npmrc) or of .netrc",
    });
  }

  /** Asks once, however many want the same at the same time. */
  #once(target: Target, accept: string): Promise<Download | number> {
    const key = `${target.url.href} ${accept}`;
    const pending = this.#pending.get(key) ?? this.#fetch(target, accept);
    this.#pending.set(key, pending);
    const forget = (): void => void this.#pending.delete(key);
    pending.then(forget, forget);
    return pending;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.method === 'GET' || request.method === 'HEAD' ? this.#targetOf(request.url ?? '') : null;
    if (target === null) return say(response, 403, 'Only the configured registries can be read from here.');
    const accept = request.headers.accept ?? '*/*';
    const first = await this.#once(target, accept);
    const checksums = typeof first === 'number' ? checksumsBehind(target) : null;
    if (checksums?.url === null) return say(response, 200, '');
    const answered = checksums === null ? first : await this.#once({ ...target, url: checksums.url }, accept);
    if (typeof answered === 'number') return say(response, answered, `The registry answered ${answered}.`);
    const { record, path } = answered;
    response.setHeader('content-type', record.type);
    if (request.method === 'HEAD') return void response.end();
    if (!isDocument(target.registry.kind, record.type)) return pipeline(createReadStream(path), response);
    const page = new URL(record.url);
    const dated = this.#dated(target, await text(createReadStream(path)), record.type, accept);
    response.setHeader('content-type', dated.type);
    const relocate = relocator(target.registry.kind, dated.type);
    response.end(relocate(dated.document, page, (linked) => this.#inside(target, linked)));
  }

  /** The document of a package with a date for each release, which is noted where the registry says none. */
  #dated({ registry, url }: Target, document: string, type: string, accept: string): Dated {
    const name = decodeURIComponent(/([^/]+)\/?$/.exec(url.pathname)?.[1] ?? '');
    const dated = withDates(document, { kind: registry.kind, type, accept, name });
    if (dated.undated) this.undated.set(name, performance.now());
    return dated;
  }
}

function say(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${message}\n`);
}

/** Serves each set of registries at a socket of its own, for as long as the process lives. */
export class Gateway implements RegistryGateway {
  readonly #folder: string;
  readonly #downloads: () => Promise<Downloads>;
  readonly #sockets = new Map<string, Promise<string>>();
  readonly #desks = new Map<string, Desk>();

  /** @param folder a temporary folder in which sockets are made @param downloads where what was fetched is kept */
  constructor(folder: string, downloads: () => Promise<Downloads>) {
    this.#folder = folder;
    this.#downloads = downloads;
  }

  socketFor(registries: readonly Registry[]): Promise<string> {
    const key = JSON.stringify(registries);
    const known = this.#sockets.get(key) ?? this.#open(registries);
    this.#sockets.set(key, known);
    known.catch(() => this.#sockets.delete(key));
    return known;
  }

  refusalSince(registries: readonly Registry[], since: number): string | null {
    const desk = this.#desks.get(JSON.stringify(registries));
    return desk?.refusals.find(({ at }) => at >= since)?.text ?? null;
  }

  undatedSince(registries: readonly Registry[], since: number): string[] {
    const desk = this.#desks.get(JSON.stringify(registries));
    return [...(desk?.undated ?? [])].flatMap(([name, at]) => (at >= since ? [name] : [])).sort();
  }

  async #open(registries: readonly Registry[]): Promise<string> {
    const desk = new Desk(registries, await this.#downloads());
    this.#desks.set(JSON.stringify(registries), desk);
    const server: Server = createServer((request, response) => {
      desk.answer(request, response).catch((error: unknown) => {
        // Resolvers try again, and what they say at last is read: it must look like a network that fails.
        const why = error instanceof Error ? error.message : String(error);
        if (response.headersSent) response.destroy();
        else say(response, 502, `The registry could not be reached: ${why}`);
      });
    });
    server.unref();
    const path = join(this.#folder, `registries-${randomUUID().slice(0, 8)}`);
    server.listen({ path });
    await once(server, 'listening');
    return path;
  }
}
