import { describe, expect, test } from 'vitest';
import type { Files } from '../support/grading/answers.ts';
import { checked, rulesOf } from '../support/grading/grading.ts';
import { languages, passingTest, program, sound } from '../support/grading/projects.ts';
import type { ByLanguage, Language } from '../support/grading/projects.ts';
import { runsTests, scripted } from '../support/grading/sandboxes.ts';
import { languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };

function of(files: ByLanguage<Files>): [Language, Files][] {
  return (Object.entries(files) as [Language, Files][]).map(([language, own]) => [
    language,
    { ...program[language], ...own },
  ]);
}

const goTest = (body: string): string => `package tiny\n\nimport "testing"\n\n${body}`;

/** Files that look like tests and hold none. */
const none: ByLanguage<Files> = {
  python: { 'test_app.py': 'from app import add\n\nassert add(1, 2) == 3\n' },
  typescript: {
    'app.test.js': "const { add } = require('./app');\n\nif (add(1, 2) !== 3) throw new Error('wrong sum');\n",
  },
  go: { 'app_test.go': goTest('var _ testing.TB\n\nfunc testAdd(t *testing.T) {}\n') },
};

const allSkipped: ByLanguage<Files> = {
  python: {
    'test_app.py': 'import pytest\n\n\n@pytest.mark.skip(reason="later")\ndef test_add():\n    assert False\n',
  },
  typescript: { 'app.test.js': "test.skip('adds', () => {\n  expect(1).toBe(2);\n});\n" },
  go: { 'app_test.go': goTest('func TestAdd(t *testing.T) {\n\tt.Skip("later")\n}\n') },
};

const allDeselected: ByLanguage<Files> = {
  python: { ...passingTest.python, 'pytest.ini': '[pytest]\naddopts = -k nothing_of_this_name\n' },
  typescript: {
    ...passingTest.typescript,
    'package.json': '{ "jest": {}, "scripts": { "test": "jest -t nothing_of_this_name" } }\n',
  },
};

const someSkipped: ByLanguage<Files> = {
  python: {
    'test_app.py':
      'import pytest\nfrom app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n\n\n@pytest.mark.skip(reason="later")\ndef test_later():\n    assert False\n',
  },
  typescript: {
    'app.test.js':
      "const { add } = require('./app');\n\ntest('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n\ntest.skip('later', () => {});\n",
  },
  go: {
    'app_test.go': goTest(
      'func TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong sum")\n\t}\n}\n\nfunc TestLater(t *testing.T) {\n\tt.Skip("later")\n}\n',
    ),
  },
};

/** One test file of two that the answer's configuration keeps for another command. */
const keptBack: ByLanguage<{ files: Files; kept: string }> = {
  python: {
    kept: 'integration/test_all.py',
    files: {
      ...passingTest.python,
      'integration/test_all.py': 'def test_all():\n    assert False\n',
      'pytest.ini': '[pytest]\nnorecursedirs = integration\n',
    },
  },
  typescript: {
    kept: 'integration/all.test.js',
    files: {
      ...passingTest.typescript,
      'integration/all.test.js': "test('all', () => {\n  expect(1).toBe(2);\n});\n",
      'package.json': '{ "scripts": { "test": "jest --testPathIgnorePatterns integration" } }\n',
    },
  },
  go: {
    kept: 'all_test.go',
    files: {
      ...passingTest.go,
      'all_test.go': `//go:build integration\n\n${goTest('func TestAll(t *testing.T) {\n\tt.Fatal("needs a server")\n}\n')}`,
    },
  },
};

/** Two tests of which one fails; it is called after a limit, and so is what it prints. */
const calledAfterLimits: ByLanguage<Files> = {
  python: {
    'test_app.py':
      'import sys\n\nfrom app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n\n\ndef test_enospc_and_eagain():\n    sys.__stderr__.write("ENOSPC EAGAIN MemoryError\\n")\n    assert add(1, 2) == 4\n',
  },
  typescript: {
    'app.test.js':
      "const { add } = require('./app');\n\ntest('adds', () => { expect(add(1, 2)).toBe(3); });\n\ntest('retries on EAGAIN and ENOSPC', () => { expect(add(1, 2)).toBe(4); });\n",
  },
};

