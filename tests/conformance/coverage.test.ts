import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../src/domain/grading/check.ts';
import type { Files } from '../support/grading/answers.ts';
import { checked } from '../support/grading/grading.ts';
import { failingTest, languages, program, sound } from '../support/grading/projects.ts';
import type { Language } from '../support/grading/projects.ts';
import { languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };
const each = languages.map((language) => [language] as const);

/** A file that no test runs, kept out of the count by the answer's own configuration. */
const excludes: [string, Language, Files][] = [
  [
    'a file (.coveragerc)',
    'python',
    { ...sound('python'), 'cli.py': 'VALUE = 1\nOTHER = 2\nTHIRD = 3\n', '.coveragerc': '[run]\nomit = cli.py\n' },
  ],
  [
    'a file (pyproject.toml)',
    'python',
    {
      ...sound('python'),
      'cli.py': 'VALUE = 1\nOTHER = 2\nTHIRD = 3\n',
      'pyproject.toml': '[tool.coverage.run]\nomit = ["cli.py"]\n',
    },
  ],
  [
    'a line (pragma)',
    'python',
    {
      ...sound('python'),
      'app.py':
        'def add(a: int, b: int) -> int:\n    return a + b\n\n\ndef never() -> int:  # pragma: no cover\n    first = 1\n    second = 2\n    return first + second\n',
    },
  ],
  [
    'a file (jest)',
    'typescript',
    {
      ...sound('typescript'),
      'cli.js': 'const value = 1;\nconst other = 2;\nmodule.exports = { value, other };\n',
      'package.json':
        '{ "jest": { "collectCoverageFrom": ["*.js", "!cli.js"] }, "scripts": { "test": "jest --coverage" } }\n',
    },
  ],
];

/** Configurations of the answer's own that no one can use: they have no say, and stop nothing. */
const unusable: [string, Language, Files][] = [
  [
    'a regular expression that is none (.coveragerc)',
    'python',
    { ...sound('python'), '.coveragerc': '[report]\nexclude_lines = (raise\n' },
  ],
  [
    'a regular expression with a comma (.coveragerc)',
    'python',
    { ...sound('python'), '.coveragerc': '[report]\nexclude_lines =\n    raise [A-Z, ]+Error\n' },
  ],
];

/** A root of Jest's, below the project, from which its patterns for files start. */
const rooted = (root: string, spec: string, from: string): Files => ({
  'package.json': `${JSON.stringify({ scripts: { test: 'jest' }, jest: { rootDir: root, collectCoverageFrom: [from] } })}\n`,
  'src/lib/app.js': 'function add(a, b) {\n  return a + b;\n}\n\nmodule.exports = { add };\n',
  [spec]: `const { add } = require('${root === 'src' ? './lib/app' : '../src/lib/app'}');\n\ntest('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n`,
});

const share = (check: CheckResult, name: string): number => Number(check.facts[name]);

