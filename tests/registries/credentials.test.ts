import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Registry } from '../../src/ports/registries.ts';
import { authorizationFor, credentialsOf } from '../../src/registries/credentials.ts';
import { netrcAuthorization } from '../../src/registries/netrc.ts';
import { npmAuthorization } from '../../src/registries/npmrc.ts';

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'cupel-credentials-'));
  writeFileSync(
    join(home, '.npmrc'),
    '; a comment\nregistry=https://npm.example.com/all/\n//npm.example.com/all/:_authToken=${TOKEN}\n' +
      '//npm.example.com/other/:username = me\n//npm.example.com/other/:_password="c2VjcmV0"\n',
  );
  writeFileSync(
    join(home, '.netrc'),
    'machine py.example.com login me password "se cret"\ndefault login x password y\n',
  );
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;
const registry = (kind: Registry['kind'], address: string): Registry => ({ name: 'x', kind, address });
const told = (url: string, ...registries: Registry[]): string | undefined =>
  authorizationFor(new URL(url), credentialsOf(registries, { HOME: home, TOKEN: 't0ken' }));

describe('what a registry is told', () => {
  const all = registry('npm', 'https://npm.example.com/all/');
  const other = registry('npm', 'https://npm.example.com/other');

  test.each([
    ['npm’s token, with its variable filled in', 'https://npm.example.com/all/x', 'Bearer t0ken', [all, other]],
    ['npm’s user and password', 'https://npm.example.com/other/x', basic('me:secret'), [all, other]],
    [
      'user and password of the address',
      'https://a.example.com/x',
      basic('u:p@'),
      [registry('go', 'https://u:p%40@a.example.com/')],
    ],
    [
      'a percent sign that encodes nothing',
      'https://a.example.com/x',
      basic('u:50%'),
      [registry('go', 'https://u:50%@a.example.com/')],
    ],
    [
      'netrc',
      'https://py.example.com/files/x',
      basic('me:se cret'),
      [registry('python', 'https://py.example.com/simple/')],
    ],
    ['the default of netrc', 'https://go.example.com/x', basic('x:y'), [registry('go', 'https://go.example.com')]],
  ])('is %s', (_what, url, expected, registries) => expect(told(url, ...registries)).toBe(expected));

  test.each([
    ['another host', 'https://evil.example.com/all/x'],
    ['another port', 'https://npm.example.com:8443/all/x'],
    ['the same host without encryption', 'http://npm.example.com/all/x'],
  ])('is nothing for %s', (_what, url) => expect(told(url, all, other)).toBeUndefined());
});

test('npm’s variables and the nearest folder come first', () => {
  const address = new URL('http://127.0.0.1:4873/a/b/');
  const file = '//127.0.0.1:4873/:_auth=far\n//127.0.0.1:4873/a/:_auth=near\n';
  expect(npmAuthorization(address, [file], {})).toBe('Basic near');
  expect(npmAuthorization(address, [file], { 'npm_config_//127.0.0.1:4873/a/b/:_authToken': 'env' })).toBe(
    'Bearer env',
  );
  expect(npmAuthorization(address, ['//127.0.0.1:4873:_auth=x\n//other/:_auth=y'], {})).toBe('Basic x');
  expect(npmAuthorization(address, ['registry=http://127.0.0.1:4873/\n_auth=x'], {})).toBeNull();
});

test.each([
  ['machine a login u password p', 'a', 'u:p'],
  ['machine b login u password p\nmachine a\n  password p\n  login u\n', 'a', 'u:p'],
  ['# machine a login no password no\nmachine a password p', 'a', ':p'],
  ['macdef x\nmachine a login no password no\n\nmachine a login u password p', 'a', 'u:p'],
])('a file .netrc is read: %j', (text, host, pair) => expect(netrcAuthorization(host, text)).toBe(basic(pair)));

test.each(['', 'machine', 'machine b login u password p', 'password x machine'])(
  'a file .netrc says nothing of other hosts: %j',
  (text) => expect(netrcAuthorization('a', text)).toBeNull(),
);
