import { describe, expect, test } from 'vitest';
import type { Files } from '../support/grading/answers.ts';
import { checked, rulesOf } from '../support/grading/grading.ts';
import type { Language } from '../support/grading/projects.ts';
import { languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };

type Row = readonly [tool: string, language: Language, check: string, standards: string[], files: Files, rule: string];

const unused = 'import os\n';
const unusedTs = "import { join } from 'node:path';\n\nexport const one: number = 1;\n";
const unusedGo = 'package tiny\n\nfunc unused() int { return 1 }\n';
const goMod = 'module example.com/tiny\n\ngo 1.24\n';

/** A violation, and a configuration of the answer's that would let it pass. */
const lenient: Row[] = [
  [
    'ruff',
    'python',
    'lint',
    ['ruff'],
    { 'app.py': unused, 'pyproject.toml': '[tool.ruff]\nextend-exclude = ["*.py"]\n[tool.ruff.lint]\nselect = []\n' },
    'F401',
  ],
  [
    'ruff (its own file)',
    'python',
    'lint',
    ['ruff'],
    { 'app.py': unused, 'ruff.toml': 'exclude = ["*.py"]\n[lint]\nignore = ["F401"]\n' },
    'F401',
  ],
  [
    'ruff (a folder that it leaves out by itself)',
    'python',
    'lint',
    ['ruff'],
    { 'app.py': '', 'build/app.py': unused },
    'F401',
  ],
  [
    'black',
    'python',
    'format',
    ['black'],
    { 'app.py': 'x = {  }\n', 'pyproject.toml': '[tool.black]\nforce-exclude = ".*"\n' },
    'format',
  ],
  [
    'mypy (and a stub beside the module)',
    'python',
    'types',
    ['mypy'],
    { 'app.py': 'x: int = "a"\n', 'app.pyi': 'x: int\n', 'mypy.ini': '[mypy]\nignore_errors = True\n' },
    'assignment',
  ],
  [
    'pyright',
    'python',
    'types',
    ['pyright'],
    { 'app.py': 'x: int = "a"\n', 'pyrightconfig.json': '{ "typeCheckingMode": "off", "exclude": ["*.py"] }\n' },
    'reportAssignmentType',
  ],
  [
    'eslint',
    'typescript',
    'lint',
    ['eslint'],
    { 'app.ts': unusedTs, '.eslintrc.json': '{ "root": true, "rules": {} }\n', '.eslintignore': '*.ts\n' },
    '@typescript-eslint/no-unused-vars',
  ],
  [
    'eslint (flat)',
    'typescript',
    'lint',
    ['eslint'],
    { 'app.ts': unusedTs, 'eslint.config.mjs': "export default [{ ignores: ['**/*'] }];\n" },
    '@typescript-eslint/no-unused-vars',
  ],
  [
    'prettier',
    'typescript',
    'format',
    ['prettier'],
    { 'app.ts': 'export   const one = 1\n', '.prettierignore': '*.ts\n', '.prettierrc': '{ "requirePragma": true }\n' },
    'format',
  ],
  [
    'staticcheck',
    'go',
    'lint',
    ['staticcheck'],
    { 'go.mod': goMod, 'app.go': unusedGo, 'staticcheck.conf': 'checks = ["-all"]\n' },
    'U1000',
  ],
];

/** The same violation, suppressed where it stands. */
const suppressed: Row[] = [
  ['ruff', 'python', 'lint', ['ruff'], { 'app.py': 'import os  # noqa: F401\n' }, 'F401'],
  ['black', 'python', 'format', ['black'], { 'app.py': 'x = {  }  # fmt: skip\n' }, 'format'],
  ['mypy', 'python', 'types', ['mypy'], { 'app.py': 'x: int = "a"  # type: ignore\n' }, 'assignment'],
  [
    'pyright',
    'python',
    'types',
    ['pyright'],
    { 'app.py': 'x: int = "a"  # pyright: ignore\n' },
    'reportAssignmentType',
  ],
  [
    'eslint',
    'typescript',
    'lint',
    ['eslint'],
    {
      'app.ts': `// eslint-disable-next-line @typescript-eslint/no-unused-vars\n${unusedTs}export const name = "free";\n`,
    },
    '@typescript-eslint/no-unused-vars',
  ],
  [
    'prettier',
    'typescript',
    'format',
    ['prettier'],
    { 'app.ts': '// prettier-ignore\nexport   const one = 1\n' },
    'format',
  ],
  [
    'tsc',
    'typescript',
    'types',
    [],
    { 'app.ts': "// @ts-expect-error on purpose\nexport const one: number = 'one';\n" },
    'TS2322',
  ],
  [
    'staticcheck',
    'go',
    'lint',
    ['staticcheck'],
    {
      'go.mod': goMod,
      'app.go': 'package tiny\n\n//lint:ignore U1000 on purpose\nfunc unused() int { return 1 }\n',
    },
    'U1000',
  ],
];

const long = `VALUES = [${Array.from({ length: 31 }, (_, index) => index % 10).join(', ')}]\n`;
const quoted = 'export const name = "one";\n';

/** What a standard leaves free, chosen by the answer. */
const free: Row[] = [
  [
    'black, line width',
    'python',
    'format',
    ['black'],
    { 'app.py': long, 'pyproject.toml': '[tool.black]\nline-length = 120\n' },
    'format',
  ],
  [
    'ruff, line width',
    'python',
    'lint',
    ['ruff'],
    { 'app.py': long, 'pyproject.toml': '[tool.ruff]\nline-length = 120\n' },
    'E501',
  ],
  [
    'black, quotes',
    'python',
    'format',
    ['black'],
    { 'app.py': "x = 'one'\n", 'pyproject.toml': '[tool.black]\nskip-string-normalization = true\n' },
    'format',
  ],
  [
    'prettier, quotes',
    'typescript',
    'format',
    ['prettier'],
    { 'app.ts': quoted.replaceAll('"', "'"), '.prettierrc': '{ "singleQuote": true }\n' },
    'format',
  ],
];

