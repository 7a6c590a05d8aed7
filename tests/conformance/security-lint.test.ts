import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../src/domain/grading/check.ts';
import type { Grade } from '../../src/domain/grading/grade.ts';
import { configurationsOf, standardsOf } from '../../src/ports/runner.ts';
import { python } from '../../runners/python/index.ts';
import type { Execution, Job } from '../../src/ports/sandbox.ts';
import { answerOf, fileBlock } from '../support/grading/answers.ts';
import type { Files } from '../support/grading/answers.ts';
import { checkOf, grade } from '../support/grading/grading.ts';
import type { Situation } from '../support/grading/grading.ts';
import { ended, scripted, starts } from '../support/grading/sandboxes.ts';

const slow = { timeout: 900_000 };
const id = 'python/security-lint';
const dangerous = 'import subprocess\n\n\ndef run(word):\n    subprocess.call(word, shell=True)\n';

const linted = (answer: Files | string, more: Partial<Situation> = {}): Promise<Grade> =>
  grade({ answer, asks: { python: { standards: ['bandit'] } }, only: ['security-lint'], ...more });
const checkedBy = async (answer: Files | string): Promise<CheckResult> => checkOf(await linted(answer), id);

describe('the standard bandit', () => {
  test('is one of those that Python can be asked for, and brings a configuration that a scenario may replace', () => {
    expect(standardsOf(python)).toContain('bandit');
    expect(configurationsOf(python)).toContain('bandit.yaml');
  });

  test('warns of a dangerous line with its place in file and answer, and fails nothing', slow, async () => {
    const text = answerOf({ 'app.py': dangerous });
    const check = await checkedBy(text);
    expect(check).toMatchObject({ status: 'passed', facts: { files: 1, high: 1, medium: 0, low: 1, suppressions: 0 } });
    const line = text.split('\n').findIndex((one) => one.includes('shell=True')) + 1;
    expect(check.findings).toContainEqual(
      expect.objectContaining({
        tool: 'bandit',
        rule: 'B602',
        severity: 'warning',
        file: 'app.py',
        line: 5,
        answer_line: line,
      }),
    );
  });

  test('asked for or not, leaves verdict and score as they are', slow, async () => {
    const answer = { 'app.py': dangerous };
    const [with_, without] = await Promise.all(
      [['ruff', 'bandit'], ['ruff']].map((standards) =>
        grade({
          answer,
          asks: { python: { standards } },
          only: ['lint', 'security-lint'],
          checks: { weights: { 'security-lint': 9 } },
        }),
      ),
    );
    expect(checkOf(without as Grade, id).status).toBe('not_applicable');
    expect(checkOf(with_ as Grade, id).status).toBe('passed');
    expect([with_?.score, with_?.verdict, with_?.required]).toEqual([
      without?.score,
      without?.verdict,
      without?.required,
    ]);
  });

  test.each([
    ['a .bandit file', { '.bandit': '[bandit]\nskips: B602,B404\nexclude: ./app.py\n' }],
    ['a pyproject.toml', { 'pyproject.toml': '[tool.bandit]\nskips = ["B602", "B404"]\nexclude_dirs = ["."]\n' }],
    ['several .bandit files', { '.bandit': '[bandit]\n', 'a/.bandit': '[bandit]\n', 'a/__init__.py': '' }],
    [
      'modules with the names of its parts',
      { 'bandit.py': 'raise SystemExit(2)\n', 'yaml.py': 'x = 1\n', 'ast.py': '' },
    ],
  ])('looks at the code as the scenario says, whatever %s of the answer says', slow, async (_what, more) => {
    const { findings } = await checkedBy({ 'app.py': dangerous, ...more });
    expect(findings.filter(({ file }) => file === 'app.py').map(({ rule }) => rule)).toEqual(['B404', 'B602']);
  });

  test('looks into folders that it leaves out by itself, and at blocks without a name', slow, async () => {
    const inFolder = await checkedBy({ '.tox/app.py': dangerous, 'app.py': 'x = 1\n' });
    expect(inFolder.findings.map(({ file }) => file)).toContain('.tox/app.py');
    const unnamed = await checkedBy(`${fileBlock('app.py', 'x = 1\n')}\n\`\`\`python\n${dangerous}\`\`\`\n`);
    expect(unnamed.findings).toContainEqual(
      expect.objectContaining({ rule: 'B602', file: expect.stringMatching(/^unnamed\//) }),
    );
  });

  test('counts what the answer suppresses, and takes assertions in tests for what they are', slow, async () => {
    const check = await checkedBy({
      'app.py': `${dangerous.replace('shell=True)', 'shell=True)  # nosec')}assert run\n`,
      'test_app.py': 'def test_it():\n    assert True\n',
      'tests/unit/checks.py': 'def check():\n    assert True\n',
    });
    expect(check.facts).toMatchObject({ high: 0, low: 2, suppressions: 1 });
    expect(check.findings.map(({ rule, file }) => [rule, file])).toEqual([
      ['B404', 'app.py'],
      ['B101', 'app.py'],
    ]);
  });

  test('says which files it could not look at', slow, async () => {
    const { status, findings, facts } = await checkedBy({ 'app.py': 'def broken(:\n', 'b.py': 'x = 1\n' });
    expect(status).toBe('passed');
    expect(facts).toMatchObject({ not_checked: 1 });
    expect(findings).toMatchObject([
      { rule: 'not-checked', severity: 'warning', file: 'app.py', message: expect.stringContaining('syntax error') },
    ]);
  });

  test('is judged by a configuration that stands beside the scenario', slow, async () => {
    const configuration = { 'bandit.yaml': 'skips: [B602]\n' };
    const graded = await linted(
      { 'app.py': dangerous },
      { asks: { python: { standards: ['bandit'], configuration } } },
    );
    expect(checkOf(graded, id).findings.map(({ rule }) => rule)).toEqual(['B404']);
  });

  test.each([
    ['was started wrongly', { exitCode: 2 }],
    ['ended with a traceback, and the status of findings', { exitCode: 1, stderr: 'Traceback' }],
    ['printed half a report', { exitCode: 0, stdout: '{"results": [' }],
    ['printed a report of another kind', { exitCode: 0, stdout: '{"results": {}, "errors": []}' }],
    ['was ended by a limit', { exitCode: null, signal: 'SIGKILL', limit: 'cpu' as const }],
  ])('when bandit %s on anything, nobody is graded', slow, async (_what, end) => {
    const graded = await linted(
      { 'app.py': dangerous },
      { sandbox: scripted((job) => (starts(job, '/bin/bandit') ? ended(end) : job)) },
    );
    expect(graded).toMatchObject({ verdict: 'ungraded', score: null });
    expect(checkOf(graded, id)).toMatchObject({
      status: 'errored',
      reason: expect.stringContaining('bandit failed on this code'),
    });
  });

  test('when bandit fails on this answer and not on others, warns of that, and nothing more', slow, async () => {
    const only = (): ((job: Job) => Job | Execution) => {
      let calls = 0;
      return (job) => (starts(job, '/bin/bandit') && (calls += 1) === 1 ? ended({ exitCode: 2 }) : job);
    };
    const graded = await linted({ 'app.py': dangerous }, { sandbox: scripted(only()) });
    expect(graded.verdict).toBe('pass');
    expect(checkOf(graded, id)).toMatchObject({
      status: 'passed',
      findings: [{ rule: 'tool-crashed', severity: 'warning', message: expect.stringContaining('bandit failed') }],
    });
  });
});
