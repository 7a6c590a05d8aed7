import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPythonCoverage } from '../../../runners/python/testing/coverage-report.ts';
import { readPytestReport } from '../../../runners/python/testing/report.ts';
import { brokenJson, brokenLines, brokenText } from '../../support/broken-reports.ts';
import { projectOf, soundReport } from '../reports.ts';

const recorded = (name: string): string => readFileSync(`${import.meta.dirname}/fixtures/${name}`, 'utf8');
const project = projectOf('python', ['app.py', 'tests/test_app.py', 'tests/test_broken.py', 'tests/test_left.py']);
const readAll = (text: string | null, own = project): ReturnType<typeof readPytestReport> =>
  readPytestReport(own, text, ({ path }) => path.includes('test_'));
const read = (text: string | null, own = project): ReturnType<typeof readAll>['whole'] => readAll(text, own).whole;

const report = recorded('pytest.ndjson');
const unfinished = recorded('pytest-collection-error.ndjson');
const coverage = recorded('coverage.json');

const collected = (count: number): string => `{"event":"collected","count":${count}}\n`;
const phase = (name: string, file = 'test_app.py'): string =>
  `{"event":"phase","name":"${name}","when":"call","outcome":"passed","file":"${file}","line":1,"message":""}\n`;
const finish = '{"event":"finish","exit":0}\n';

describe('the report of a pytest run', () => {
  test('is read as it was written', () => {
    const { tests, ...rest } = read(report) ?? { tests: [] };
    expect(tests.map(({ name, status, file, line }) => [name, status, file, line])).toEqual([
      ['tests/test_app.py::test_add[1]', 'passed', 'tests/test_app.py', 6],
      ['tests/test_app.py::test_add[2]', 'passed', 'tests/test_app.py', 6],
      ['tests/test_app.py::test_wrong', 'failed', 'tests/test_app.py', 12],
      ['tests/test_app.py::test_later', 'skipped', 'tests/test_app.py', 15],
      ['tests/test_app.py::test_expected', 'skipped', 'tests/test_app.py', 22],
    ]);
    expect(tests[2]?.message).toContain('assert 3 == 4');
    expect(rest).toEqual({
      problems: [],
      deselected: [],
      notRun: ['tests/test_broken.py', 'tests/test_left.py'],
      unreported: [],
      exit: 1,
    });
  });

  test('names the file that could not be run', () => {
    expect(read(unfinished)).toMatchObject({
      tests: [],
      problems: [{ name: 'tests/test_broken.py', file: 'tests/test_broken.py' }],
      exit: 2,
    });
  });

  test('has paths from the root of the answer, and none that leaves it', () => {
    const below = projectOf('python', ['services/x/test_app.py'], 'services/x');
    const text = (file: string): string => collected(1) + phase('test_app.py::test_add', file) + finish;
    expect(read(text('test_app.py'), below)?.tests[0]?.file).toBe('services/x/test_app.py');
    expect(read(text('../../../etc/passwd'), below)?.tests[0]?.file).toBeNull();
    expect(read(text('/etc/passwd'), below)?.tests[0]?.file).toBeNull();
  });

  test.each(['0', '-1', '1.5', '"1"', '1e99'])('gives no line where a test stands on line %s', (line) => {
    const text = collected(1) + phase('a').replace('"line":1', `"line":${line}`) + finish;
    expect(read(text)?.tests).toMatchObject([{ name: 'a', line: null }]);
  });

  test.each([
    ['is not there', null],
    ['is empty', ''],
    ['has no end', collected(1) + phase('a')],
    ['goes on after its end', collected(1) + phase('a') + finish + phase('b') + finish],
    ['ends twice', collected(0) + finish + finish],
    ['has fewer tests than were collected', collected(2) + phase('a') + finish],
    ['has more tests than were collected', collected(1) + phase('a') + phase('b') + '{"event":"finish","exit":1}\n'],
    ['counts its tests twice', collected(1) + collected(1) + phase('a') + finish],
    ['has a count that is none', collected(-1) + finish],
    ['has an event without its fields', `${collected(0)}{"event":"phase"}\n${finish}`],
    ['has an event that nobody knows', `${collected(0)}{"event":"other"}\n${finish}`],
    ['is of a run that came to no test', '{"event":"finish","exit":4}\n'],
  ])('is torn where it %s', (_what, text) => {
    expect(read(text)).toBeNull();
  });

  test.each([
    ['a true one', report],
    ['one of a run that was stopped', unfinished],
  ])('never throws, however %s is broken, and holds nothing that no test framework says', (_what, text) => {
    fc.assert(
      fc.property(fc.oneof(brokenLines(text), brokenText(text)), (broken) => soundReport(read(broken))),
      { numRuns: 1000 },
    );
  });
});

describe('a test process that ends in the middle of its work', () => {
  const begin = (name: string): string => `{"event":"begin","name":"${name}","file":"test_app.py","line":3}\n`;
  const passes = (name: string): string =>
    begin(name) + ['setup', 'call', 'teardown'].map((when) => phase(name).replace('call', when)).join('');

  test('leaves the tests that had ended, and the one that was running', () => {
    const text = collected(2) + passes('a') + begin('b') + phase('b').replace('call', 'setup') + '{"event":"ph';
    expect(readAll(text)).toMatchObject({
      whole: null,
      interrupted: { tests: [{ name: 'a', status: 'passed' }], running: { name: 'b', line: 3 } },
    });
  });

  test('names no running test where all had ended', () => {
    expect(readAll(collected(1) + passes('a')).interrupted).toMatchObject({ tests: [{ name: 'a' }], running: null });
  });
});

test('a test that is collected and then neither run nor called deselected is named', () => {
  const item = (name: string): string => `{"event":"item","name":"${name}"}\n`;
  const told = '{"event":"deselected","name":"c"}\n';
  expect(read(item('a') + item('b') + item('c') + told + collected(1) + phase('a') + finish)?.unreported).toEqual([
    'b',
  ]);
});

describe('the coverage of a pytest run', () => {
  test('is read as it was written', () => {
    const file = { path: 'app.py', total: 4, covered: 1, missing: [2, 3, 4], statements: [1, 2, 3, 4] };
    expect(readPythonCoverage(coverage)).toMatchObject({ all: [file] });
  });

  test('is none where its counts disagree', () => {
    expect(readPythonCoverage(coverage.replaceAll('"covered": 1', '"covered": 4'))).toBeNull();
  });

  test('never throws, however it is broken, and has lines and counts that add up', () => {
    fc.assert(
      fc.property(fc.oneof(brokenJson(coverage), brokenText(coverage)), (broken) => {
        const { all, own } = readPythonCoverage(broken) ?? { all: [], own: [] };
        for (const { total, covered, missing } of [...all, ...own]) expect(covered + missing.length).toBe(total);
      }),
      { numRuns: 1000 },
    );
  });
});
