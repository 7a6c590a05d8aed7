import { describe, expect, test } from 'vitest';
import { answerOf, fileBlock } from '../support/grading/answers.ts';
import { checkOf, grade, rulesOf } from '../support/grading/grading.ts';
import { failingTest, languages, program, sound } from '../support/grading/projects.ts';
import type { Language } from '../support/grading/projects.ts';
import { languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };
const each = languages.map((language) => [language] as const);

/** A block without a name that does not even parse. */
const nameless: Readonly<Record<Language, { tag: string; code: string; check: string; standards: string[] }>> = {
  python: {
    tag: 'python',
    code: 'import os\n\ndef broken(:\n    return undefined_name\n',
    check: 'lint',
    standards: ['ruff'],
  },
  typescript: {
    tag: 'typescript',
    code: 'export function broken(: number {\n  return undefinedName;\n}\n',
    check: 'lint',
    standards: ['eslint'],
  },
  go: { tag: 'go', code: 'func broken( {\n\treturn undefinedName\n}\n', check: 'format', standards: ['gofmt'] },
};

describe('a block without a name in a language that was asked for', () => {
  // A block of Go without a package clause is a fragment beside named files, and one with a clause gets an inferred
  // name.
  languageTests([['python'], ['typescript']] as const)(
    '%s: beside named files it is linted, never built or tested, and files fails',
    slow,
    async (language) => {
      const { tag, code, check, standards } = nameless[language];
      const answer = `${answerOf(sound(language))}\nAnd finally, as discussed:\n\n\`\`\`${tag}\n${code}\`\`\`\n`;
      const line = answer.split('\n').findIndex((text) => text === `\`\`\`${tag}`) + 1;
      const graded = await grade({
        answer,
        asks: { [language]: { standards } },
        only: ['dependencies', 'build', check, 'tests'],
      });
      expect(checkOf(graded, 'answer/files')).toMatchObject({ status: 'failed', facts: { unnamed: 1 } });
      expect(checkOf(graded, 'answer/files').findings).toContainEqual(
        expect.objectContaining({ rule: 'unnamed-block', answer_line: line }),
      );
      expect(['passed', 'not_applicable']).toContain(checkOf(graded, `${language}/build`).status);
      expect(checkOf(graded, `${language}/tests`)).toMatchObject({ status: 'passed', facts: { passed: 1 } });
      const linted = checkOf(graded, `${language}/${check}`);
      expect(linted.status).toBe('failed');
      expect(linted.findings.some((found) => found.answer_line !== null && found.answer_line > line)).toBe(true);
      expect(graded.verdict).toBe('fail');
    },
  );

  languageTests(each)(
    '%s: alone it is linted all the same, and what would run it is blocked',
    slow,
    async (language) => {
      const { tag, code, check, standards } = nameless[language];
      const graded = await grade({
        answer: `Here you are, as discussed:\n\n\`\`\`${tag}\n${code}\`\`\`\n`,
        asks: { [language]: { standards } },
      });
      expect(checkOf(graded, `${language}/${check}`)).toMatchObject({ status: 'failed' });
      for (const name of ['dependencies', 'build', 'tests'])
        expect(checkOf(graded, `${language}/${name}`)).toMatchObject({ status: 'blocked', score: 0 });
      expect(graded.verdict).toBe('fail');
    },
  );
});

