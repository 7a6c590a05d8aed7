import type { Files } from './answers.ts';

/** The languages that have a runner. */
export const languages = ['python', 'typescript', 'go'] as const;
export type Language = (typeof languages)[number];

/** Something for each language in which it can be said. */
export type ByLanguage<T> = Readonly<Partial<Record<Language, T>>>;

/** A tiny program with two lines that run only where a test asks for them, and no test. */
export const program: Readonly<Record<Language, Files>> = {
  python: { 'app.py': 'def add(a: int, b: int) -> int:\n    if a == 99:\n        return 0\n    return a + b\n' },
  typescript: {
    'app.js':
      'function add(a, b) {\n  if (a === 99) {\n    return 0;\n  }\n  return a + b;\n}\n\nmodule.exports = { add };\n',
  },
  go: {
    'go.mod': 'module example.com/tiny\n\ngo 1.24\n',
    'app.go': 'package tiny\n\nfunc Add(a, b int) int {\n\tif a == 99 {\n\t\treturn 0\n\t}\n\treturn a + b\n}\n',
  },
};

/** One passing test of the tiny program. */
export const passingTest: Readonly<Record<Language, Files>> = {
  python: { 'test_app.py': 'from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n' },
  typescript: {
    'app.test.js': "const { add } = require('./app');\n\ntest('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n",
  },
  go: {
    'app_test.go':
      'package tiny\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong sum")\n\t}\n}\n',
  },
};

/** One failing test of the tiny program. */
export const failingTest: Readonly<Record<Language, Files>> = {
  python: { 'test_app.py': 'from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 4\n' },
  typescript: {
    'app.test.js': "const { add } = require('./app');\n\ntest('adds', () => {\n  expect(add(1, 2)).toBe(4);\n});\n",
  },
  go: {
    'app_test.go':
      'package tiny\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 4 {\n\t\tt.Fatal("wrong sum")\n\t}\n}\n',
  },
};

/** The tiny program with its passing test. */
export function sound(language: Language): Files {
  return { ...program[language], ...passingTest[language] };
}
