import { describe, expect } from 'vitest';
import type { Files } from '../support/grading/answers.ts';
import { checked } from '../support/grading/grading.ts';
import { program, sound } from '../support/grading/projects.ts';
import type { Language } from '../support/grading/projects.ts';
import { languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };

/** A Python answer whose process ends with a report of its own in place of the grader's. */
const python = (report: string): Files => ({
  ...sound('python'),
  'conftest.py': `import os\n\nwith open("/out/forged", "w") as file:\n    file.write(${JSON.stringify(report)})\nos.replace("/out/forged", "/out/report.ndjson")\nos._exit(0)\n`,
});

/** A TypeScript answer that writes files as its process ends, by expressions in JavaScript. */
const typescript = (files: Readonly<Record<string, string>>): Files => ({
  ...sound('typescript'),
  'jest.config.js': `const { writeFileSync } = require('node:fs');\n\nprocess.on('exit', () => {\n${Object.entries(
    files,
  )
    .map(([path, text]) => `  writeFileSync('${path}', ${text});\n`)
    .join('')}});\n\nmodule.exports = {};\n`,
});

/** A Go answer that writes a file once its tests have passed. */
const go = (path: string, text: string): Files => ({
  ...program.go,
  'app_test.go': `package tiny\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) {\n\tm.Run()\n\tos.WriteFile("${path}", []byte(${JSON.stringify(text)}), 0o644)\n\tos.Exit(0)\n}\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong sum")\n\t}\n}\n`,
});

const collected = '{"event": "collected", "count": 1}\n';
const finish = '{"event": "finish", "exit": 0}\n';

/** Reports of tests that no framework writes. */
const reports: [string, Language, Files][] = [
  ['an event without its fields', 'python', python(`${collected}{"event": "phase"}\n${finish}`)],
  ['an event that is null', 'python', python(`${collected}null\n${finish}`)],
  ['a report that ends within an event', 'python', python(`${collected}{"event": "phase", "name`)],
  ['a negative count', 'python', python(`{"event": "collected", "count": -1}\n${finish}`)],
  [
    'a suite that is null',
    'typescript',
    typescript({ '/out/report.json': `'{"testResults":[null],"numTotalTests":0}'` }),
  ],
  ['a report that is null', 'typescript', typescript({ '/out/report.json': `'null'` })],
  ['tests without counts', 'typescript', typescript({ '/out/report.json': `'{"testResults":[]}'` })],
  ['60 MiB of brackets', 'typescript', typescript({ '/out/report.json': `'[],'.repeat(20 * 1024 * 1024)` })],
  ['nothing', 'go', go('/out/1.txt', '')],
  ['no status', 'go', go('/out/1.txt', '\u0016=== RUN   TestAdd\n\u0016--- PASS:')],
];

/** Coverage that no tool measures, left by tests that pass. */
const coverages: [string, Language, Files][] = [
  [
    'a database that is none',
    'python',
    {
      ...sound('python'),
      'conftest.py':
        'import atexit\n\n\ndef tear():\n    with open("/out/coverage.db", "w") as file:\n        file.write("SQLite format 3")\n\n\natexit.register(tear)\n',
    },
  ],
  ['a file that is null', 'typescript', typescript({ '/out/coverage/coverage-final.json': `'{"/w/app.js":null}'` })],
  [
    'a report that ends within a statement',
    'typescript',
    typescript({ '/out/coverage/coverage-final.json': `'{"/w/app.js":{"statementMap":{"0":{"start"'` }),
  ],
  [
    'a line after the end of the file',
    'typescript',
    typescript({
      '/out/coverage/coverage-final.json': `'{"/w/app.js":{"statementMap":{"0":{"start":{"line":1000}}},"s":{"0":1},"fnMap":{},"f":{}}}'`,
    }),
  ],
  ['a profile that ends within a line', 'go', go('/out/1.cov', 'mode: atomic\nexample.com/tiny/app.go:3.24,4.1')],
  [
    'a profile of four billion lines',
    'go',
    go('/out/1.cov', 'mode: atomic\nexample.com/tiny/app.go:1.1,4294967295.1 1 0\n'),
  ],
  ['a profile without a mode', 'go', go('/out/1.cov', 'example.com/tiny/app.go:1.1,2.1 1 1\n')],
];

/** Coverage of code that is not in the answer, beside that of its own. */
const ghosts: [Language, Files][] = [
  [
    'typescript',
    typescript({
      '/out/coverage/coverage-final.json': `JSON.stringify({ '/w/app.js': { statementMap: { 0: { start: { line: 1 } } }, s: { 0: 0 }, fnMap: {}, f: {} }, '/w/ghost.js': { statementMap: { 0: { start: { line: 1 } } }, s: { 0: 1 }, fnMap: {}, f: {} } })`,
    }),
  ],
  [
    'go',
    go('/out/1.cov', 'mode: atomic\nexample.com/tiny/app.go:3.24,4.13 1 0\nexample.com/tiny/ghost.go:1.1,9.1 1000 1\n'),
  ],
];

describe('an answer that writes a report which no tool writes has failed, and is not ungraded', () => {
  languageTests(reports)('%s, in place of the report on its tests (%s)', slow, async (_what, language, files) => {
    const tests = await checked(language, 'tests', files);
    expect(tests).toMatchObject({ status: 'failed', score: 0, facts: { passed: 0 } });
    expect(tests.reason).toContain('left no complete report');
  });

  languageTests(coverages)('%s, in place of its coverage (%s)', slow, async (_what, language, files) => {
    const coverage = await checked(language, 'coverage', files, { asks: { coverage: 0.5 } });
    expect(coverage).toMatchObject({ status: 'failed', score: 0 });
    expect(coverage.reason).toMatch(/coverage report|coverage data/);
  });
});

describe('coverage of code that is not in the answer', () => {
  languageTests(ghosts)('%s: has no part in the count', slow, async (language, files) => {
    const coverage = await checked(language, 'coverage', files, { asks: { coverage: 0.5 } });
    expect(coverage).toMatchObject({ status: 'failed', facts: { lines: 0 } });
  });
});
