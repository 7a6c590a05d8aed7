import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interruptedIn, readJavaReport } from '../../../runners/java/testing/report.ts';

const project = { root: '.' };
const fileOf = (type: string): string | null =>
  type.startsWith('com.example.AppTest') ? 'src/test/java/com/example/AppTest.java' : null;
const named = (method: string, part = '') => ({
  id: `[engine:junit-jupiter]/${method}${part}`,
  type: 'com.example.AppTest',
  declared: 'com.example.AppTest',
  method,
  name: `com.example.AppTest.${method}${part}`,
});
const ended = (method: string, status: string, more: object = {}) => ({
  event: 'test',
  ...named(method),
  status,
  message: '',
  asserted: false,
  ms: 3,
  ...more,
});
const lines = (events: readonly object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const plan = { event: 'plan', engines: ['junit-jupiter'] };
const whole = (events: readonly object[]): string =>
  lines([plan, ...events, { event: 'done', lines: events.length + 1 }]);
const stack =
  'org.opentest4j.AssertionFailedError: expected: <4> but was: <3>\n\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)\n\tat com.example.AppTest.adds(AppTest.java:9)\n';

describe('what the tests of a Java answer report', () => {
  test('is read with names, files, lines and times', () => {
    const failed = ended('adds', 'failed', { message: stack, asserted: true });
    expect(readJavaReport(project, fileOf, whole([failed, ended('other', 'skipped')]))).toEqual({
      problems: [],
      tests: [
        expect.objectContaining({
          name: 'com.example.AppTest.adds',
          status: 'failed',
          file: 'src/test/java/com/example/AppTest.java',
          line: 9,
          message: 'org.opentest4j.AssertionFailedError: expected: <4> but was: <3>',
          asserted: true,
          durationMs: 3,
        }),
        expect.objectContaining({ name: 'com.example.AppTest.other', status: 'skipped' }),
      ],
    });
  });

  test('has the worst of its ends for a test that ends twice', () => {
    const report = readJavaReport(project, fileOf, whole([ended('adds', 'failed'), ended('adds', 'passed')]));
    expect(report?.tests.map(({ status }) => status)).toEqual(['failed']);
  });

  test.each([
    ['it has no end', lines([plan, ended('adds', 'passed')])],
    ['it has no beginning', lines([ended('adds', 'passed'), { event: 'done', lines: 1 }])],
    ['it goes on after its end', whole([]) + lines([ended('adds', 'passed')])],
    ['it ends twice', whole([{ event: 'done', lines: 1 }])],
    ['its count is another one', lines([plan, ended('adds', 'passed'), { event: 'done', lines: 7 }])],
    ['a line is of another form', whole([{ event: 'test', status: 'passed' }])],
    ['there is none', ''],
  ])('is torn where %s', (_what, text) => {
    expect(readJavaReport(project, fileOf, text)).toBeNull();
  });

  test('says which test was running when the process ended, whatever was torn off', () => {
    const start = { event: 'start', ...named('hangs') };
    const text = `${lines([plan, ended('adds', 'passed'), start])}{"event":"te`;
    expect(interruptedIn(project, fileOf, text)).toMatchObject({
      running: { name: 'com.example.AppTest.hangs', file: 'src/test/java/com/example/AppTest.java' },
      tests: [{ name: 'com.example.AppTest.adds', status: 'passed' }],
    });
  });

  test('never makes the reader throw', () => {
    const broken = fc.tuple(fc.nat(400), fc.string()).map(([at, text]) => {
      const sound = whole([ended('adds', 'passed')]);
      return sound.slice(0, at) + text + sound.slice(at);
    });
    fc.assert(
      fc.property(fc.oneof(broken, fc.string()), (text) => {
        readJavaReport(project, fileOf, text);
        interruptedIn(project, fileOf, text);
      }),
    );
  });
});
