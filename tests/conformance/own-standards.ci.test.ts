import { describe, expect, test } from 'vitest';
import { checkOf, grade } from '../support/grading/grading.ts';

const slow = { timeout: 600_000 };
const code = "export const one: number = 1;\nexport const word: string = 'x';\n";

describe('the configurations of a team', () => {
  test('decide in place of ours and of the answer’s, and are named as the standard', slow, async () => {
    const graded = await grade({
      answer: { 'src/one.ts': code, '.prettierrc': '{"singleQuote":true}\n' },
      asks: {
        typescript: {
          standards: ['eslint', 'prettier'],
          configuration: {
            'prettier.json': '{"singleQuote":false}',
            'eslint.config.mjs':
              "import parser from '@typescript-eslint/parser';\n" +
              "export default [{ files: ['**/*.ts'], languageOptions: { parser }, rules: { 'id-length': " +
              "['error', { min: 4 }] } }];\n",
          },
        },
      },
      only: ['dependencies', 'format', 'lint'],
    });
    expect(checkOf(graded, 'typescript/format')).toMatchObject({
      status: 'failed',
      facts: { configured_by: ['prettier.json'] },
    });
    const lint = checkOf(graded, 'typescript/lint');
    expect(lint).toMatchObject({ status: 'failed', facts: { configured_by: ['eslint.config.mjs'] } });
    expect(lint.findings.map(({ rule }) => rule)).toEqual(['id-length']);
  });

  test('that do not work leave an answer ungraded, and never fail it', slow, async () => {
    const graded = await grade({
      answer: { 'src/one.ts': code, 'app.py': 'x = 1\n' },
      asks: {
        typescript: {
          standards: ['eslint'],
          configuration: {
            'eslint.config.mjs': "import nothing from 'eslint-plugin-of-nobody';\nexport default [nothing];\n",
          },
        },
        python: { standards: ['ruff'], configuration: { 'ruff.toml': 'no-such-setting = 1\n' } },
      },
      only: ['dependencies', 'lint'],
    });
    expect(checkOf(graded, 'typescript/lint')).toMatchObject({ status: 'errored' });
    expect(checkOf(graded, 'typescript/lint').reason).toMatch(/eslint-plugin-of-nobody/);
    expect(checkOf(graded, 'python/lint')).toMatchObject({ status: 'errored' });
    expect(graded.verdict).toBe('ungraded');
  });
});
