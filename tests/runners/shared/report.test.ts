import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  MOST_VALUES,
  count,
  lineIn,
  lineNumber,
  listOf,
  mapOf,
  readReport,
  readReportLines,
  wordsOrNone,
} from '../../../runners/shared/report.ts';

const schema = z.object({ total: count, items: listOf(z.object({ name: z.string(), line: lineNumber })) });
const anything = z.unknown().transform((value) => ({ value }));

describe('reading a report', () => {
  test('gives what fits its schema, and drops what the schema does not name', () => {
    const text = '{"total":1,"items":[{"name":"a","line":3,"more":true}],"more":[]}';
    expect(readReport(schema, text)).toEqual({ total: 1, items: [{ name: 'a', line: 3 }] });
  });

  test.each([
    ['no text', null],
    ['an empty text', ''],
    ['a text that is cut off', '{"total":1,"items":['],
    ['null', 'null'],
    ['a list of null', '{"total":1,"items":[null]}'],
    ['a table in place of a list', '{"total":1,"items":{"length":0}}'],
    ['a negative count', '{"total":-1,"items":[]}'],
    ['half a count', '{"total":0.5,"items":[]}'],
    ['a count beyond all numbers', '{"total":1e999,"items":[]}'],
    ['a count beyond exact numbers', '{"total":9007199254740993,"items":[]}'],
    ['a count as text', '{"total":"1","items":[]}'],
    ['a missing field', '{"items":[]}'],
    ['fields of a prototype alone', '{"__proto__":{"total":1,"items":[]}}'],
  ])('gives null for %s', (_what, text) => {
    expect(readReport(schema, text)).toBeNull();
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => json.slice(1)),
        ),
        (text) => {
          readReport(schema, text);
          readReportLines(schema, text);
        },
      ),
    );
  });

  test('reads any JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readReport(anything, text)).toEqual({ value: JSON.parse(text) as unknown });
      }),
    );
  });

  test.each([
    ['nested lists', '['.repeat(2_000_000) + ']'.repeat(2_000_000)],
    ['empty lists', `[${'[],'.repeat(MOST_VALUES)}0]`],
    ['tables of one name each', `[${Array.from({ length: MOST_VALUES }, (_, n) => `{"${n}":0}`).join()}]`],
  ])('gives null for more values than a true report has: %s', (_what, text) => {
    expect(readReport(anything, text)).toBeNull();
  });

  test('does not count what stands within strings, however long and however escaped', () => {
    const value = [`${'[,{"\\'.repeat(MOST_VALUES / 4)}\\`, '\\\\', '"', 1];
    expect(readReport(anything, JSON.stringify(value))).toEqual({ value });
  });

  test('stops at the first of a million items that do not fit', () => {
    expect(readReport(schema, `{"total":1,"items":[${'0,'.repeat(MOST_VALUES / 2)}0]}`)).toBeNull();
  });
});

describe('reading a report of lines', () => {
  const line = z.object({ n: z.number() });

  test('gives a value for each line', () => {
    expect(readReportLines(line, '{"n":1}\n{"n":2}\n')).toEqual([{ n: 1 }, { n: 2 }]);
    expect(readReportLines(line, '')).toEqual([]);
  });

  test.each([
    ['there is no text', null],
    ['the last line is not ended', '{"n":1}\n{"n":2}'],
    ['one line is empty', '{"n":1}\n\n{"n":2}\n'],
    ['one line does not fit', '{"n":1}\nnull\n'],
    ['there are only ends of lines', '\n'.repeat(3_000_000)],
  ])('gives null where %s', (_what, text) => {
    expect(readReportLines(line, text)).toBeNull();
  });

  test('reads what was written, line by line', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const text = values.map((value) => `${JSON.stringify(value)}\n`).join('');
        expect(readReportLines(anything, text)).toEqual(
          values.map((value) => ({ value: JSON.parse(JSON.stringify(value)) as unknown })),
        );
      }),
    );
  });
});

describe('the parts of a schema', () => {
  test('a table is read as a map, with the names that objects have of themselves', () => {
    const read = readReport(mapOf(count), '{"__proto__":1,"constructor":2,"a":3}');
    expect([...(read ?? [])]).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
      ['a', 3],
    ]);
    expect(readReport(mapOf(count), '{"a":null}')).toBeNull();
    expect(readReport(mapOf(count), '[1]')).toBeNull();
  });

  test('the number of a line and words for people are never a reason to distrust a report', () => {
    const lax = z.object({ line: lineNumber, text: wordsOrNone });
    for (const wrong of ['0', '-1', '1.5', '1e999', '"1"', '[]', 'null'])
      expect(readReport(lax, `{"line":${wrong},"text":${wrong === '"1"' ? '1' : wrong}}`)).toEqual({
        line: null,
        text: '',
      });
    expect(readReport(lax, '{}')).toEqual({ line: null, text: '' });
  });

  test('the number of a line that a tool prints is one that a finding can have, or none', () => {
    expect(['12', '0', '99999999999999999999', 'x', undefined].map(lineIn)).toEqual([12, null, null, null, null]);
  });
});