describe('the share of the code that ran', () => {
  languageTests(each)('%s: without a target it is measured and has no part in the score', slow, async (language) => {
    const coverage = await checked(language, 'coverage', sound(language));
    expect(coverage).toMatchObject({ status: 'not_applicable', score: null });
    expect(share(coverage, 'lines')).toBeGreaterThan(0.5);
    expect(share(coverage, 'lines')).toBeLessThan(1);
  });

  languageTests(each)('%s: it passes at the target, and the lines that never ran are named', slow, async (language) => {
    const coverage = await checked(language, 'coverage', sound(language), { asks: { coverage: 0.5 } });
    expect(coverage).toMatchObject({ status: 'passed', score: 1 });
    expect(coverage.findings).toEqual([
      expect.objectContaining({
        rule: 'uncovered',
        line: expect.any(Number) as unknown,
        answer_line: expect.any(Number) as unknown,
      }),
    ]);
  });

  languageTests(unusable)(
    'with %s in its configuration it is measured all the same (%s)',
    slow,
    async (_what, language, files) => {
      const coverage = await checked(language, 'coverage', files, { asks: { coverage: 0.5 } });
      expect(coverage).toMatchObject({ status: 'passed', score: 1 });
      expect(share(coverage, 'lines_own')).toBeGreaterThan(0.5);
    },
  );

  test.each([
    ['around the code', rooted('src', 'src/app.test.js', 'lib/**')],
    ['beside the code', rooted('test', 'test/app.test.js', '../src/**')],
  ])('is measured where the root of Jest is %s', slow, async (_where, files) => {
    expect(await checked('typescript', 'coverage', files, { asks: { coverage: 0.9 } })).toMatchObject({
      status: 'passed',
      facts: { lines: 1, lines_own: 1 },
    });
  });

  languageTests(each)('%s: below the target it fails, and the part that ran counts', slow, async (language) => {
    const coverage = await checked(language, 'coverage', sound(language), { asks: { coverage: 0.95 } });
    expect(coverage.status).toBe('failed');
    expect(coverage.score).toBeGreaterThan(0.5);
    expect(coverage.score).toBeLessThan(1);
  });

  languageTests(each)('%s: a test that fails has run its lines all the same', slow, async (language) => {
    const coverage = await checked(
      language,
      'coverage',
      { ...program[language], ...failingTest[language] },
      { asks: { coverage: 0.5 } },
    );
    expect(coverage.status).toBe('passed');
  });

  languageTests(excludes)(
    '%s that the answer excludes counts in lines, not in lines_own, and lines decides (%s)',
    slow,
    async (_what, language, files) => {
      const coverage = await checked(language, 'coverage', files, { asks: { coverage: 0.7 } });
      expect(share(coverage, 'lines')).toBeLessThan(0.7);
      expect(share(coverage, 'lines_own')).toBeGreaterThanOrEqual(0.74);
      expect(coverage.status).toBe('failed');
    },
  );

  test(
    'python: so does such code below a folder that is no package, and programs that tests start have run theirs',
    slow,
    async () => {
      const files = {
        'src/tiny/__init__.py': 'def add(a: int, b: int) -> int:\n    return a + b\n',
        'src/tiny/cli.py':
          'import sys\n\nfrom tiny import add\n\n\ndef main() -> None:\n    print(add(int(sys.argv[1]), 2))\n\n\nif __name__ == "__main__":\n    main()\n',
        'pyproject.toml': '[project]\nname = "tiny"\nversion = "1"\nscripts = { tiny-add = "tiny.cli:main" }\n',
        'tests/test_tiny.py': 'from tiny import add\n\n\ndef test_add() -> None:\n    assert add(1, 2) == 3\n',
      };
      const dead = await checked('python', 'coverage', files, { asks: { coverage: 0.9 } });
      expect(dead).toMatchObject({ status: 'failed', findings: [{ file: 'src/tiny/cli.py' }] });
      const started =
        'import subprocess\nimport sys\n\n\ndef test_programs(tmp_path) -> None:\n    for program in ["tiny-add"], [sys.executable, "-m", "tiny.cli"]:\n        done = subprocess.run([*program, "1"], capture_output=True, text=True, check=True, cwd=tmp_path)\n        assert (done.stdout, done.stderr) == ("3\\n", "")\n';
      expect(
        await checked('python', 'coverage', { ...files, 'tests/test_cli.py': started }, { asks: { coverage: 0.9 } }),
      ).toMatchObject({ status: 'passed', facts: { lines: 1 } });
    },
  );

  languageTests(each)('%s: code that no test loads counts as code that never ran', slow, async (language) => {
    const dead: Record<Language, Files> = {
      python: { 'dead.py': 'VALUE = 1\nOTHER = 2\nTHIRD = 3\nLAST = 4\n' },
      typescript: { 'dead.js': 'const value = 1;\nconst other = 2;\nmodule.exports = { value, other };\n' },
      go: { 'dead/dead.go': 'package dead\n\nfunc Dead() int {\n\tvalue := 1\n\tvalue += 2\n\treturn value\n}\n' },
    };
    const coverage = await checked(
      language,
      'coverage',
      { ...sound(language), ...dead[language] },
      { asks: { coverage: 0.9 } },
    );
    expect(coverage.status).toBe('failed');
    expect(coverage.findings.map(({ file }) => file)).toContainEqual(expect.stringContaining('dead'));
  });
});
