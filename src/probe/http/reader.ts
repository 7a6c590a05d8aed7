import type { Answer } from './message.ts';

/** The largest answers that are read, in bytes, and the most headers. Whoever sends more is broken or means harm. */
const LARGEST_HEAD = 64 * 1024;
const LARGEST_BODY = 16 * 1024 * 1024;
const MOST_HEADERS = 256;

/** What was received is no HTTP answer. */
class BrokenAnswer extends Error {
  override name = 'BrokenAnswer';
}

type Headers = [string, string][];

const valuesOf = (headers: Headers, name: string): string[] =>
  headers.filter(([header]) => header.toLowerCase() === name).map(([, value]) => value);

const [LF, CR] = [10, 13];

/** Where a head ends: its last line, and the empty line after it. Null when it is not whole yet. */
function endOfHead(bytes: Buffer): { from: number; to: number } | null {
  for (let at = bytes.indexOf(LF); at !== -1 && at < LARGEST_HEAD; at = bytes.indexOf(LF, at + 1)) {
    const from = bytes[at - 1] === CR ? at - 1 : at;
    if (bytes[at + 1] === LF) return { from, to: at + 2 };
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return { from, to: at + 3 };
  }
  return null;
}

/** `persists`: the connection may bring more answers, as far as version and headers say. */
function parseHead(text: string): { status: number; headers: Headers; persists: boolean } {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const [, minor, status] = /^HTTP\/1\.([01]) (\d{3})(?: .*)?$/s.exec(first) ?? [];
  if (status === undefined) throw new BrokenAnswer('the first line is no status line');
  if (lines.length > MOST_HEADERS) throw new BrokenAnswer(`more than ${MOST_HEADERS} headers`);
  const headers = lines.map((line): [string, string] => {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new BrokenAnswer('a header is none');
    return [name, value];
  });
  const options = valuesOf(headers, 'connection').join(',').toLowerCase();
  const persists = minor === '1' ? !/\bclose\b/.test(options) : /\bkeep-alive\b/.test(options);
  return { status: Number(status), headers, persists };
}

/** How a body ends: with so many bytes, with its last chunk, or with the connection. */
type Framing = { bytes: number } | 'chunked' | 'close';

function framingOf(method: string, status: number, headers: Headers): Framing {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return { bytes: 0 };
  const encodings = valuesOf(headers, 'transfer-encoding');
  if (encodings.length > 0) return /(?:^|,)\s*chunked\s*$/i.test(encodings.join(',')) ? 'chunked' : 'close';
  const lengths = new Set(valuesOf(headers, 'content-length').flatMap((value) => value.split(/\s*,\s*/)));
  if (lengths.size === 0) return 'close';
  const [length = ''] = lengths;
  if (lengths.size > 1 || !/^\d{1,15}$/.test(length)) throw new BrokenAnswer('its Content-Length is none');
  if (Number(length) > LARGEST_BODY) throw new BrokenAnswer(`a body of more than ${LARGEST_BODY} bytes`);
  return { bytes: Number(length) };
}

/** An answer of which the head is there. */
interface Begun {
  status: number;
  headers: Headers;
  framing: Framing;
  body: Buffer[];
  size: number;
}

/**
 * Reads answers from what a connection brings, one after the other. Everything that it is given is hostile: it keeps no
 * more than an
 * answer may be large, and what does not fit is `broken` for ever.
 */
export class AnswerReader {
  readonly answers: Answer[] = [];
  /** Why what was received is no answer; null while it can be one. */
  broken: string | null = null;
  /** Whether the last answer says that the connection ends after it. */
  closing = false;
  readonly #methodOf: (index: number) => string;
  #rest: Buffer = Buffer.alloc(0);
  #begun: Begun | null = null;

  /** `methodOf`: the method of the request to which the answer of an index belongs. */
  constructor(methodOf: (index: number) => string) {
    this.#methodOf = methodOf;
  }

  /** What was received and belongs to no answer yet. */
  get rest(): Buffer {
    return this.#rest;
  }