describe('which files an answer has', () => {
  test('a sentence creates an empty file, and two names for one block create two', slow, async () => {
    const answer = [
      answerOf({ 'app.py': 'from shop.one import A\nfrom shop.two import A as B\n\nSAME = A == B\n' }),
      '`shop/one.py` and `shop/two.py`:\n\n```python\nA = 1\n```\n',
      'Also add an empty `tests/__init__.py`.\n',
      fileBlock(
        'tests/test_app.py',
        'from pathlib import Path\n\nfrom app import SAME\n\n\ndef test_same():\n    assert SAME\n    assert Path(__file__).with_name("__init__.py").read_text() == ""\n',
      ),
    ].join('\n');
    const graded = await grade({ answer, asks: { python: {} }, only: ['dependencies', 'build', 'tests'] });
    const files = graded.projects.flatMap((project) => project.files);
    expect(files).toContainEqual({
      path: 'tests/__init__.py',
      line: expect.any(Number) as unknown,
      named_by: 'sentence',
    });
    expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['shop/one.py', 'shop/two.py']));
    expect(checkOf(graded, 'python/tests')).toMatchObject({ status: 'passed', facts: { passed: 1 } });
    expect(graded.verdict).toBe('pass');
  });

  test('files of no language are listed under no language, and laid out with the rest', slow, async () => {
    const answer = answerOf({
      ...program.python,
      Makefile: 'test:\n\tpytest\n',
      'docs/usage.md': '# Usage\n',
      'test_app.py':
        'from pathlib import Path\n\nfrom app import add\n\n\ndef test_makefile():\n    assert "pytest" in Path("Makefile").read_text()\n    assert add(1, 2) == 3\n',
    });
    const graded = await grade({ answer, asks: { python: {} }, only: ['tests'] });
    expect(graded.projects.find(({ language }) => language === null)?.files.map(({ path }) => path)).toEqual([
      'Makefile',
      'docs/usage.md',
    ]);
    expect(checkOf(graded, 'python/tests')).toMatchObject({ status: 'passed' });
  });

  test('of several projects of one language each has its checks, and all must pass', slow, async () => {
    const below = (root: string, files: Record<string, string>): Record<string, string> =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text]));
    const one = below('services/one', {
      ...sound('python'),
      'pyproject.toml': '[project]\nname = "one"\nversion = "1"\n',
    });
    const two = below('services/two', {
      ...program.python,
      ...failingTest.python,
      'pyproject.toml': '[project]\nname = "two"\nversion = "1"\n',
    });
    const graded = await grade({ answer: { ...one, ...two }, asks: { python: {} } });
    expect(checkOf(graded, 'python/tests@services/one')).toMatchObject({ status: 'passed', facts: { passed: 1 } });
    expect(checkOf(graded, 'python/tests@services/two')).toMatchObject({ status: 'failed', facts: { failed: 1 } });
    expect(checkOf(graded, 'python/tests@services/two').findings[0]?.file).toBe('services/two/test_app.py');
    expect(graded.required).toEqual(expect.arrayContaining(['python/tests@services/one', 'python/tests@services/two']));
    expect(graded).toMatchObject({ verdict: 'fail', reasons: [expect.stringContaining('python/tests@services/two')] });
  });

  test('a language that was asked for and is missing fails files, and blocks its checks', slow, async () => {
    const graded = await grade({
      answer: sound('python'),
      asks: {
        python: {},
        go: { standards: ['gofmt', 'vet'], coverage: 0.8 },
        typescript: { standards: ['eslint', 'prettier'] },
      },
    });
    expect(checkOf(graded, 'answer/files').status).toBe('failed');
    expect(
      checkOf(graded, 'answer/files')
        .findings.filter(({ rule }) => rule === 'language-missing')
        .map(({ message }) => message),
    ).toEqual([expect.stringContaining('typescript'), expect.stringContaining('go')]);
    const missing = graded.checks.filter(
      ({ id, status }) => /^(go|typescript)\//.test(id) && status !== 'not_applicable',
    );
    expect(missing.length).toBeGreaterThan(8);
    for (const check of missing) expect(check).toMatchObject({ status: 'blocked', score: 0 });
    expect(checkOf(graded, 'python/tests').status).toBe('passed');
  });

  test('a language that nobody asked for is listed, and not checked', slow, async () => {
    const graded = await grade({
      answer: { ...sound('python'), ...sound('go') },
      asks: { python: {} },
      only: ['build'],
    });
    expect(graded.projects.map(({ language }) => language)).toContain('go');
    expect(graded.checks.filter(({ id }) => id.startsWith('go/'))).toEqual([]);
    expect(graded.verdict).toBe('pass');
  });
});

describe('an answer that is not whole', () => {
  test.each(['max_tokens', 'model_context_window_exceeded', 'refusal'] as const)(
    '%s: complete fails, and the rest is graded as it is',
    slow,
    async (stopReason) => {
      const graded = await grade({
        answer: sound('python'),
        stopReason,
        asks: { python: {} },
        only: ['build', 'tests'],
      });
      expect(checkOf(graded, 'answer/complete').status).toBe('failed');
      expect(checkOf(graded, 'python/tests').status).toBe('passed');
      expect(graded.verdict).toBe('fail');
      expect(graded.score).toBeGreaterThan(0);
    },
  );

  test('a fence that is never closed fails complete', slow, async () => {
    const graded = await grade({
      answer: `${answerOf(program.python)}\n\`test_app.py\`\n\n\`\`\`python\ndef test_cut():\n    assert`,
      asks: { python: {} },
      only: ['build'],
    });
    expect(checkOf(graded, 'answer/complete')).toMatchObject({ status: 'failed' });
    expect(rulesOf(checkOf(graded, 'answer/complete'))).toEqual(['unclosed-fence']);
  });

  const nothing: [string, string][] = [
    ['an empty answer', ''],
    ['an answer of blanks', ' \n\n\t\n'],
    ['prose without code', 'I would start with the domain model, and then write the tests.\n'],
    ['a path that leaves the answer', fileBlock('../../x.py', 'x = 1')],
    ['an absolute path', fileBlock('/tmp/x.py', 'x = 1')],
  ];
  test.each(nothing)('%s never passes, with a scenario or without', slow, async (_what, answer) => {
    for (const asks of [null, { python: { standards: ['ruff'], coverage: 0.8 } }]) {
      const graded = await grade({ answer, asks });
      expect(graded.verdict).toBe('fail');
      expect(checkOf(graded, 'answer/files').status).toBe('failed');
      expect(graded.checks.filter(({ id, status }) => id.endsWith('/tests') && status === 'passed')).toEqual([]);
      expect(graded.reasons.length).toBeGreaterThan(0);
    }
  });

  test('a path that leaves the answer is named', slow, async () => {
    const graded = await grade({
      answer: answerOf(program.python) + fileBlock('../../x.py', 'x = 1'),
      asks: { python: {} },
      only: ['build'],
    });
    expect(checkOf(graded, 'answer/files').findings).toContainEqual(
      expect.objectContaining({ rule: 'unsafe-path', file: '../../x.py', answer_line: expect.any(Number) as unknown }),
    );
  });
});
