import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { errored, failed, passed } from '../../src/domain/grading/check.ts';
import type { CheckResult } from '../../src/domain/grading/check.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import type { Grade } from '../../src/domain/grading/grade.ts';
import { sarifReport } from '../../src/reporters/sarif.ts';
import { carriedFile } from '../support/carrier.ts';
import { hostile, sampleGrade, sampleRun } from '../support/samples.ts';
import { runs } from '../support/levels.ts';

const placeSchema = z.object({
  physicalLocation: z.object({
    artifactLocation: z.object({ uri: z.string() }),
    region: z.object({ startLine: z.number() }).optional(),
  }),
});
const resultSchema = z.object({
  ruleId: z.string(),
  ruleIndex: z.number(),
  kind: z.string().optional(),
  level: z.string(),
  message: z.object({ text: z.string() }),
  locations: z.array(placeSchema),
  relatedLocations: z.array(placeSchema).optional(),
  partialFingerprints: z.record(z.string(), z.string()),
  properties: z.record(z.string(), z.unknown()),
});
const logSchema = z.object({
  runs: z.array(
    z.object({
      tool: z.object({
        driver: z.object({
          name: z.string(),
          version: z.string().optional(),
          rules: z.array(z.object({ id: z.string(), defaultConfiguration: z.object({ level: z.string() }) })),
        }),
      }),
      invocations: z.array(
        z.object({
          executionSuccessful: z.boolean(),
          toolExecutionNotifications: z.array(z.object({ message: z.object({ text: z.string() }) })),
        }),
      ),
      results: z.array(resultSchema),
    }),
  ),
});
type Log = z.infer<typeof logSchema>;

const read = (text: string): Log => logSchema.parse(JSON.parse(text));
const reported = (grades: readonly Grade[], folder = 'reports/runs/r'): Log =>
  read(sarifReport(sampleRun(grades), folder));
const driver = (log: Log, name: string) => log.runs.find(({ tool }) => tool.driver.name === name);

const finding = (parts: Partial<Finding>): Finding => ({
  tool: 'ruff',
  rule: 'F821',
  severity: 'error',
  message: 'Undefined name `x`',
  file: 'app/main.py',
  line: 7,
  answer_line: 17,
  ...parts,
});
const lint = (...findings: Finding[]): CheckResult => ({ id: 'python/lint', ...failed({ reason: 'bad', findings }) });
const graded = (...checks: CheckResult[]): Grade => ({ ...sampleGrade({ verdict: 'pass' }), checks });
const key = 's~p%401~recorded~r1';

describe('a run as SARIF', () => {
  test('has a finding at its line of the file, and beside it at its line of the answer', () => {
    const [result] = driver(reported([graded(lint(finding({})))]), 'ruff')?.results ?? [];
    expect(result).toMatchObject({
      ruleId: 'F821',
      level: 'error',
      message: { text: 'Undefined name `x`' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: `reports/runs/r/files/${encodeURIComponent(key)}/app/main.py` },
            region: { startLine: 7 },
          },
        },
      ],
      relatedLocations: [
        {
          physicalLocation: {
            artifactLocation: { uri: `reports/runs/r/answers/${encodeURIComponent(key)}.md` },
            region: { startLine: 17 },
          },
        },
      ],
    });
  });

  test.each([
    ['about no file', finding({ file: null, line: null }), 17],
    ['about a block without a name', finding({ file: 'unnamed/line_16.py', line: 1 }), 17],
    ['about no place at all', finding({ file: null, line: null, answer_line: null }), undefined],
  ])('has a finding %s in the answer', (_what, one, line) => {
    const [result] = driver(reported([graded(lint(one))]), 'ruff')?.results ?? [];
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toMatch(/\/answers\/.*\.md$/);
    expect(result?.locations[0]?.physicalLocation.region?.startLine).toBe(line);
    expect(result?.relatedLocations).toBe(undefined);
  });

  test('has one run for each tool, with its version and its rules, each at the level of its gravest finding', () => {
    const log = reported([
      graded(
        lint(finding({ severity: 'info' }), finding({ severity: 'warning' }), finding({ tool: 'mypy', rule: 'misc' })),
      ),
    ]);
    expect(log.runs.map(({ tool }) => tool.driver.name)).toEqual(['cupel', 'mypy', 'ruff']);
    expect(driver(log, 'ruff')).toMatchObject({
      tool: { driver: { version: '1', rules: [{ id: 'F821', defaultConfiguration: { level: 'warning' } }] } },
      results: [{ level: 'note' }, { level: 'warning' }],
    });
    expect(driver(log, 'mypy')?.tool.driver.version).toBe(undefined);
  });

  test('takes what a check notes that found nothing wrong for information, and no problem', () => {
    const sections: CheckResult = { id: 'answer/sections', ...passed({ findings: [finding({ severity: 'info' })] }) };
    expect(driver(reported([graded(sections)]), 'ruff')).toMatchObject({
      tool: { driver: { rules: [{ defaultConfiguration: { level: 'none' } }] } },
      results: [{ kind: 'informational', level: 'none' }],
    });
  });

  test('says a failure that no finding tells, and no failure of ours as a result', () => {
    const coverage = { id: 'python/coverage@x', ...failed({ reason: '40.0 % of lines ran' }) };
    const tests = { id: 'python/tests', ...errored({ reason: 'no sandbox' }) };
    const own = driver(reported([graded(coverage, tests, { id: 'python/build', ...passed() })]), 'cupel');
    expect(own?.results).toMatchObject([{ ruleId: 'coverage-failed', message: { text: '40.0 % of lines ran' } }]);
    expect(own?.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          { message: { text: expect.stringMatching(/python\/tests could not be measured: no/) } },
        ],
      },
    ]);
  });

  test('gives a finding the same fingerprint in another run and at another line, and another to each of two', () => {
    const prints = (folder: string, ...findings: Finding[]): string[] =>
      (driver(reported([graded(lint(...findings))], folder), 'ruff')?.results ?? []).map(
        ({ partialFingerprints }) => partialFingerprints['cupelFinding/v1'] ?? '',
      );
    const [one, two] = prints('reports/runs/a', finding({}), finding({}));
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(two).not.toBe(one);
    expect(prints('reports/runs/b', finding({ line: 9, answer_line: 19 }))).toEqual([one]);
    expect(prints('reports/runs/a', finding({ rule: 'F401' }))).not.toEqual([one]);
  });

  test('has no link and no placeholder that a message wrote', () => {
    const message = 'see [the docs](https://example.com/x) about {0} and { a: 1 }';
    const [result] = driver(reported([graded(lint(finding({ message })))]), 'ruff')?.results ?? [];
    expect(result?.message.text).toBe('see [the docs] (https://example.com/x) about {{0}} and { a: 1 }');
  });
});

