import { describe, expect, test } from 'vitest';
import { withDates } from '../../src/registries/undated.ts';

const json = 'application/vnd.pypi.simple.v1+json';
const asked = { kind: 'python', name: 'x', accept: `${json}, text/html;q=0.1` } as const;
const uv = (document: string, type: string): ReturnType<typeof withDates> => withDates(document, { ...asked, type });
const listed = (document: string): unknown => JSON.parse(document);

describe('a list of releases without dates', () => {
  test('as a page gets them, and keeps what else it says of each file', () => {
    const page =
      '<a href="../a/x-1.0-py3-none-any.whl?a=1&amp;b=2#sha256=0a" data-requires-python="&gt;=3.9">x-1.0-py3-none-any.whl</a>' +
      "<a href='/b/x-2.tar.gz' data-yanked=''><b>x-2.tar.gz</b></a><a>none</a>";
    const dated = uv(page, 'text/html; charset=utf-8');
    expect(dated).toMatchObject({ type: json, undated: true });
    const time = '1970-01-01T00:00:00Z';
    expect(listed(dated.document)).toEqual({
      meta: { 'api-version': '1.1' },
      name: 'x',
      files: [
        {
          filename: 'x-1.0-py3-none-any.whl',
          url: '../a/x-1.0-py3-none-any.whl?a=1&b=2',
          hashes: { sha256: '0a' },
          'requires-python': '>=3.9',
          'upload-time': time,
        },
        { filename: 'x-2.tar.gz', url: '/b/x-2.tar.gz', hashes: {}, yanked: true, 'upload-time': time },
      ],
    });
  });

  test('as JSON gets them where they are missing alone', () => {
    const files = [
      { filename: 'a', 'upload-time': '2026-01-01T00:00:00Z' },
      { filename: 'b', 'upload-time': null },
    ];
    const dated = uv(JSON.stringify({ meta: { 'api-version': '1.0' }, name: 'x', files }), json);
    expect(dated.undated).toBe(true);
    expect(listed(dated.document)).toMatchObject({
      name: 'x',
      files: [files[0], { filename: 'b', 'upload-time': '1970-01-01T00:00:00Z' }],
    });
  });

  test.each([
    ['a list with dates', JSON.stringify({ meta: {}, files: [{ 'upload-time': '2026-01-01T00:00:00Z' }] }), json],
    ['a list without files', JSON.stringify({ meta: {}, files: [] }), json],
    ['what is no list', '[1, 2]', json],
    ['a torn list', '{"files": [', json],
  ])('is not: %s stays as it is', (_case, document, type) => {
    expect(uv(document, type)).toEqual({ document, type, undated: false });
  });

  test('is left alone for a resolver that reads no dates', () => {
    const page = '<a href="x-1.whl">x-1.whl</a>';
    expect(withDates(page, { ...asked, accept: 'text/html', type: 'text/html' })).toEqual({
      document: page,
      type: 'text/html',
      undated: false,
    });
  });

  test('of npm is told, and stays as it is', () => {
    const type = 'application/json';
    const npm = (document: string): boolean =>
      withDates(document, { kind: 'npm', name: 'x', accept: '', type }).undated;
    expect(npm('{"versions":{"1.0.0":{}}}')).toBe(true);
    expect(npm('{"versions":{"1.0.0":{}},"time":{"1.0.0":"2026-01-01T00:00:00Z"}}')).toBe(false);
    expect(npm('{"versions":{"1.0.0":{"description":"\\"time\\": {"}}}')).toBe(true);
    expect(npm('{"error":"not found"}')).toBe(false);
  });
});
