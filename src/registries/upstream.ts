/** Fetches from registries, through the proxies and with the certificates of this machine. */
import { lookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { getCACertificates } from 'node:tls';
import { EnvHttpProxyAgent, request } from 'undici';
import type { Dispatcher } from 'undici';
import type { Registry } from '../ports/registries.ts';
import { authorizationFor, credentialsOf } from './credentials.ts';

/** What a registry answered. */
export interface Reply {
  status: number;
  type: string;
  etag: string | null;
  /** The address that it came from, after redirections. */
  url: URL;
  /** Whether the request had credentials of ours. */
  hadCredentials: boolean;
  body: Readable;
}

const MOST_REDIRECTIONS = 5;

/** Addresses of this machine itself and of its nearest surroundings: no registry sends anybody there. */
const local = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const)
  local.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['fe80::', 10],
  ['::ffff:127.0.0.0', 104],
] as const)
  local.addSubnet(network, prefix, 'ipv6');

/** Whether an IP address is this machine's own. */
function isLocal(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && local.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Looks a name up, and refuses one that leads to this machine. */
function lookupElsewhere(hostname: string, options: LookupOptions, done: LookupCallback): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, []);
    const leadsHere = addresses.find(({ address }) => isLocal(address));
    if (leadsHere !== undefined)
      return done(new Error(`${hostname} is an address of this machine (${leadsHere.address})`), []);
    const [first] = addresses;
    if (options.all === true || first === undefined) return done(null, addresses);
    return done(null, first.address, first.family);
  });
}

/** Variables that name files of further certificate authorities; Node itself minds `NODE_EXTRA_CA_CERTS`. */
const authorityVariables = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'PIP_CERT', 'NPM_CONFIG_CAFILE'];

/** Certificates in the files that variables of this machine name. Throws for a file that cannot be read. */
function namedCertificates(): string[] {
  return authorityVariables.flatMap((name) => {
    const path = process.env[name] ?? process.env[name.toLowerCase()];
    if (path === undefined || path === '') return [];
    try {
      return readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    } catch {
      throw new Error(`${name} names ${path}, which cannot be read: correct the variable, or take it away`);
    }
  });
}

const certificates = (): string[] => [
  ...new Set([
    ...getCACertificates('bundled'),
    ...getCACertificates('system'),
    ...getCACertificates('extra'),
    ...namedCertificates(),
  ]),
];

/** Sends requests with the credentials of the registry that they belong to. */
export class Upstream {
  /** Hosts (with their ports) of registries that this machine is configured for: these may be local. */
  readonly #configured: ReadonlySet<string>;
  readonly #credentials: ReturnType<typeof credentialsOf>;
  #agents: { anywhere: Dispatcher; elsewhere: Dispatcher } | null = null;

  /** @param registries those that this machine is configured for */
  constructor(registries: readonly Registry[]) {
    const addresses = registries.flatMap(({ address, checksums }) => [
      address,
      ...(checksums ? [checksums.address] : []),
    ]);
    this.#configured = new Set(addresses.map((address) => new URL(address).host));
    this.#credentials = credentialsOf(registries);
  }

  #agentFor(url: URL): Dispatcher {
    const ca = certificates;
    this.#agents ??= {
      anywhere: new EnvHttpProxyAgent({ connect: { ca: ca() }, requestTls: { ca: ca() }, proxyTls: { ca: ca() } }),
      elsewhere: new EnvHttpProxyAgent({
        connect: { ca: ca(), lookup: lookupElsewhere },
        requestTls: { ca: ca() },
        proxyTls: { ca: ca() },
      }),
    };
    return this.#configured.has(url.host) ? this.#agents.anywhere : this.#agents.elsewhere;
  }

  /** Gets an address, following redirections. Rejects when nobody answers, or when it leads to this machine. */
  async get(address: URL, headers: Readonly<Record<string, string>>): Promise<Reply> {
    let url = address;
    for (let count = 0; count <= MOST_REDIRECTIONS; count += 1) {
      if (!this.#configured.has(url.host) && isLocal(url.hostname.replaceAll(/[[\]]/g, '')))
        throw new Error(`${url.hostname} is an address of this machine`);
      const authorization = authorizationFor(url, this.#credentials);
      const reply = await request(url, {
        dispatcher: this.#agentFor(url),
        headers: {
          'user-agent': 'cupel',
          'accept-encoding': 'gzip',
          ...headers,
          ...(authorization === undefined ? {} : { authorization }),
        },
      });
      const location = one(reply.headers['location']);
      if (![301, 302, 303, 307, 308].includes(reply.statusCode) || location === null)
        return answered(url, authorization !== undefined, reply);
      await reply.body.dump();
      url = new URL(location, url);
      if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error(`redirected to ${url.protocol}`);
    }
    throw new Error(`${address.host} redirects without end`);
  }
}

const one = (header: string | string[] | undefined): string | null =>
  Array.isArray(header) ? (header[0] ?? null) : (header ?? null);

function answered(url: URL, hadCredentials: boolean, reply: Dispatcher.ResponseData): Reply {
  const encoded = one(reply.headers['content-encoding']) === 'gzip';
  const body: Readable = reply.body;
  const unpacked = createGunzip();
  return {
    status: reply.statusCode,
    type: one(reply.headers['content-type']) ?? 'application/octet-stream',
    etag: one(reply.headers['etag']),
    url,
    hadCredentials,
    // A torn transfer destroys what reads it; the callback has nothing to add.
    body: encoded ? pipeline(body, unpacked, () => {}) : body,
  };
}
