import { expect, test } from 'vitest';
import { checkOf, checked, grade, rulesOf } from '../support/grading/grading.ts';
import { program, sound } from '../support/grading/projects.ts';

const slow = { timeout: 300_000 };

/** Packages of the registry that say themselves that they are not to be used, by what they send people to. */
const refusing: [string, RegExp][] = [
  ['sklearn', /deprecated, use 'scikit-learn'/],
  ['pytorch', /The package named for PyTorch is "torch"/],
];

test.each(refusing)(
  'python: %s refuses to be installed, which is the answer that asks for it',
  slow,
  async (name, words) => {
    const files = { ...sound('python'), 'requirements.txt': `${name}\n` };
    const dependencies = await checked('python', 'dependencies', files);
    expect(dependencies).toMatchObject({ status: 'failed', score: 0 });
    expect(rulesOf(dependencies)).toEqual(['package-refuses']);
    expect(dependencies.findings[0]).toMatchObject({ file: 'requirements.txt', line: 1 });
    expect(dependencies.findings[0]?.message).toMatch(words);
  },
);

test('typescript: tests whose framework nothing declares have failed, whatever it is', slow, async () => {
  for (const framework of ['jest', 'vitest']) {
    const manifest = { scripts: { test: framework }, dependencies: { 'is-odd': '3.0.1' } };
    const files = { ...sound('typescript'), 'package.json': JSON.stringify(manifest) };
    const graded = await grade({
      answer: files,
      asks: { typescript: {} },
      only: ['dependencies', 'tests', 'coverage'],
    });
    expect(graded.verdict).toBe('fail'); // of no test can coverage be measured: that says nothing of this machine
    expect(checkOf(graded, 'typescript/tests')).toMatchObject({
      status: 'failed',
      score: 0,
      reason: `${framework} is to run the tests, and nothing declares it`,
      findings: [expect.objectContaining({ file: 'package.json' })],
    });
  }
});

test('an answer that is larger than what may be written has failed, and the machine has not', slow, async () => {
  const files = { ...program.python, 'data.py': `DATA = """\n${'x'.repeat(79).concat('\n').repeat(40_000)}"""\n` };
  const build = await checked('python', 'build', files, { limits: { fileMiB: 2 } });
  expect(build.status).toBe('failed');
  expect(build.reason ?? build.findings[0]?.message).toMatch(/larger file than allowed/);
});
