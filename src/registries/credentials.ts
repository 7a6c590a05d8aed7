/** What each registry is told of who asks. Only Cupel's own process reads this; nothing of it is shown inside. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Registry } from '../ports/registries.ts';
import { netrcAuthorization } from './netrc.ts';
import { npmAuthorization } from './npmrc.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is sent to one registry. */
interface Credential {
  origin: string;
  /** Path of the registry's address, with a slash at the end. */
  path: string;
  /** Value of the header `Authorization`. */
  authorization: string;
}

function textOf(path: string | undefined): string[] {
  if (path === undefined || path === '') return [];
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return []; // there is none, or it is not for us to read
  }
}

/** A part of an address without its percent signs; as it stands where one of them encodes nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** User and password in an address. */
function inAddress({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  const pair = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function authorizationOf(kind: Registry['kind'], address: URL, env: Environment): string | null {
  const home = env['HOME'] ?? homedir();
  if (kind !== 'npm') {
    const [text] = textOf(env['NETRC'] ?? join(home, '.netrc'));
    return inAddress(address) ?? (text === undefined ? null : netrcAuthorization(address.hostname, text));
  }
  const userFile = env['NPM_CONFIG_USERCONFIG'] ?? env['npm_config_userconfig'] ?? join(home, '.npmrc');
  const globalFile = env['NPM_CONFIG_GLOBALCONFIG'] ?? env['npm_config_globalconfig'];
  return inAddress(address) ?? npmAuthorization(address, [...textOf(userFile), ...textOf(globalFile)], env);
}

/**
 * The credentials of registries: of the address itself, else of npm's settings for registries of npm, and of `.netrc`
 * for the others.
 */
export function credentialsOf(registries: readonly Registry[], env: Environment = process.env): Credential[] {
  return registries
    .flatMap(({ kind, address, checksums }) => [
      { kind, address },
      ...(checksums ? [{ kind, address: checksums.address }] : []),
    ])
    .flatMap(({ kind, address }) => {
      const url = new URL(address);
      const authorization = authorizationOf(kind, url, env);
      const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
      return authorization === null ? [] : [{ origin: url.origin, path, authorization }];
    });
}

/**
 * What an address is told: the credential of the nearest registry above it, else of any registry of the same origin,
 * which mostly has its archives in another folder. Undefined for other origins.
 */
export function authorizationFor(url: URL, credentials: readonly Credential[]): string | undefined {
  const here = credentials.filter(({ origin }) => origin === url.origin);
  const above = here.filter(({ path }) => url.pathname.startsWith(path));
  const [nearest] = above.toSorted((a, b) => b.path.length - a.path.length);
  return (nearest ?? here[0])?.authorization;
}
