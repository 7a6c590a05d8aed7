import { createHash, createHmac } from 'node:crypto';
import { TemplateError } from './expression.ts';

/** An instant; as text it is RFC 3339 in UTC with milliseconds. */
export class Instant {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  toString(): string {
    return new Date(this.milliseconds).toISOString();
  }
}

/** What a template knows beside its names. */
export interface TemplateSource {
  now(): Instant;
  /** The value planted under a name. */
  canary(name: string): string;
}

type Operation = (source: TemplateSource, values: readonly unknown[]) => unknown;

/** A function of templates: how many arguments it takes, and what a person should know. */
export interface TemplateFunction {
  least: number;
  most: number;
  /** How it is called. */
  usage: string;
  run: Operation;
}

/** A value as text, as it stands in the middle of a text. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof Instant) return value.toString();
  return value === undefined ? '' : JSON.stringify(value);
}

/** A value as bytes: bytes as they are, everything else as UTF-8 text. */
export function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(textOf(value), 'utf8');
}

function numberOf(value: unknown, usage: string): number {
  const number = typeof value === 'number' ? value : Number(textOf(value));
  if (!Number.isFinite(number)) throw new TemplateError(`${usage}: expected a number, found ${textOf(value)}`);
  return number;
}

const encodings = ['hex', 'base64', 'base64url', 'bytes'] as const;

function encoded(bytes: Buffer, encoding: unknown, usage: string): string | Uint8Array {
  const wanted = encodings.find((name) => name === (encoding ?? 'hex'));
  if (wanted === undefined)
    throw new TemplateError(`${usage}: expected ${encodings.join(', ')}, found ${textOf(encoding)}`);
  return wanted === 'bytes' ? bytes : bytes.toString(wanted);
}

const algorithms = ['sha1', 'sha256', 'sha384', 'sha512', 'md5'];

function algorithmOf(value: unknown): string {
  const name = textOf(value);
  if (!algorithms.includes(name)) throw new TemplateError(`expected one of ${algorithms.join(', ')}, found ${name}`);
  return name;
}

/** Letters that occur in no hexadecimal digest, so that chance cannot find them there; and digits. */
const alphabet = 'ghjkmnpqrstvwxyz23456789';
/** Most characters that a template may make. */
const LONGEST = 64 * 1024 * 1024;

/** Letters and digits that depend on the seed alone. */
export function randomText(seed: string, length: number): string {
  let text = '';
  for (let round = 0; text.length < length; round += 1)
    for (const byte of createHash('sha256').update(`${round} ${seed}`).digest())
      text += byte < 240 ? (alphabet[byte % alphabet.length] ?? '') : '';
  return text.slice(0, length);
}

function uuid(seed: string): string {
  const hex = createHash('sha256').update(`uuid ${seed}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function repeated(text: string, times: number): string {
  if (times < 0 || text.length * times > LONGEST) throw new TemplateError(`repeat: ${times} times is too much`);
  return text.repeat(times);
}

/** A text many times, each time with the number of the time in place of `#`. */
function numbered(text: string, times: number): string {
  if (times < 0 || (text.length + String(times).length) * times > LONGEST)
    throw new TemplateError(`numbered: ${times} times is too much`);
  return Array.from({ length: times }, (_, index) => text.replaceAll('#', String(index + 1))).join('');
}

const instantOf = (value: unknown): Instant => {
  if (value instanceof Instant) return value;
  const milliseconds = Date.parse(textOf(value));
  if (Number.isNaN(milliseconds)) throw new TemplateError(`expected an instant, found ${textOf(value)}`);
  return new Instant(milliseconds);
};

function define(usage: string, least: number, most: number, run: Operation): TemplateFunction {
  return { usage, least, most, run };
}

/** All functions that templates have, by name. */
export const templateFunctions: Readonly<Record<string, TemplateFunction>> = {
  hmac: define("hmac('sha256', key, bytes, 'hex')", 3, 4, (_, [algorithm, key, data, encoding]) =>
    encoded(createHmac(algorithmOf(algorithm), bytesOf(key)).update(bytesOf(data)).digest(), encoding, 'hmac'),
  ),
  hash: define("hash('sha256', bytes, 'hex')", 2, 3, (_, [algorithm, data, encoding]) =>
    encoded(createHash(algorithmOf(algorithm)).update(bytesOf(data)).digest(), encoding, 'hash'),
  ),
  canary: define("canary('secret')", 1, 1, (source, [name]) => source.canary(textOf(name))),
  random: define("random('seed', 16)", 1, 2, (_, [seed, length]) =>
    randomText(textOf(seed), numberOf(length ?? 16, 'random')),
  ),
  uuid: define("uuid('seed')", 1, 1, (_, [seed]) => uuid(textOf(seed))),
  repeat: define("repeat('a', 1000)", 2, 2, (_, [text, times]) => repeated(textOf(text), numberOf(times, 'repeat'))),
  numbered: define("numbered('row #', 1000)", 2, 2, (_, [text, times]) =>
    numbered(textOf(text), numberOf(times, 'numbered')),
  ),
  unix: define('unix(now - 300)', 1, 1, (_, [instant]) => Math.floor(instantOf(instant).milliseconds / 1000)),
  unix_ms: define('unix_ms(now)', 1, 1, (_, [instant]) => instantOf(instant).milliseconds),
  date: define('date(now)', 1, 1, (_, [instant]) => instantOf(instant).toString().slice(0, 10)),
  rfc3339: define('rfc3339(now)', 1, 1, (_, [instant]) =>
    instantOf(instant)
      .toString()
      .replace(/\.\d+Z$/, 'Z'),
  ),
  http_date: define('http_date(now)', 1, 1, (_, [instant]) => new Date(instantOf(instant).milliseconds).toUTCString()),
  hex: define('hex(bytes)', 1, 1, (_, [data]) => Buffer.from(bytesOf(data)).toString('hex')),
  base64: define('base64(bytes)', 1, 1, (_, [data]) => Buffer.from(bytesOf(data)).toString('base64')),
  base64url: define('base64url(bytes)', 1, 1, (_, [data]) => Buffer.from(bytesOf(data)).toString('base64url')),
  from_hex: define("from_hex('00ff')", 1, 1, (_, [text]) => Buffer.from(textOf(text), 'hex')),
  from_base64: define("from_base64('AP8=')", 1, 1, (_, [text]) => Buffer.from(textOf(text), 'base64')),
  url: define('url(text)', 1, 1, (_, [text]) => encodeURIComponent(textOf(text))),
  json: define('json(value)', 1, 1, (_, [value]) => JSON.stringify(value instanceof Instant ? textOf(value) : value)),
  lines: define('lines(list)', 1, 1, (_, [list]) =>
    Array.isArray(list) ? list.map((line) => `${textOf(line)}\n`).join('') : `${textOf(list)}\n`,
  ),
  number: define("number('5')", 1, 1, (_, [value]) => numberOf(value, 'number')),
  upper: define('upper(text)', 1, 1, (_, [text]) => textOf(text).toUpperCase()),
  lower: define('lower(text)', 1, 1, (_, [text]) => textOf(text).toLowerCase()),
  slice: define('slice(text, 0, 10)', 2, 3, (_, [text, from, to]) =>
    textOf(text).slice(numberOf(from, 'slice'), to === undefined ? undefined : numberOf(to, 'slice')),
  ),
};
