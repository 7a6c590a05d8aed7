import { describe, expect } from 'vitest';
import type { Files } from '../support/grading/answers.ts';
import { checked } from '../support/grading/grading.ts';
import { passingTest, program } from '../support/grading/projects.ts';
import type { ByLanguage, Language } from '../support/grading/projects.ts';
import { ended, runsTests, scripted } from '../support/grading/sandboxes.ts';
import { languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };

/** A test after which the process is gone. */
const exits: ByLanguage<Files> = {
  python: { 'test_exit.py': 'import os\n\n\ndef test_exit():\n    os._exit(0)\n' },
  typescript: { 'exit.test.js': "process.exit(0);\n\ntest('never', () => {});\n" },
  go: {
    'app_test.go':
      'package tiny\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) {\n\tos.Exit(0)\n}\n\nfunc TestAdd(t *testing.T) {}\n',
  },
};

/** Tests that pass in a process that does not. */
const exitsWith3: ByLanguage<Files> = {
  python: {
    ...passingTest.python,
    'conftest.py': 'def pytest_sessionfinish(session, exitstatus):\n    session.exitstatus = 3\n',
  },
  typescript: {
    ...passingTest.typescript,
    'setup.js': "module.exports = async () => {\n  process.on('exit', () => {\n    process.exitCode = 3;\n  });\n};\n",
    'package.json': '{ "jest": { "globalSetup": "./setup.js" }, "scripts": { "test": "jest" } }\n',
  },
  go: {
    'app_test.go':
      'package tiny\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) {\n\tm.Run()\n\tos.Exit(3)\n}\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong sum")\n\t}\n}\n',
  },
};

/** Thresholds that one passing test does not reach. */
const thresholds: ByLanguage<Files> = {
  python: {
    ...passingTest.python,
    'pytest.ini': '[pytest]\naddopts = --cov=app --cov-fail-under=100\n',
    '.coveragerc': '[report]\nfail_under = 100\n',
  },
  typescript: {
    ...passingTest.typescript,
    'package.json':
      '{ "jest": { "coverageThreshold": { "global": { "lines": 100 } } }, "scripts": { "test": "jest --coverage" } }\n',
  },
};

function of(files: ByLanguage<Files>): [Language, Files][] {
  return (Object.entries(files) as [Language, Files][]).map(([language, own]) => [
    language,
    { ...program[language], ...own },
  ]);
}

describe('a test process that ends before its report is whole', () => {
  languageTests(of(exits))(
    '%s: it is our failure when a test of ours leaves no report either',
    slow,
    async (language, files) => {
      let runs = 0;
      const sandbox = scripted((job) => {
        const control = (runsTests(job) && (runs += 1) % 2 === 0) || job.command.includes('version');
        return control ? ended({ exitCode: 1, stderr: 'the control failed' }) : job;
      });
      const tests = await checked(language, 'tests', files, { sandbox });
      expect(tests).toMatchObject({ status: 'errored', score: null });
      expect(tests.reason).toContain('does not run a test of ours either');
    },
  );
});

describe('a test process whose exit status does not fit its report', () => {
  languageTests(of(exitsWith3))(
    '%s: tests that all pass in a process that ends with 3 have failed, with that exit',
    slow,
    async (language, files) => {
      const tests = await checked(language, 'tests', files);
      expect(tests).toMatchObject({ status: 'failed', facts: { passed: 1, failed: 0 } });
      expect(tests.reason).toContain('exit status 3');
    },
  );

  languageTests(of(thresholds))(
    "%s: the answer's own coverage threshold does not decide about its tests",
    slow,
    async (language, files) => {
      expect(await checked(language, 'tests', files, { environment: 'pinned' })).toMatchObject({
        status: 'passed',
        facts: { passed: 1, failed: 0 },
      });
    },
  );
});
