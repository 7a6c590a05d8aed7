/** A request as bytes will be made of it: everything is filled in. */
export interface Request {
  method: string;
  /** The request target; sent as UTF-8, nothing is normalised or escaped. */
  path: string;
  /** In the order in which they are sent, a name as often as it occurs. */
  headers: readonly (readonly [string, string])[];
  body: Uint8Array;
  framing: 'length' | 'chunked';
  /** Milliseconds until the whole answer must be there. */
  timeoutMs: number;
}

/** An answer as it was received. */
export interface Answer {
  status: number;
  /** Names as they were sent. */
  headers: readonly (readonly [string, string])[];
  body: Uint8Array;
}

/** What came of a request: an answer, or why there is none. */
export type Reply =
  | { kind: 'answer'; answer: Answer }
  /** The connection ended without an answer. */
  | { kind: 'closed' }
  /** Nothing, or no whole answer, in time. */
  | { kind: 'late'; received: number }
  /** What was received is no HTTP answer, or is larger than any should be. */
  | { kind: 'broken'; why: string; received: Uint8Array };

/** The values of a header, whatever the case of its name. */
export function headerValues(answer: Answer, name: string): string[] {
  const wanted = name.toLowerCase();
  return answer.headers.filter(([header]) => header.toLowerCase() === wanted).map(([, value]) => value);
}

/** A header's value; several are joined as a proxy would, and null when there is none. */
export function headerOf(answer: Answer, name: string): string | null {
  const values = headerValues(answer, name);
  return values.length === 0 ? null : values.join(', ');
}

/** Whether bytes are a text in UTF-8. */
export function textIn(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

/** The bytes of a request, all of them. */
export function requestBytes({ method, path, headers, body, framing }: Request): Buffer {
  const lines = [`${method} ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'utf8');
  if (framing === 'length') return Buffer.concat([head, body]);
  const chunks: Uint8Array[] = [head];
  for (let at = 0; at < body.length; at += CHUNK) {
    const part = body.subarray(at, at + CHUNK);
    chunks.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]);
}

/** Bytes of a chunk of a body that is sent in chunks. */
const CHUNK = 16 * 1024;