/** A test that looks at the variable ATTEMPT, which a scripted sandbox counts up. */
const flaky: ByLanguage<Files> = {
  python: {
    'test_app.py':
      'import os\n\nfrom app import add\n\n\ndef test_sometimes():\n    assert os.environ["ATTEMPT"] != "1"\n\n\ndef test_always():\n    assert add(1, 2) == 3\n',
  },
  typescript: {
    'app.test.js':
      "const { add } = require('./app');\n\ntest('sometimes', () => {\n  expect(process.env.ATTEMPT).not.toBe('1');\n});\n\ntest('always', () => {\n  expect(add(1, 2)).toBe(3);\n});\n",
  },
  go: {
    'app_test.go':
      'package tiny\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestSometimes(t *testing.T) {\n\tif os.Getenv("ATTEMPT") == "1" {\n\t\tt.Fatal("not yet")\n\t}\n}\n\nfunc TestAlways(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong sum")\n\t}\n}\n',
  },
};

describe('how many tests ran', () => {
  languageTests(languages.map((language) => [language]))(
    '%s: a passing test passes, without any manifest or configuration',
    slow,
    async (language) => {
      expect(await checked(language, 'tests', sound(language))).toMatchObject({
        status: 'passed',
        score: 1,
        facts: { passed: 1, failed: 0, skipped: 0 },
      });
    },
  );

  languageTests(languages.map((language) => [language]))(
    '%s: no test file at all is a failure',
    slow,
    async (language) => {
      const tests = await checked(language, 'tests', program[language]);
      expect(tests).toMatchObject({ status: 'failed', score: 0, facts: { passed: 0 } });
      expect(tests.reason).toMatch(/no test/);
    },
  );

  languageTests(of(none))('%s: test files without a test are a failure', slow, async (language, files) => {
    expect(await checked(language, 'tests', files)).toMatchObject({
      status: 'failed',
      score: 0,
      facts: { passed: 0, failed: 0 },
    });
  });

  languageTests(of(allSkipped))(
    '%s: tests that are all skipped are a failure, and counted',
    slow,
    async (language, files) => {
      const tests = await checked(language, 'tests', files);
      expect(tests).toMatchObject({ status: 'failed', score: 0, facts: { passed: 0, failed: 0, skipped: 1 } });
      expect(tests.reason).toBe('all 1 tests are skipped or deselected');
    },
  );

  languageTests(of(calledAfterLimits))(
    '%s: a failing test that is called after a limit takes nothing from those that pass',
    slow,
    async (language, files) => {
      expect(await checked(language, 'tests', files)).toMatchObject({
        status: 'failed',
        score: 0.5,
        reason: '1 of 2 tests failed',
      });
    },
  );

  languageTests(of(allDeselected))('%s: tests that are all deselected are a failure', slow, async (language, files) => {
    const tests = await checked(language, 'tests', files);
    expect(tests).toMatchObject({ status: 'failed', score: 0, facts: { passed: 0, failed: 0 } });
    expect(tests.reason).toBe('all 1 tests are skipped or deselected');
  });

  languageTests(of(someSkipped))(
    '%s: some skipped tests are counted and named, and the rest decides',
    slow,
    async (language, files) => {
      const tests = await checked(language, 'tests', files);
      expect(tests).toMatchObject({ status: 'passed', facts: { passed: 1, skipped: 1 } });
      expect(tests.facts['skipped_names']).toEqual([expect.stringMatching(/later/i)]);
    },
  );

  test('python: some deselected tests are counted and named, and the rest decides', slow, async () => {
    const files = { ...program.python, ...someSkipped.python, 'pytest.ini': '[pytest]\naddopts = -k "not later"\n' };
    const tests = await checked('python', 'tests', files);
    expect(tests).toMatchObject({
      status: 'passed',
      facts: { passed: 1, skipped: 0, deselected: 1, deselected_names: ['test_app.py::test_later'] },
    });
  });

  const kept = Object.entries(keptBack).map(([language, situation]) => [language as Language, situation] as const);
  languageTests(kept)(
    '%s: a test file that is kept for another command is named, and the rest decides',
    slow,
    async (language, situation) => {
      const tests = await checked(language, 'tests', { ...program[language], ...situation.files });
      expect(tests).toMatchObject({ status: 'passed', facts: { passed: 1, files_not_run: [situation.kept] } });
    },
  );
});

describe('a test that fails the first time only', () => {
  languageTests(of(flaky))(
    '%s: the second run decides, and the disagreement is flagged',
    slow,
    async (language, files) => {
      let attempts = 0;
      const sandbox = scripted((job) =>
        runsTests(job) ? { ...job, env: { ...job.env, ATTEMPT: String((attempts += 1)) } } : job,
      );
      const tests = await checked(language, 'tests', files, { sandbox });
      expect(tests).toMatchObject({ status: 'passed', facts: { passed: 2, failed: 0 } });
      expect(tests.facts['flaky']).toEqual([expect.stringMatching(/sometimes/i)]);
      expect(rulesOf(tests)).toEqual(['flaky']);
      expect(attempts).toBeGreaterThan(2); // what passed is tried again
    },
  );
});
