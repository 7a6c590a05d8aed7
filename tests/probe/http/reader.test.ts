import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestBytes, textIn } from '../../../src/probe/http/message.ts';
import { AnswerReader } from '../../../src/probe/http/reader.ts';

/** What a reader makes of some bytes that come in pieces of these sizes, before the connection ends. */
function read(bytes: Buffer, sizes: readonly number[] = [], ends = true) {
  const reader = new AnswerReader(() => 'GET');
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  if (ends) reader.end();
  return { broken: reader.broken, answers: reader.answers.map(({ status, body }) => [status, textIn(body)]) };
}

const answer = (head: string, body = ''): Buffer => Buffer.from(`${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}`);

describe('answers of a program', () => {
  test.each([
    ['a length', answer('HTTP/1.1 200 OK\nContent-Length: 2', 'ok'), [[200, 'ok']]],
    [
      'chunks',
      answer('HTTP/1.1 200 OK\nTransfer-Encoding: chunked', '1\r\no\r\n1;x=y\r\nk\r\n0\r\n\r\n'),
      [[200, 'ok']],
    ],
    [
      'chunks and trailers',
      answer('HTTP/1.1 200 OK\nTransfer-Encoding: chunked', '2\r\nok\r\n0\r\nA: b\r\n\r\n'),
      [[200, 'ok']],
    ],
    ['no length, up to the end', answer('HTTP/1.0 200 OK', 'ok'), [[200, 'ok']]],
    ['no body', answer('HTTP/1.1 204 No Content'), [[204, '']]],
    [
      'an announcement first',
      Buffer.concat([answer('HTTP/1.1 100 Continue'), answer('HTTP/1.1 201 X\nContent-Length: 0')]),
      [[201, '']],
    ],
    [
      'several of them',
      Buffer.concat([
        answer('HTTP/1.1 200 OK\nContent-Length: 1', 'a'),
        answer('HTTP/1.1 404 No\nContent-Length: 1', 'b'),
      ]),
      [
        [200, 'a'],
        [404, 'b'],
      ],
    ],
    ['bare line ends', Buffer.from('HTTP/1.1 200 OK\nContent-Length: 2\n\nok'), [[200, 'ok']]],
  ])('with %s are read, however their bytes are cut', (_, bytes, wanted) => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (sizes) => {
        expect(read(bytes, sizes)).toEqual({ broken: null, answers: wanted });
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['no status line', Buffer.from('hello\r\n\r\n')],
    ['two lengths', answer('HTTP/1.1 200 OK\nContent-Length: 1\nContent-Length: 2', 'ab')],
    ['a length that is none', answer('HTTP/1.1 200 OK\nContent-Length: -1')],
    ['a body larger than any should be', answer('HTTP/1.1 200 OK\nContent-Length: 99999999999')],
    ['a chunk that is none', answer('HTTP/1.1 200 OK\nTransfer-Encoding: chunked', 'zz\r\n')],
    ['a body that ends too early', answer('HTTP/1.1 200 OK\nContent-Length: 9', 'abc')],
    ['a header that is none', answer('HTTP/1.1 200 OK\nno colon')],
  ])('with %s are broken', (_, bytes) => {
    const { broken, answers } = read(bytes);
    expect(broken).not.toBeNull();
    expect(answers).toEqual([]);
  });

  test('may be any bytes: nothing that a program sends ends the reader', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          'HTTP/1.1 200 OK\r\n',
          'Content-Length: 5\r\n',
          'Transfer-Encoding: chunked\r\n',
          '\r\n',
          '5\r\n',
          '0\r\n\r\n',
        )
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(15)), (pieces, sizes) => {
        const bytes = Buffer.concat(pieces);
        expect(read(bytes, sizes)).toEqual(read(bytes));
      }),
    );
  });
});

describe('a request', () => {
  test('in chunks has the bytes of its body, in order', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40_000 }), (body) => {
        const request = {
          method: 'POST',
          path: '/a b/../c',
          headers: [],
          body,
          framing: 'chunked',
          timeoutMs: 1,
        } as const;
        const sent = requestBytes(request);
        const head = Buffer.from('POST /a b/../c HTTP/1.1\r\n\r\n');
        expect(sent.subarray(0, head.length)).toEqual(head);
        const reader = new AnswerReader(() => 'GET');
        reader.push(Buffer.concat([answer('HTTP/1.1 200 OK\nTransfer-Encoding: chunked'), sent.subarray(head.length)]));
        expect(Buffer.from(reader.answers[0]?.body ?? []).equals(Buffer.from(body))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
