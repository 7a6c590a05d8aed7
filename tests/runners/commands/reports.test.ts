import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJunit } from '../../../runners/commands/junit.ts';
import { readOwnReport } from '../../../runners/commands/json.ts';
import { MOST_FINDINGS } from '../../../runners/commands/report.ts';
import { readSarif } from '../../../runners/commands/sarif.ts';
import { brokenJson, brokenText } from '../../support/broken-reports.ts';

const sarif = JSON.stringify({
  version: '2.1.0',
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  runs: [
    {
      tool: { driver: { name: 'semgrep', rules: [] } },
      results: [
        {
          ruleId: 'eval',
          level: 'error',
          message: { text: 'eval is dangerous' },
          locations: [
            { physicalLocation: { artifactLocation: { uri: 'src/a%20b.py' }, region: { startLine: 3, endLine: 4 } } },
          ],
        },
        { ruleId: 'old', message: { text: 'old' }, locations: [] },
        { ruleId: 'hidden', level: 'error', message: { text: 'x' }, suppressions: [{ kind: 'inSource' }] },
      ],
    },
  ],
});

const junit = `<?xml version="1.0" encoding="utf-8"?>
<!-- made by <pytest> -->
<testsuites><testsuite name="pytest" tests="4"><properties><property name="a" value="b"/></properties>
<testcase classname="tests.test_a" name="good" time="0.001" />
<testcase classname="tests.test_a" name="bad &lt;1&gt;" file="tests/test_a.py" line="7"><failure message="assert 1 &gt; 2&#10;x">
<![CDATA[ </testcase> ]]></failure></testcase>
<testcase name="broken"><error message="E">text</error></testcase>
<testcase name="left out"><skipped type="pytest.skip"/></testcase>
</testsuite></testsuites>
`;

describe('a report of SARIF', () => {
  test('has its results as findings with place and severity; what is suppressed is left out', () => {
    const report = readSarif(sarif);
    expect(report).toMatchObject({ passes: false, facts: { findings: 2, errors: 1 } });
    expect(report?.findings).toMatchObject([
      { tool: 'semgrep', rule: 'eval', severity: 'error', file: 'src/a b.py', line: 3 },
      { rule: 'old', severity: 'warning', file: null, line: null },
    ]);
  });

  test('passes without errors', () => {
    expect(readSarif(sarif.replaceAll('"level":"error"', '"level":"note"'))?.passes).toBe(true);
  });

  test.each([
    ['an address of another folder', '../../etc/passwd'],
    ['an absolute path outside of the answer', 'file:///etc/passwd'],
  ])('names no file for %s', (_what, uri) => {
    expect(readSarif(sarif.replace('src/a%20b.py', uri))?.findings[0]).toMatchObject({ file: null, line: null });
  });

  test('of another version is none', () => expect(readSarif(sarif.replace('2.1.0', '1.0.0'))).toBeNull());
});

describe('a report of JUnit', () => {
  test('has its failed tests as findings, and the share that passes of those that ran', () => {
    const report = readJunit(junit, 'tests');
    expect(report).toMatchObject({ passes: false, score: 1 / 3, facts: { tests: 4, failed: 2, skipped: 1 } });
    expect(report?.findings).toMatchObject([
      { rule: 'tests.test_a › bad <1>', message: 'assert 1 > 2\nx', file: 'tests/test_a.py', line: 7 },
      { rule: 'broken', message: 'E', file: null },
    ]);
  });

  test.each([
    ['nothing', ''],
    ['words', 'all good'],
    ['no test', '<testsuite></testsuite>'],
    ['only skipped tests', '<testsuite><testcase name="a"><skipped/></testcase></testsuite>'],
    ['another root', '<html><testcase name="a"/></html>'],
    ['an element that is not closed', '<testsuite><testcase name="a"/>'],
    ['a declaration', '<!DOCTYPE x [<!ENTITY a "b">]><testsuite><testcase name="a"/></testsuite>'],
  ])('with %s is none', (_what, text) => expect(readJunit(text, 'tests')).toBeNull());

  test.each(['<a"', '<testcase a', '<!--', '<![CDATA[', '<a b="', 'a', "<a b='x' ", '<a>'])(
    'is read in one go, also a large one of nothing but %s',
    (unit) => expect(readJunit(`<testsuite>${unit.repeat(2_000_000 / unit.length)}`, 'tests')).toBeNull(),
  );
});

describe('a report of a check that was written for Cupel', () => {
  test('has at most so many findings, and texts of bearable length', () => {
    const findings = Array.from({ length: MOST_FINDINGS + 1 }, () => ({ message: 'x'.repeat(5000) }));
    const report = readOwnReport(JSON.stringify({ passed: false, findings }), 'own');
    expect(report?.findings.length).toBe(MOST_FINDINGS);
    expect(report?.findings[0]?.message.length).toBeLessThan(2100);
  });

  test.each(['', '{}', '{"passed":"yes"}', '{"passed":true,"score":2}', '[]', 'null'])('is not %j', (text) =>
    expect(readOwnReport(text, 'own')).toBeNull(),
  );
});

test('whatever is broken in a report, reading it does not throw', () => {
  const own = JSON.stringify({ passed: true, score: 1, findings: [{ message: 'm', file: '%', line: 1 }] });
  fc.assert(fc.property(brokenJson(sarif), (text) => void readSarif(text)));
  fc.assert(fc.property(brokenJson(own), (text) => void readOwnReport(text, 'own')));
  fc.assert(fc.property(brokenText(junit), (text) => void readJunit(text, 'own')));
});