describe("the scenario's configuration decides", () => {
  languageTests(lenient)(
    "%s: whatever the answer's own configuration says",
    slow,
    async (_tool, language, check, standards, files, rule) => {
      const result = await checked(language, check, files, { asks: { standards } });
      expect(result.status).toBe('failed');
      expect(rulesOf(result)).toContain(rule);
      expect(result.findings.find((found) => found.rule === rule)?.answer_line).toEqual(expect.any(Number));
    },
  );

  languageTests(suppressed)(
    '%s: a suppression is honoured, and counted',
    slow,
    async (_tool, language, check, standards, files, rule) => {
      const result = await checked(language, check, files, { asks: { standards } });
      expect(rulesOf(result)).not.toContain(rule);
      expect(result).toMatchObject({ status: 'passed', facts: { suppressions: 1 } });
    },
  );

  languageTests(free)(
    '%s: what the standard leaves free is taken from the answer',
    slow,
    async (_tool, language, check, standards, files, rule) => {
      expect(await checked(language, check, files, { asks: { standards } })).toMatchObject({ status: 'passed' });
      const without = Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith('app.')));
      expect(rulesOf(await checked(language, check, without, { asks: { standards } }))).toEqual([rule]);
    },
  );

  test.each([
    ['mypy', 'nothing', {}],
    ['mypy', 'mypy', { 'pyproject.toml': '[tool.mypy]\nstrict = false\n' }],
    ['pyright', 'Pyright', { 'pyproject.toml': '[tool.pyright]\ntypeCheckingMode = "basic"\n' }],
    ['mypy', 'both', { 'mypy.ini': '[mypy]\n', 'pyrightconfig.json': '{}\n' }],
  ])('types: %s decides where the answer configures %s', slow, async (checker, _configured, files: Files) => {
    const result = await checked(
      'python',
      'types',
      { 'app.py': 'x: int = "a"\n', ...files },
      { asks: { standards: ['types'] } },
    );
    expect(result).toMatchObject({
      status: 'failed',
      facts: { checker, errors: 1, own_findings: Object.keys(files).length === 0 ? null : 1 },
    });
    expect(result.findings[0]).toMatchObject({ tool: checker, line: 1 });
  });

  languageTests([
    ['python', 'lint', 'ruff', { 'app.py': unused }, { 'ruff.toml': '[lint]\nselect = ["E501"]\n' }],
    ['python', 'types', 'mypy', { 'app.py': 'x: int = "a"\n' }, { 'mypy.ini': '[mypy]\nignore_errors = True\n' }],
    [
      'python',
      'types',
      'pyright',
      { 'app.py': 'x: int = "a"\n' },
      { 'pyrightconfig.json': '{ "typeCheckingMode": "off", "reportAssignmentType": false }' },
    ],
    [
      'typescript',
      'lint',
      'eslint',
      { 'app.ts': unusedTs },
      { 'eslint.config.mjs': "export default [{ ignores: ['**/*.ts'] }, { rules: {} }];\n" },
    ],
  ] as const)(
    '%s/%s: a %s configuration of the scenario takes the place of the usual one',
    slow,
    async (language, check, standard, files, configuration) => {
      expect((await checked(language, check, files, { asks: { standards: [standard] } })).status).toBe('failed');
      expect((await checked(language, check, files, { asks: { standards: [standard], configuration } })).status).toBe(
        'passed',
      );
    },
  );

  test('a warning is counted and does not fail', slow, async () => {
    const lint = await checked(
      'typescript',
      'lint',
      { 'app.ts': "console.log('started');\n" },
      { asks: { standards: ['eslint'] } },
    );
    expect(lint).toMatchObject({ status: 'passed', score: 1, facts: { errors: 0, warnings: 1 } });
    expect(lint.findings).toEqual([expect.objectContaining({ rule: 'no-console', severity: 'warning' })]);
  });

  test('a standard that the scenario does not name is not asked for', slow, async () => {
    expect(await checked('python', 'lint', { 'app.py': unused })).toMatchObject({
      status: 'not_applicable',
      score: null,
    });
  });
});

test('JavaScript is linted as it is written today, and for browsers, too', slow, async () => {
  const page =
    "import settings from './settings.json' with { type: 'json' };\n\n/** What is shown. */\nexport default function Shown({ item }) {\n  try {\n    document.title = item?.title ?? settings.title;\n  } catch {\n    return null;\n  }\n  return <p>{item.title}</p>;\n}\n";
  const lint = await checked(
    'typescript',
    'lint',
    { 'page.jsx': page, 'settings.json': '{ "title": "none" }\n' },
    { asks: { standards: ['eslint'] } },
  );
  expect(lint.status).toBe('passed');
  expect(lint.findings).toEqual([]);
});

test('a file that JavaScript imports and that is not there is named', slow, async () => {
  const lint = await checked(
    'typescript',
    'lint',
    {
      'app.js':
        "const here = require('./here');\nconst gone = require('./gone');\n\nmodule.exports = { here, gone };\n",
      'here.js': 'module.exports = 1;\n',
    },
    { asks: { standards: ['eslint'] } },
  );
  expect(lint.findings).toContainEqual(expect.objectContaining({ rule: 'import/no-unresolved', line: 2 }));
  expect(lint.findings).not.toContainEqual(expect.objectContaining({ line: 1 }));
});