/** A published package that carries the official schema. */
const carrier = {
  name: '@microsoft/jest-sarif@1.0.0-beta.0',
  integrity: 'sha512-A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A==',
  path: 'lib/schemas/sarif-2.1.0-rtm.5.json',
};

describe('the official schema of SARIF 2.1.0', () => {
  let faults: (text: string) => unknown[] = () => [];
  beforeAll(async () => {
    const { id: _id, ...schema } = z.looseObject({ id: z.string() }).parse(JSON.parse(await carriedFile(carrier)));
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats.default(ajv);
    // It is written for draft 4, and says nothing that draft 7 reads otherwise.
    const validate = ajv.compile({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' });
    faults = (text) => (validate(JSON.parse(text)) ? [] : (validate.errors ?? []));
  }, 60_000);

  test('lets runs stand, also one without cells, and refuses what is none', () => {
    const grades = [
      sampleGrade({ text: hostile, scenario: hostile.toWellFormed() }),
      sampleGrade({ verdict: 'ungraded', text: hostile }),
      graded(lint(finding({}), finding({ file: null, line: null, answer_line: null }))),
      graded({ id: 'python/lint', ...passed({ findings: [finding({ severity: 'info' })] }) }),
    ];
    for (const run of [sampleRun(grades), sampleRun([])])
      expect(faults(sarifReport(run, 'reports/runs/r'))).toEqual([]);
    expect(faults(sarifReport(sampleRun(grades), 'r').replaceAll('"startLine": ', '"startLine": -'))).not.toEqual([]);
    expect(faults(sarifReport(sampleRun(grades), 'r').replaceAll('"ruleIndex"', '"rule"'))).not.toEqual([]);
  });

  test('lets runs stand whatever an answer or a tool says', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(hostile, '', '\ud800', '{0}', '[a](1)', '%'));
    fc.assert(
      fc.property(text, text, text, fc.nat(), (message, rule, path, line) => {
        const one = finding({ message, rule, file: path, line: line + 1, tool: rule === '' ? 'x' : rule });
        const grade = graded(lint(one, finding({})));
        const files = [{ path, line: 1, named_by: 'heading' as const }];
        const report = sarifReport(
          sampleRun([{ ...grade, projects: [{ language: 'python', root: '.', files }] }]),
          'reports/runs/r',
        );
        expect(faults(report)).toEqual([]);
        for (const { results, tool } of read(report).runs)
          for (const result of results) {
            expect(tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
            expect(result.message.text).not.toMatch(/\]\(/);
          }
      }),
      { numRuns: runs(60) },
    );
  });
});
