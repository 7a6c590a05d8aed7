import { describe, expect, test } from 'vitest';
import type { Files } from '../support/grading/answers.ts';
import { defaultLimits } from '../../src/domain/grading/limits.ts';
import { checkOf, checked, conformanceServices, grade } from '../support/grading/grading.ts';

const slow = { timeout: 900_000 };

/** Vitest looks up `localhost` when it starts: where the sandbox has no name for its loopback, it is not measurable. */
async function namesLocalhost(): Promise<boolean> {
  const { kit } = (await conformanceServices()).grading;
  const job = {
    command: ['getent', 'hosts', 'localhost'],
    cwd: '/w',
    env: {},
    mounts: [],
    network: 'none',
    limits: defaultLimits,
  } as const;
  return (await kit.sandbox.run(job)).exitCode === 0;
}

/** An answer that chose Vitest. */
const project = (version = '3.2.4'): Files => ({
  'package.json': `${JSON.stringify({ name: 'tiny', type: 'module', scripts: { test: 'vitest run --coverage' }, devDependencies: { vitest: version, '@vitest/coverage-v8': version } }, null, 2)}\n`,
  'app.ts':
    'export function add(a: number, b: number): number {\n  if (a === 99) {\n    return 0;\n  }\n  return a + b;\n}\n',
});
const own = (body: string, version?: string): Files => ({
  ...project(version),
  'app.test.ts': `import { expect, test } from 'vitest';\nimport { add } from './app.ts';\n\n${body}`,
});
const passing = "test('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n";

describe.skipIf(!(await namesLocalhost()))('an answer that chose Vitest', () => {
  test.each(['0.34.6', '1.6.1', '2.1.9', '3.2.4', '~4.0.0'])(
    '(version %s) passes with tests that pass, and is measured, whatever its threshold says',
    slow,
    async (version) => {
      const limits = version.startsWith('0.') ? '{ lines: 100 }' : '{ thresholds: { lines: 100, 100: true } }';
      const threshold = {
        'vitest.config.ts': `import { defineConfig } from 'vitest/config';\n\nexport default defineConfig({ test: { coverage: ${limits} } });\n`,
      };
      const graded = await grade({
        answer: { ...own(passing, version), ...threshold },
        asks: { typescript: { coverage: 0.5 } },
        only: ['tests', 'coverage'],
      });
      expect(checkOf(graded, 'typescript/tests')).toMatchObject({ status: 'passed', facts: { passed: 1, failed: 0 } });
      expect(checkOf(graded, 'typescript/coverage')).toMatchObject({ status: 'passed' });
      expect(checkOf(graded, 'typescript/coverage').facts['lines']).toBeLessThan(1);
    },
  );

  test('is measured by Istanbul where it installs that', slow, async () => {
    const files = own(passing);
    const manifest = (files['package.json'] ?? '').replace('coverage-v8', 'coverage-istanbul');
    const graded = await grade({
      answer: { ...files, 'package.json': manifest },
      asks: { typescript: { coverage: 0.5 } },
      only: ['tests', 'coverage'],
    });
    expect(checkOf(graded, 'typescript/tests')).toMatchObject({ status: 'passed' });
    expect(checkOf(graded, 'typescript/coverage')).toMatchObject({ status: 'passed' });
    expect(checkOf(graded, 'typescript/coverage').facts['lines']).toBeLessThan(1);
  });

  test('passes with a snapshot that is not there yet, and is written', slow, async () => {
    expect(
      await checked(
        'typescript',
        'tests',
        own("test('adds', () => {\n  expect(add(1, 2)).toBe(3);\n  expect(add(1, 2)).toMatchSnapshot();\n});\n"),
      ),
    ).toMatchObject({ status: 'passed', facts: { passed: 1 } });
  });

  test('is measured where its root is not that of the project', slow, async () => {
    const { 'app.ts': app = '', 'app.test.ts': tests = '', ...rest } = own(passing, '2.1.9');
    const files = {
      ...rest,
      'src/app.ts': app,
      'src/app.test.ts': tests,
      'vitest.config.ts':
        "import { defineConfig } from 'vitest/config';\n\nexport default defineConfig({ root: './src' });\n",
    };
    expect((await checked('typescript', 'coverage', files, { asks: { coverage: 0.5 } })).status).toBe('passed');
  });

  test('fails without a test', slow, async () => {
    const tests = await checked('typescript', 'tests', project());
    expect(tests).toMatchObject({ status: 'failed', score: 0, reason: 'no test was collected' });
  });
});
