import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plantAll } from '../../../src/probe/canaries/plant.ts';
import { CanarySearch } from '../../../src/probe/canaries/search.ts';

const common = { level: 'must', places: ['output'], except_files: [] } as const;
const planted = plantAll({
  mark: 'mark-of-this-test-only',
  canaries: {
    secret: { ...common, places: ['output'], except_files: [], kind: 'secret', length: 24 },
    card: { ...common, places: ['output'], except_files: [], kind: 'card', length: 6 },
    email: { ...common, places: ['output'], except_files: [], kind: 'email', length: 6 },
  },
});
const valueOf = (name: string): string => planted.find((one) => one.name === name)?.value ?? '';
const secret = valueOf('secret');
const search = new CanarySearch(planted);
const found = (bytes: string | Buffer): string[] => search.in(Buffer.from(bytes)).map(({ canary }) => canary.name);

const escapes = (text: string): string =>
  Array.from(text, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('');

describe('a planted value', () => {
  test.each([
    ['plain', (text: string) => text],
    ['cut to six characters', (text: string) => text.slice(0, 6)],
    ['as hexadecimal digits', (text: string) => Buffer.from(text).toString('hex')],
    ['in upper-case hexadecimal digits', (text: string) => Buffer.from(text).toString('hex').toUpperCase()],
    ['URL-encoded', (text: string) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&')],
    ['JSON-escaped', escapes],
  ])('is found %s, wherever it stands', (_, write) => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(found(`${before}${write(secret)}${after}`)).toContain('secret');
      }),
      { numRuns: 50 },
    );
  });

  test('is found in base64, whatever bytes stand around it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10 }), fc.uint8Array({ maxLength: 10 }), (before, after) => {
        const bytes = Buffer.concat([before, Buffer.from(secret), after]);
        expect(found(bytes.toString('base64'))).toContain('secret');
        expect(found(bytes.toString('base64url'))).toContain('secret');
      }),
      { numRuns: 100 },
    );
  });

  test('that is a card number passes the Luhn check, and may be shown by its first six and last four digits', () => {
    const card = valueOf('card');
    const sum = Array.from(card).reduce((total, digit, index) => {
      const value = index % 2 === 0 ? Number(digit) * 2 : Number(digit);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    expect([card.length, sum % 10]).toEqual([16, 0]);
    expect(found(`${card.slice(0, 6)}******${card.slice(-4)}`)).toEqual([]);
    expect(found(`card ${card}`)).toEqual(['card']);
  });

  test('that is an address is found without its domain, and other texts are none', () => {
    expect(found(valueOf('email').split('@')[0] ?? '')).toEqual(['email']);
    expect(found('somebody@example.com, 4111 1111 1111 1111, and a digest: 2cf24dba5fb0a30e26e83b2ac5b9e29e')).toEqual(
      [],
    );
  });
});
