/** A run made up of every verdict, with texts that hostile code could have written. */
import { errored, failed, notApplicable, passed } from '../domain/grading/check.ts';
import type { CheckResult, Evidence } from '../domain/grading/check.ts';
import type { Finding } from '../domain/grading/finding.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Results } from '../domain/runs/run.ts';

/** Markup, workflow commands, control characters and half a character. */
const hostile = '</script><b>&lt; ]]> "\' %0A::error::x\r\n::warning::y\u001b[31m\u202e\u0000\ud800|`x`';

const evidence: Evidence[] = [
  { command: 'pytest', exitCode: 1, signal: null, limit: null, durationMs: 1500, cpuMs: 900, output: hostile },
];
const finding: Finding = {
  tool: 'pytest',
  rule: 'test-failed',
  severity: 'error',
  message: hostile,
  file: 'app/main.py',
  line: 3,
  answer_line: 14,
};

function grade(scenario: string, verdict: Grade['verdict'], result: CheckResult, reasons: string[]): Grade {
  return {
    cell: { prompt: 'p@1', scenario, model: 'recorded', repeat: 1 },
    verdict,
    score: verdict === 'ungraded' ? null : verdict === 'pass' ? 1 : 0.5,
    reasons,
    required: [result.id],
    assumptions: [],
    flags: [{ code: 'unsafe-path', line: 3, path: '../x', detail: hostile }],
    projects: [{ language: 'python', root: '.', files: [{ path: 'app/main.py', line: 11, named_by: 'heading' }] }],
    checks: [{ id: 'python/build', ...passed() }, { id: 'python/types', ...notApplicable('nobody asked') }, result],
  };
}

const id = 'python/tests';

/** Scenarios of the sample with answers that do not pass: each reporter tells of them. */
export const scenariosToTell: readonly string[] = ['tests-fail', 'not-measured'];

/** The sample; `empty` for the same run without an answer. */
export function sampleResults(empty = false): Results {
  const [fail = '', ungraded = ''] = scenariosToTell;
  const grades = empty
    ? []
    : [
        grade('all-is-well', 'pass', { id, ...passed({ facts: { passed: 4, failed: 0 } }) }, []),
        grade(fail, 'fail', { id, ...failed({ reason: hostile, findings: [finding], evidence }, 0.5) }, [hostile]),
        grade(ungraded, 'ungraded', { id, ...errored({ reason: hostile, evidence }) }, [hostile]),
      ];
  return {
    format: 1,
    run: {
      format: 1,
      id: '2026-01-01T00-00-00.000-sample',
      suite: 'sample',
      startedAt: '2026-01-01T00:00:00.000Z',
      cells: grades.map(({ cell }) => cell),
      grader: 'g',
      tools: { ruff: '1' },
      sandbox: { driver: 'bubblewrap', level: 'namespace', version: '1' },
      exposed: [],
      machine: { platform: 'linux', arch: 'x64', cores: 2, memoryMiB: 1 },
    },
    fingerprints: [],
    grades,
  };
}
