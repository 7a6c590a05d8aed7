/** Runs made up for tests. */
import { errored, failed, notApplicable, passed } from '../../src/domain/grading/check.ts';
import type { CheckResult } from '../../src/domain/grading/check.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import type { Grade, Verdict } from '../../src/domain/grading/grade.ts';
import type { Results } from '../../src/domain/runs/run.ts';
import type { Excerpts } from '../../src/reporters/html/data.ts';
import { excerptsOf } from '../../src/reporters/html/excerpt.ts';

/** Text that is markup, or a command, wherever someone forgets to escape. */
export const hostile =
  '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\' ]]> --> &lt; %0A::error::x\r\n::warning::y\u001b[31m\u202e\u0000\ud800|`x`';

interface Wish {
  scenario?: string;
  prompt?: string;
  repeat?: number;
  verdict?: Verdict;
  /** Findings of the check that fails. */
  findings?: number;
  text?: string;
}

const lineOf = (index: number): number => (index % 90) + 2;

function findingsOf(count: number, text: string): Finding[] {
  return Array.from({ length: count }, (_, index) => ({
    tool: 'pytest',
    rule: `test-failed-${index}`,
    severity: 'error',
    message: `${text} finding ${index}`,
    file: 'app/main.py',
    line: lineOf(index),
    answer_line: lineOf(index) + 10,
  }));
}

/** One grade of a made-up answer. */
export function sampleGrade({
  scenario = 's',
  prompt = 'p@1',
  repeat = 1,
  verdict = 'fail',
  findings = 2,
  text = 'it is wrong',
}: Wish = {}): Grade {
  const evidence = [
    {
      command: `pytest ${text}`,
      exitCode: 1,
      signal: null,
      limit: null,
      durationMs: 1500,
      cpuMs: 900,
      output: `${text}\n`.repeat(20),
    },
  ];
  const judged: CheckResult[] =
    verdict === 'fail'
      ? [
          {
            id: 'python/tests',
            ...failed(
              { reason: text, facts: { passed: 3, failed: 1 }, findings: findingsOf(findings, text), evidence },
              0.5,
            ),
          },
        ]
      : verdict === 'pass'
        ? [{ id: 'python/tests', ...passed({ facts: { passed: 4, failed: 0 }, evidence }) }]
        : [{ id: 'python/tests', ...errored({ reason: text, evidence }) }];
  return {
    cell: { prompt, scenario, model: 'recorded', repeat },
    verdict,
    score: verdict === 'ungraded' ? null : verdict === 'pass' ? 1 : 0.75,
    reasons: verdict === 'pass' ? [] : [`python/tests ${verdict === 'fail' ? 'failed' : 'errored'}: ${text}`],
    required: ['python/build', 'python/tests'],
    assumptions: [],
    flags: [{ code: 'unsafe-path', line: 3, path: '../x', detail: text }],
    projects: [{ language: 'python', root: '.', files: [{ path: 'app/main.py', line: 11, named_by: 'heading' }] }],
    checks: [{ id: 'python/build', ...passed() }, { id: 'python/types', ...notApplicable('nobody asked') }, ...judged],
  };
}

/** A run of grades. */
export function sampleRun(grades: readonly Grade[]): Results {
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
    grades: [...grades],
  };
}

/** The excerpts of made-up answers, whose file begins at the answer's line 11. */
export function sampleExcerpts(grades: readonly Grade[], text = 'print(1)'): Excerpts[] {
  const file = Array.from({ length: 100 }, (_, index) => `${text} # ${index + 1}`.replaceAll(/[\r\n]/g, ' '));
  const answer = [...Array.from({ length: 10 }, () => 'words'), ...file].join('\n');
  return grades.map((grade) => excerptsOf(grade, { answer, files: new Map([['app/main.py', file.join('\n')]]) }));
}

/** `count` answers of 50 scenarios, two thirds of which fail with many long findings each. */
export function manyGrades(count: number): Grade[] {
  return Array.from({ length: count }, (_, index) =>
    sampleGrade({
      scenario: `scenario-${index % 50}`,
      prompt: `prompt@${Math.floor(index / 50) % 4}`,
      repeat: Math.floor(index / 200) + 1,
      verdict: index % 3 === 0 ? 'pass' : 'fail',
      findings: 30,
      text: `expected ${index} and found something else altogether `.repeat(20),
    }),
  );
}
