import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOf, readIstanbul } from '../../../runners/typescript/testing/coverage-report.ts';
import { readNodeReport } from '../../../runners/typescript/testing/report.ts';
import { brokenJson, brokenText } from '../../support/broken-reports.ts';
import { projectOf, soundReport } from '../reports.ts';

const recorded = (name: string): string => readFileSync(`${import.meta.dirname}/fixtures/${name}`, 'utf8');
const project = projectOf('typescript', ['app.js', 'app.test.js', 'broken.test.js', 'app.test.ts', 'broken.test.ts']);
const reports = { jest: recorded('jest.json'), vitest: recorded('vitest.json') };
const coverages = { jest: recorded('coverage-jest.json'), vitest: recorded('coverage-vitest.json') };
const frameworks = ['jest', 'vitest'] as const;

const suite = (fields: string): string =>
  `{"numTotalTests":1,"numPassedTests":1,"numFailedTests":0,"testResults":[{"name":"/w/app.test.js","status":"passed","message":"",${fields}}]}`;
const passing = '{"fullName":"adds","status":"passed","failureMessages":[],"location":null}';

describe('the report of Jest or Vitest', () => {
  test.each([
    ['jest', 'app.test.js', 'broken.test.js', [4, 8, 12, 13]],
    ['vitest', 'app.test.ts', 'broken.test.ts', [6, 10, 14, 18, 19]],
  ] as const)('is read as %s writes it', (framework, file, broken, lines) => {
    const report = readNodeReport(project, reports[framework]);
    expect(report?.tests.map(({ status }) => status)).toEqual(
      framework === 'jest'
        ? ['passed', 'failed', 'skipped', 'skipped']
        : ['passed', 'failed', 'failed', 'skipped', 'skipped'],
    );
    expect(report?.tests.map(({ line }) => line)).toEqual(lines);
    expect(report?.tests.map((one) => one.file)).toEqual(lines.map(() => file));
    expect(report?.tests[0]?.name).toBe(`${file} › add adds`);
    expect(report?.tests[1]?.message).toMatch(/^(?:Assertion)?Error: expect/);
    expect(report?.problems).toMatchObject([{ name: broken, file: broken, line: null }]);
    expect(report?.problems[0]?.message).toContain("Cannot find module './nothing'");
    expect(report?.notRun).toHaveLength(2);
  });

  test.each([
    ['is not there', null],
    ['is empty', ''],
    ['is null', 'null'],
    ['has a suite that is null', '{"testResults":[null],"numTotalTests":0}'],
    ['has no counts', '{"testResults":[]}'],
    ['has no tests in a suite', suite('"more":[]')],
    ['has a test that is null', suite('"assertionResults":[null]')],
    ['has a name that is none', suite(`"assertionResults":[${passing.replace('"adds"', '{}')}]`)],
    ['has fewer tests than it counts', suite('"assertionResults":[]')],
    ['counts passes that it does not have', suite(`"assertionResults":[${passing.replace('"passed"', '"todo"')}]`)],
    ['has failures that it does not count', reports.jest.replace('"numFailedTests":1', '"numFailedTests":0')],
    ['has half a count', reports.jest.replace('"numTotalTests":4', '"numTotalTests":4.5')],
  ])('is torn where it %s', (_what, text) => {
    expect(readNodeReport(project, text)).toBeNull();
  });

  test('stays one where a test threw no error, has no place, or lies outside of the answer', () => {
    const odd =
      '{"fullName":"adds","status":"passed","failureMessages":[null,{}],"location":{"line":-1}},{"fullName":"","status":"disabled"}';
    const text = suite(`"assertionResults":[${odd}]`)
      .replace('"numTotalTests":1', '"numTotalTests":2')
      .replace('/w/app.test.js', '/etc/app.test.js');
    expect(readNodeReport(project, text)?.tests).toEqual([
      { name: '/etc/app.test.js › adds', status: 'passed', file: null, line: null, durationMs: null, message: '' },
      { name: '/etc/app.test.js › ', status: 'skipped', file: null, line: null, durationMs: null, message: '' },
    ]);
  });

  test.each(frameworks)(
    'never throws, however that of %s is broken, and holds nothing that no framework says',
    (name) => {
      fc.assert(
        fc.property(fc.oneof(brokenJson(reports[name]), brokenText(reports[name])), (broken) =>
          soundReport(readNodeReport(project, broken)),
        ),
        { numRuns: 1000 },
      );
    },
  );
});

describe('a report of Istanbul', () => {
  test('is read as it was written', () => {
    const [jest, vitest] = frameworks.map((name) =>
      [...(readIstanbul(coverages[name]) ?? [])].map(([path, file]) => linesOf(path, file)),
    );
    expect(jest).toEqual([{ path: '/w/app.js', total: 4, covered: 3, missing: [3] }]);
    expect(vitest).toEqual([{ path: '/w/app.ts', total: 1, covered: 1, missing: [] }]);
  });

  test('has names that objects have of themselves for what they are', () => {
    const file =
      '{"statementMap":{"constructor":{"start":{"line":1}},"__proto__":{"start":{"line":2}}},"s":{},"fnMap":{},"f":{}}';
    const report = readIstanbul(`{"/w/app.js":${file}}`);
    expect([...(report ?? [])].map(([path, one]) => linesOf(path, one))).toEqual([
      { path: '/w/app.js', total: 2, covered: 0, missing: [1, 2] },
    ]);
  });

  test.each(frameworks)('never throws, however that of %s is broken, and has lines and counts that add up', (name) => {
    fc.assert(
      fc.property(fc.oneof(brokenJson(coverages[name]), brokenText(coverages[name])), (broken) => {
        for (const [path, file] of readIstanbul(broken) ?? []) {
          const { total, covered, missing } = linesOf(path, file);
          expect(covered + missing.length).toBe(total);
          for (const line of missing) expect(Number.isSafeInteger(line) && line > 0).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
