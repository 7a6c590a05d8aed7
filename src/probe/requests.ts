import type { Bytes, RequestTemplate } from '../domain/grading/contract/request.ts';
import { fill, fillText } from '../formats/contract/evaluate.ts';
import type { Scope } from '../formats/contract/evaluate.ts';
import { bytesOf, textOf } from '../formats/contract/functions.ts';
import { textIn } from './http/message.ts';
import type { Answer, Reply, Request } from './http/message.ts';
import { replyWords } from './expect/reply.ts';

/** The bytes that a contract writes down. */
export function filledBytes(bytes: Bytes, scope: Scope): Uint8Array {
  if (typeof bytes === 'string') return bytesOf(fillText(bytes, scope));
  return 'hex' in bytes
    ? Buffer.from(textOf(fillText(bytes.hex, scope)), 'hex')
    : Buffer.from(textOf(fillText(bytes.base64, scope)), 'base64');
}

type Headers = Record<string, string | readonly string[] | null>;

/** Headers by lower-case name: the first of several maps that has one decides. */
function merged(...maps: readonly Headers[]): [string, string][] {
  const names = new Map<string, [string, string | readonly string[] | null]>();
  for (const map of maps)
    for (const [name, value] of Object.entries(map)) {
      const key = name.toLowerCase();
      if (!names.has(key)) names.set(key, [name, value]);
    }
  return [...names.values()].flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}

function bodyOf(template: RequestTemplate, scope: Scope): Uint8Array | null {
  if (template.json !== undefined) return Buffer.from(JSON.stringify(fill(template.json, scope)) ?? '', 'utf8');
  return template.body === undefined ? null : filledBytes(template.body, scope);
}

/** A request with everything filled in. `headers`: those that every request of the contract has. */
export function prepared(
  template: RequestTemplate,
  scope: Scope,
  { headers, port }: { headers: Readonly<Record<string, string>>; port: number },
): Request {
  const body = bodyOf(template, scope);
  const framing: Headers =
    body === null
      ? {}
      : {
          'Content-Type': 'application/json',
          ...(template.framing === 'chunked'
            ? { 'Transfer-Encoding': 'chunked' }
            : { 'Content-Length': String(body.length) }),
        };
  const filled = (map: Headers): Headers =>
    Object.fromEntries(
      Object.entries(map).map(([name, value]) => [
        name,
        value === null
          ? null
          : typeof value === 'string'
            ? textOf(fillText(value, scope))
            : value.map((one) => textOf(fillText(one, scope))),
      ]),
    );
  const standard: Headers = { Host: `localhost:${port}`, Accept: '*/*' };
  return {
    method: textOf(fillText(template.method, scope)),
    path: textOf(fillText(template.path, scope)),
    headers: merged(filled(template.headers), filled(headers), standard, framing).toSorted(
      ([a], [b]) => Number(b.toLowerCase() === 'host') - Number(a.toLowerCase() === 'host'),
    ),
    body: body ?? new Uint8Array(),
    framing: body === null ? 'length' : template.framing,
    timeoutMs: template.timeout * 1000,
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Most characters of a body in a command that is pasted. */
const PASTED = 4000;

/** Headers that curl makes by itself. */
const curlsOwn = ['host', 'content-length', 'accept', 'transfer-encoding'];

/** The request as a command that a person can paste; the program listens on the port on their machine, too. */
export function curlOf({ method, path, headers, body }: Request, port: number): string {
  const target = path.startsWith('/') ? `http://localhost:${port}${path}` : `http://localhost:${port}`;
  const words = [
    ...['curl', '-i', '--path-as-is', '-X', method],
    ...(path.startsWith('/') ? [] : ['--request-target', quoted(path)]),
    ...headers
      .filter(([name]) => !curlsOwn.includes(name.toLowerCase()))
      .flatMap(([name, value]) => ['-H', quoted(`${name}: ${value}`)]),
  ];
  const url = quoted(target);
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type') && body.length > 0)
    words.push('-H', `'Content-Type:'`); // else curl makes one up
  if (body.length === 0) return [...words, url].join(' ');
  const text = textIn(body);
  const plain = text.length <= PASTED && !text.includes('\0') && Buffer.from(text).equals(Buffer.from(body));
  if (plain) return [...words, '--data-raw', quoted(text), url].join(' ');
  const base64 = Buffer.from(body).toString('base64');
  return base64.length > PASTED
    ? [...words, '--data-binary', `@body`, url, `# body: ${body.length} bytes`].join(' ')
    : [`printf %s ${base64} | base64 -d |`, ...words, '--data-binary', '@-', url].join(' ');
}

/** Most characters of a request or an answer that are kept. */
const KEPT = 4000;

function shown(text: string): string {
  const printable = text.replaceAll(/[^\t\n\r\x20-\x7e\u00a0-\uffff]/g, '\ufffd');
  return printable.length > KEPT
    ? `${printable.slice(0, KEPT)}\n[${printable.length - KEPT} more characters]`
    : printable;
}

/** A request as it is sent, for people. */
export function requestText({ method, path, headers, body }: Request): string {
  const lines = [`${method} ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return shown(`${lines.join('\n')}\n\n${textIn(body)}`.trimEnd());
}

const answerText = ({ status, headers, body }: Answer): string =>
  shown(
    [`HTTP/1.1 ${status}`, ...headers.map(([name, value]) => `${name}: ${value}`), '', textIn(body)]
      .join('\n')
      .trimEnd(),
  );

/** What came of a request, for people. */
export const replyText = (reply: Reply): string =>
  reply.kind === 'answer' ? answerText(reply.answer) : shown(replyWords(reply));
