import { describe, expect, test } from 'vitest';
import type { Grade } from '../../src/domain/grading/grade.ts';
import { checkOf, grade } from '../support/grading/grading.ts';

const slow = { timeout: 600_000 };
const languages = ['python', 'typescript', 'go'];

/** A program in each language that doubles a number, right or wrong; its own tests pass in any case. */
const program = (result: string): Record<string, string> => ({
  'python/pyproject.toml': '[project]\nname = "double"\nversion = "1"\n',
  'python/double.py': `def double(number: int) -> int:\n    return ${result}\n`,
  'python/test_hidden.py': 'from double import double\n\n\ndef test_zero() -> None:\n    assert double(0) == 0\n',
  'python/conftest.py': 'collect_ignore = ["test_hidden.py"]\n',
  'src/double.ts': `export function double(number: number): number {\n  return ${result};\n}\n`,
  'src/hidden.test.ts': "test('zero', () => {\n  expect(0).toBe(0);\n});\n",
  'go/go.mod': 'module example.com/double\n\ngo 1.24\n',
  'go/double.go': `package double\n\nfunc Double(number int) int {\n\treturn ${result}\n}\n`,
  'go/hidden_test.go': 'package double\n\nimport "testing"\n\nfunc TestZero(t *testing.T) {}\n',
});

const hidden = {
  python: {
    'test_hidden.py':
      'from double import double\n\n\ndef test_two():\n    assert double(2) == 4\n    assert double(3) == 6\n',
  },
  typescript: {
    'src/hidden.test.ts':
      "import { double } from './double';\n\ntest('two', () => {\n  expect(double(2)).toBe(4);\n" +
      '  expect(double(3)).toBe(6);\n});\n',
  },
  go: {
    'hidden_test.go':
      'package double\n\nimport "testing"\n\nfunc TestTwo(t *testing.T) {\n' +
      '\tif Double(2) != 4 || Double(3) != 6 {\n\t\tt.Fatal(Double(3))\n\t}\n}\n',
  },
};

const graded = (result: string): Promise<Grade> =>
  grade({
    answer: program(result),
    asks: {
      python: { hidden: hidden.python },
      typescript: { hidden: hidden.typescript },
      go: { hidden: hidden.go },
    },
    only: ['dependencies', 'build', 'hidden-tests'],
  });

describe('hidden tests', () => {
  test('pass a right program, and take the place of the tests of the answer', slow, async () => {
    const right = await graded('number * 2');
    for (const language of languages)
      expect(checkOf(right, `${language}/hidden-tests`)).toMatchObject({
        status: 'passed',
        facts: { passed: 1, failed: 0 },
      });
  });

  test('fail a wrong program, whatever its own tests say', slow, async () => {
    const wrong = await graded('number * number');
    for (const language of languages)
      expect(checkOf(wrong, `${language}/hidden-tests`)).toMatchObject({ status: 'failed', facts: { failed: 1 } });
    expect(wrong.verdict).toBe('fail');
  });
});