  push(chunk: Buffer): void {
    if (this.broken !== null) return;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#guarded(() => {
      while (this.#step());
    });
  }

  /** The connection has ended: a body that ends with it is whole. */
  end(): void {
    const begun = this.#begun;
    if (this.broken !== null || begun === null) return;
    if (begun.framing === 'close') this.#finish(begun);
    else this.broken = 'the connection ended within the body';
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof BrokenAnswer)) throw error;
      this.broken = error.message;
    }
  }

  /** Goes on with what is there; false when more is needed. */
  #step(): boolean {
    const begun = this.#begun ?? this.#head();
    if (begun === null) return false;
    if (begun.framing === 'chunked') return this.#chunk(begun);
    const wanted = begun.framing === 'close' ? Number.POSITIVE_INFINITY : begun.framing.bytes - begun.size;
    this.#take(begun, Math.min(wanted, this.#rest.length));
    if (begun.framing === 'close' || begun.size < begun.framing.bytes) return false;
    return this.#finish(begun);
  }

  #head(): Begun | null {
    const end = endOfHead(this.#rest);
    if (end === null) {
      if (this.#rest.length >= LARGEST_HEAD) throw new BrokenAnswer(`a head of more than ${LARGEST_HEAD} bytes`);
      if (!'HTTP/1.'.startsWith(this.#rest.subarray(0, 7).toString('latin1')))
        throw new BrokenAnswer('the first line is no status line');
      return null;
    }
    const { status, headers, persists } = parseHead(this.#rest.subarray(0, end.from).toString('latin1'));
    this.#rest = this.#rest.subarray(end.to);
    if (status < 200 && status !== 101) return this.#head(); // 100 Continue and its like announce the answer
    const framing = framingOf(this.#methodOf(this.answers.length), status, headers);
    this.closing = !persists || framing === 'close';
    this.#begun = { status, headers, framing, body: [], size: 0 };
    return this.#begun;
  }

  #take(begun: Begun, length: number): void {
    if (length === 0) return;
    begun.size += length;
    if (begun.size > LARGEST_BODY) throw new BrokenAnswer(`a body of more than ${LARGEST_BODY} bytes`);
    begun.body.push(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length);
  }

  /** One whole chunk; false when it is not there yet. */
  #chunk(begun: Begun): boolean {
    const line = /^([0-9a-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n/i.exec(this.#rest.subarray(0, 1024).toString('latin1'));
    if (line === null) {
      if (this.#rest.length >= 1024 || /[^0-9a-f;\s]/i.test(this.#rest.subarray(0, 1).toString('latin1')))
        throw new BrokenAnswer('a chunk of the body is none');
      return false;
    }
    const size = Number.parseInt(line[1] ?? '', 16);
    if (begun.size + size > LARGEST_BODY) throw new BrokenAnswer(`a body of more than ${LARGEST_BODY} bytes`);
    if (size === 0) return this.#trailers(begun, line[0].length);
    const end = line[0].length + size;
    if (this.#rest.length < end + 2) return false;
    this.#rest = this.#rest.subarray(line[0].length);
    this.#take(begun, size);
    const close = /^\r?\n/.exec(this.#rest.subarray(0, 2).toString('latin1'));
    if (close === null) throw new BrokenAnswer('a chunk of the body is none');
    this.#rest = this.#rest.subarray(close[0].length);
    return true;
  }

  #trailers(begun: Begun, from: number): boolean {
    const text = this.#rest.subarray(from, from + LARGEST_HEAD).toString('latin1');
    const end = /^(?:[^\r\n]+\r?\n)*\r?\n/.exec(text);
    if (end === null) {
      if (text.length >= LARGEST_HEAD) throw new BrokenAnswer(`a head of more than ${LARGEST_HEAD} bytes`);
      return false;
    }
    this.#rest = this.#rest.subarray(from + end[0].length);
    return this.#finish(begun);
  }

  #finish({ status, headers, body }: Begun): true {
    this.answers.push({ status, headers, body: Buffer.concat(body) });
    this.#begun = null;
    return true;
  }
}
