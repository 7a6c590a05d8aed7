/** Runs made up for tests of comparisons. */
import type { Paid, Usage } from '../../src/domain/grading/answer.ts';
import type { CellSummary, FindingCount, RunSummary } from '../../src/domain/runs/summary.ts';
import type { Question, Side } from '../../src/compare/compare.ts';
import { defaultGate } from '../../src/domain/runs/gate.ts';

export interface Wish {
  scenario?: string;
  prompt?: string;
  model?: string;
  repeat?: number;
  pass?: boolean | null;
  findings?: string[];
  answer?: string;
  costUsd?: number | null;
  paid?: Paid | null;
  usage?: Usage | null;
  dependencies?: Record<string, string>;
  scenarioHash?: string;
  variables?: string;
  settings?: Record<string, string>;
}

function finding(name: string): FindingCount {
  const [tool = '', rule = ''] = name.split(' ');
  return { check: 'python/lint', tool, rule, severity: 'error', count: 1, example: `app.py:1: ${name}` };
}

export function sampleCell({
  scenario = 's',
  prompt = 'p@1',
  model = 'm',
  repeat = 1,
  pass = true,
  findings = [],
  answer,
  costUsd = null,
  paid = null,
  usage = null,
  dependencies = {},
  scenarioHash = 'h',
  variables = 'v',
  settings,
}: Wish): CellSummary {
  const status = pass === null ? 'errored' : pass ? 'passed' : 'failed';
  return {
    cell: { prompt, scenario, model, repeat },
    verdict: pass === null ? 'ungraded' : pass ? 'pass' : 'fail',
    score: pass === null ? null : pass ? 1 : 0.5,
    checks: { 'python/build': ['passed', 1], 'python/tests': [status, pass === null ? null : pass ? 1 : 0.5] },
    findings: findings.map(finding),
    costUsd,
    paid,
    usage,
    latencyMs: null,
    reportedModel: null,
    fingerprint: {
      request: 'r',
      prompt: `hash of ${prompt}`,
      scenario: scenarioHash,
      variables,
      settings: settings ?? null,
      sections: null,
      answer: answer ?? `${scenario} ${prompt} ${model} ${repeat}`,
      dependencies,
      lots: null,
    },
  };
}

/** `scenarios` × `repeats` answers of one prompt; `wish` tells each apart. */
export function sampleCells(
  scenarios: number,
  repeats: number,
  prompt: string,
  wish: (scenario: number, repeat: number) => Wish,
): CellSummary[] {
  return Array.from({ length: scenarios * repeats }, (_, index) => {
    const [scenario, repeat] = [Math.floor(index / repeats), index % repeats];
    return sampleCell({ scenario: `s${scenario}`, prompt, repeat: repeat + 1, ...wish(scenario, repeat) });
  });
}

export function sampleSummary(run: string, cells: CellSummary[], more: Partial<RunSummary> = {}): RunSummary {
  return {
    format: 1,
    run,
    suite: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    grader: 'g',
    tools: { ruff: '1' },
    cells,
    ...more,
  };
}

export const sampleSide = (run: RunSummary, before = run): Side => ({ name: run.run, run, before });

/** The question about two runs, with the default gate. */
export function question(base: RunSummary, head: RunSummary, more: Partial<Question> = {}): Question {
  return {
    base: sampleSide(base),
    head: sampleSide(head),
    sides: { prompt: null, model: null, common: false },
    gate: defaultGate,
    texts: { prompts: new Map(), resolutions: null },
    ...more,
  };
}
