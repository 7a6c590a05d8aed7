import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { Grade } from '../../src/domain/grading/grade.ts';
import type { Comparison } from '../../src/domain/runs/comparison.ts';
import type { Results } from '../../src/domain/runs/run.ts';
import { goTest } from '../support/go.ts';
import { javaTest } from '../support/java.ts';

const cupel = 'src/cli/cupel';

async function gradeRecording(name: string): Promise<Grade> {
  const scenario = name.split('@')[0] ?? '';
  const { stdout } = await execa(cupel, [
    'grade',
    `evals/recordings/${name}.md`,
    '--scenario',
    scenario,
    '--format',
    'json',
  ]);
  return JSON.parse(stdout) as Grade;
}

function check(grade: Grade, id: string): Grade['checks'][number] {
  const found = grade.checks.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

const failedIds = (grade: Grade): string[] =>
  grade.checks.filter(({ status }) => status !== 'passed' && status !== 'not_applicable').map(({ id }) => id);
const filesOf = (grade: Grade): number => grade.projects.reduce((sum, { files }) => sum + files.length, 0);

// Nothing is set up yet on a fresh machine, and other tests share its cores.
describe('the recorded answers, with the resolution of their dependencies committed', { timeout: 1_800_000 }, () => {
  test('hmac-verification@2.1: 72 files; 94 pytest and 87 Jest tests pass; one file is not formatted', async () => {
    const grade = await gradeRecording('hmac-verification@2.1.r1');
    expect(grade.verdict).toBe('pass');
    expect(filesOf(grade)).toBe(72);
    expect(check(grade, 'answer/files').facts).toMatchObject({ files: 72, unnamed: 0 });
    expect(check(grade, 'answer/sections').facts).toMatchObject({ found: 8 });
    expect(check(grade, 'python/tests').facts).toMatchObject({
      passed: 94,
      failed: 0,
      skipped: 0,
      files_not_run: ['tests/contract/test_provider_pact.py'],
    });
    expect(check(grade, 'python/coverage').facts['lines']).toBeGreaterThanOrEqual(0.98);
    expect(check(grade, 'python/format').findings.map(({ file }) => file)).toEqual(['python/app/schemas.py']);
    expect(check(grade, 'typescript/tests').facts).toMatchObject({ passed: 87, failed: 0 });
    expect(check(grade, 'typescript/coverage').facts['lines_own']).toBeCloseTo(0.988, 2);
    expect(check(grade, 'typescript/coverage').facts['lines']).toBeCloseTo(0.935, 2);
    expect(failedIds(grade)).toEqual(['python/format']);
  });

  test('hmac-verification@2.0: two of 87 pytest tests fail, and a name breaks PEP 8', async () => {
    const grade = await gradeRecording('hmac-verification@2.0.r1');
    expect(grade.verdict).toBe('fail');
    expect(filesOf(grade)).toBe(59);
    expect(check(grade, 'python/tests').facts).toMatchObject({ passed: 85, failed: 2, deselected: 1 });
    expect(check(grade, 'python/lint').findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { rule: 'N818', answer_line: 2566 },
    ]);
    expect(failedIds(grade)).toEqual(['python/format', 'python/lint', 'python/tests']);
  });

  goTest(
    'rate-limiter@2.1: 21 files; the tests of all five packages pass; gofmt, vet and staticcheck are clean',
    async () => {
      const grade = await gradeRecording('rate-limiter@2.1.r1');
      expect(grade.verdict).toBe('pass');
      expect(filesOf(grade)).toBe(21);
      expect(check(grade, 'go/tests').facts).toMatchObject({ failed: 0, skipped: 0, files_not_run: [] });
      expect(check(grade, 'go/format').facts).toMatchObject({ unformatted: 0 });
      expect(check(grade, 'go/lint').facts).toMatchObject({ errors: 0, warnings: 0 });
      expect(failedIds(grade)).toEqual([]);
    },
  );

  goTest('rate-limiter@2.0: everything holds', async () => {
    const grade = await gradeRecording('rate-limiter@2.0.r1');
    expect(grade).toMatchObject({ verdict: 'pass', score: 1 });
  });

  javaTest.each(['order-pricing@2.0.r1', 'order-pricing@2.1.r1'])(
    '%s: all tests pass offline, Spring Boot included, and the program does what is asked',
    async (name) => {
      const grade = await gradeRecording(name);
      expect(grade.verdict).toBe('pass');
      const { facts } = check(grade, 'java/tests');
      expect(facts).toMatchObject({ failed: 0, skipped: 0, accounted: facts['passed'], not_accounted_names: [] });
      expect(check(grade, 'java/coverage').facts['lines']).toBeCloseTo(0.99, 2);
      expect(failedIds(grade)).toEqual([]);
    },
  );

  test('event-ingest@2.0: everything that is required holds; one file is not formatted', async () => {
    const grade = await gradeRecording('event-ingest@2.0.r1');
    expect(grade.verdict).toBe('pass');
    expect(check(grade, 'typescript/tests').facts).toMatchObject({ passed: 126, failed: 0 });
    expect(failedIds(grade)).toEqual(['typescript/format']);
  });

  test('event-ingest@2.1: a type that is not where it thought breaks build, types and seven test files', async () => {
    const grade = await gradeRecording('event-ingest@2.1.r1');
    expect(grade.verdict).toBe('fail');
    expect(check(grade, 'typescript/types').findings).toMatchObject([{ rule: 'TS2339', file: 'src/logger.ts' }]);
    expect(check(grade, 'typescript/tests').findings.filter(({ rule }) => rule === 'suite-error')).toHaveLength(7);
    expect(grade.reasons.join('\n')).toMatch(/typescript\/build failed/);
  });
});

describe('the recordings of prompt 2.0 and 2.1', { timeout: 1_800_000 }, () => {
  test('with one repeat are not enough data, and what is true of them is said', async () => {
    const { stdout } = await execa(cupel, ['run', '--format', 'json']);
    const { id } = (JSON.parse(stdout) as Results).run;
    try {
      const result = await execa(cupel, ['compare', id, '--format', 'json'], { reject: false });
      const made = JSON.parse(result.stdout) as Comparison;
      expect(made).toMatchObject({
        outcome: 'not enough data',
        scenarios: 3,
        pass: { base: { passed: 2 }, head: { passed: 2 } },
        mcnemar: { lost: 1, gained: 1 },
      });
      expect(made.changes.map(({ what }) => what)).toEqual(['prompt']);
      expect(made.changes[0]?.diff).toContain('+- One fenced block per file');
      expect(made.findings.find((one) => one.rule === 'TS2339' && one.check === 'typescript/types')).toMatchObject({
        base: 0,
        head: 1,
      });
      expect(made.findings.find(({ rule }) => rule === 'N818')).toMatchObject({ base: 1, head: 0 });
      expect(result.exitCode).toBe(0);
    } finally {
      await rm(join('reports', 'runs', id), { recursive: true, force: true });
    }
  });
});
