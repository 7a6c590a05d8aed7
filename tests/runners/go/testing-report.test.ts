import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readProfiles } from '../../../runners/go/testing/coverage-report.ts';
import { readGoReport, runningIn } from '../../../runners/go/testing/report.ts';
import type { TestOutput } from '../../../runners/go/testing/report.ts';
import { brokenLines, brokenText } from '../../support/broken-reports.ts';
import { soundReport } from '../reports.ts';

const recorded = (name: string): string => readFileSync(`${import.meta.dirname}/fixtures/${name}`, 'utf8');
const program = { package: 'example.com/tiny', folder: '/w/tiny', number: '1' };
const output: TestOutput = { text: recorded('output.txt'), exit: '1\n', events: recorded('events.ndjson') };
const read = (changes: Partial<TestOutput> = {}): ReturnType<typeof readGoReport> =>
  readGoReport({ root: '.' }, program, { ...output, ...changes });
const event = (action: string, name: string): string => `{"Action":"${action}","Test":"${name}"}\n`;

describe('the report of a Go test program', () => {
  test('is read as test2json and the program wrote it', () => {
    const report = read();
    expect(report?.problems).toEqual([]);
    expect(report?.tests.map(({ name, status, file, line }) => [name, status, file, line])).toEqual([
      ['example.com/tiny.TestAdd', 'passed', null, null],
      ['example.com/tiny.TestWrong/part', 'failed', 'tiny/app_test.go', 12],
      ['example.com/tiny.TestWrong', 'failed', null, null],
      ['example.com/tiny.TestLater', 'skipped', null, null],
    ]);
    expect(report?.tests[1]?.message).toContain('app_test.go:12: wrong');
  });

  test('has a program that panicked outside of a test as a problem of its package', () => {
    expect(read({ text: 'panic: early\n', exit: '2', events: '' })).toMatchObject({
      tests: [],
      problems: [{ name: 'example.com/tiny', message: 'panic: early' }],
    });
  });

  test('has a test that panicked as failed, at the line of the test in the stack', () => {
    const stack = 'panic: index out of range\n\n\t/w/tiny/app.go:5 +0x1d\n\t/w/tiny/app_test.go:6 +0x4f\n';
    const printed = JSON.stringify({ Action: 'output', Test: 'TestAdd', Output: stack });
    expect(read({ text: stack, exit: '2', events: `${printed}\n${event('fail', 'TestAdd')}` })).toMatchObject({
      tests: [{ name: 'example.com/tiny.TestAdd', status: 'failed', file: 'tiny/app_test.go', line: 6 }],
      problems: [],
    });
  });

  test('names the test that had begun when the program was ended', () => {
    const events = [
      event('run', 'TestAdd'),
      event('pass', 'TestAdd'),
      event('run', 'TestLoop'),
      event('run', 'TestLoop/part'),
    ];
    const text = '=== RUN   TestLoop\n';
    expect(runningIn(events.join(''))).toBe('TestLoop/part');
    expect(runningIn(events.slice(0, 2).join(''))).toBeNull();
    expect(read({ text, exit: '152', events: events.join('') })).toMatchObject({
      tests: [{ name: 'example.com/tiny.TestAdd', status: 'passed' }],
      problems: [{ name: 'example.com/tiny.TestLoop/part' }],
    });
  });

  test('has a test that ends more than once as one test, with the worst of its ends', () => {
    const events = ['pass', 'fail', 'pass'].map((action) => event(action, 'TestAdd')).join('');
    expect(read({ events })?.tests).toMatchObject([{ name: 'example.com/tiny.TestAdd', status: 'failed' }]);
  });

  test.each([
    ['the program ended with 0 before its tests did', { text: '', exit: '0', events: '' }],
    ['an event has no action', { events: '{"Test":"TestAdd"}\n' }],
    ['an event is null', { events: 'null\n' }],
    ['the last event is cut off', { events: event('pass', 'TestAdd').slice(0, -3) }],
  ])('is torn where %s', (_what, changes) => {
    expect(read(changes)).toBeNull();
  });

  test('gives no line to a place that no file has', () => {
    const events = `{"Action":"output","Test":"TestAdd","Output":"    app_test.go:99999999999999999999: no\\n"}\n${event('fail', 'TestAdd')}`;
    expect(read({ events })?.tests).toMatchObject([{ file: 'tiny/app_test.go', line: null }]);
  });

  test('never throws, however it is broken, and holds nothing that Go does not say', () => {
    fc.assert(
      fc.property(
        fc.oneof(brokenLines(output.events), brokenText(output.events)),
        brokenText(output.text),
        fc.oneof(fc.constantFrom('0', '1', ''), fc.string()),
        (events, text, exit) => soundReport(read({ events, text, exit })),
      ),
      { numRuns: 1000 },
    );
  });
});

const profile = recorded('profile.cov');
const block = (numbers: string): string => `mode: atomic\nexample.com/tiny/app.go:${numbers}\n`;

describe('coverage profiles of Go', () => {
  test('are read as they were written, and the runs of a block are added up', () => {
    expect(readProfiles([profile, profile])).toEqual([
      { file: 'example.com/tiny/app.go', start: 3, end: 4, statements: 1, count: 2 },
      { file: 'example.com/tiny/app.go', start: 4, end: 6, statements: 1, count: 0 },
      { file: 'example.com/tiny/app.go', start: 7, end: 7, statements: 1, count: 2 },
    ]);
    expect(readProfiles([])).toEqual([]);
    expect(readProfiles(['mode: set\n'])).toEqual([]);
  });

  test.each([
    ['is empty', ''],
    ['has no mode', profile.slice(profile.indexOf('\n') + 1)],
    ['has another mode', profile.replace('atomic', 'other')],
    ['has its mode twice', profile + profile],
    ['has an empty line', `${profile}\n`],
    ['ends within a line', profile.slice(0, -8)],
    ['has a block that ends before it begins', block('4.1,3.1 1 1')],
    ['has a block before the first line', block('0.1,3.1 1 1')],
    ['has a block of more lines than numbers', block('1.1,99999999999999999999.1 1 1')],
    ['has more runs than numbers', block('1.1,2.1 1 99999999999999999999')],
    ['has a negative count', block('1.1,2.1 -1 1')],
  ])('are none where one %s', (_what, broken) => {
    expect(readProfiles([profile, broken])).toBeNull();
  });

  test('never throw, however they are broken, and have numbers that can be counted', () => {
    fc.assert(
      fc.property(brokenText(profile), (broken) => {
        for (const { start, end, statements, count } of readProfiles([broken]) ?? []) {
          expect(start >= 1 && start <= end).toBe(true);
          for (const number of [end, statements, count]) expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
