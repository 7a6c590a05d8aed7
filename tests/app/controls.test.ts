import { describe, expect, test } from 'vitest';
import { controlsOf, gradeControls, wantsControls } from '../../src/app/controls.ts';
import type { Control } from '../../src/app/controls.ts';
import type { CheckStatus } from '../../src/domain/grading/check.ts';
import type { Grade } from '../../src/domain/grading/grade.ts';
import type { PlannedCell } from '../../src/domain/grading/question.ts';
import { scenarioSchema } from '../../src/domain/grading/scenario.ts';
import { VoidRunError } from '../../src/domain/void-run-error.ts';
import { specimenSchema } from '../../src/domain/specimens/specimen.ts';
import { suiteSchema } from '../../src/domain/runs/suite.ts';
import type { KnownAnswers } from '../../src/store/inputs/specimens.ts';

const scenario = scenarioSchema.parse({ id: 's', variables: {}, languages: { go: { runtime: '1.24' } } });
const specimen = (id: string, kind: string) => ({
  specimen: specimenSchema.parse({ id, defect: 'd', class: kind, language: 'go', fails: ['go/acceptance'] }),
  text: `text of ${id}`,
});
const known: KnownAnswers = {
  date: '2026-01-01',
  reference: 'right',
  original: 'right',
  resolutionFile: 'none',
  specimens: [specimen('torn', 'form'), specimen('wrong', 'behaviour'), specimen('wrong-too', 'behaviour')],
};

function graded(verdict: Grade['verdict'], failing: readonly string[] = []): Grade {
  const status = (id: string): CheckStatus => (failing.includes(id) ? 'failed' : 'passed');
  return {
    cell: { prompt: null, scenario: 's', model: null, repeat: 1 },
    verdict,
    score: null,
    reasons: verdict === 'ungraded' ? ['go/tests errored: no memory'] : [],
    required: [],
    assumptions: [],
    flags: [],
    projects: [],
    checks: ['go/acceptance', 'go/tests'].map((id) => ({
      id,
      status: status(id),
      score: 1,
      reason: null,
      facts: {},
      findings: [],
      evidence: [],
    })),
  };
}

const asWritten: Readonly<Record<string, Grade>> = {
  reference: graded('pass'),
  empty: graded('fail', ['go/acceptance', 'go/tests']),
  wrong: graded('fail', ['go/acceptance']),
};

const controls = controlsOf(scenario, known);

/** Grades the controls of the scenario; what is not named comes out as written. */
async function run(other: Readonly<Record<string, Grade>> = {}): Promise<string[]> {
  const seen: string[] = [];
  await gradeControls('s', controls, ({ id }: Control) => {
    seen.push(id);
    return Promise.resolve(other[id] ?? asWritten[id] ?? graded('ungraded'));
  });
  return seen;
}

describe('the controls of a scenario', () => {
  test('are its reference, an empty answer, and one whose program behaves wrongly', async () => {
    expect(controls.map(({ id, text }) => [id, text])).toEqual([
      ['reference', 'right'],
      ['empty', ''],
      ['wrong', 'text of wrong'],
    ]);
    expect(await run()).toEqual(['reference', 'empty', 'wrong']);
    const torn = { ...known, specimens: known.specimens.slice(0, 1) };
    expect(controlsOf(scenario, torn).map(({ id }) => id)).toEqual(['reference', 'empty', 'torn']);
  });

  test.each([
    [
      'the reference fails',
      { reference: graded('fail', ['go/tests']) },
      /"reference" .* nothing of it fails, found go\/tests/,
    ],
    ['a check that does not decide fails in the reference', { reference: graded('pass', ['go/tests']) }, /"reference"/],
    ['an empty answer passes', { empty: graded('pass') }, /"empty" .* verdict fail, found pass/],
    [
      'a wrong answer passes',
      { wrong: graded('pass') },
      /"wrong" .* go\/acceptance fail and no other check, found nothing/,
    ],
    ['a wrong answer fails elsewhere', { wrong: graded('fail', ['go/tests']) }, /found go\/tests/],
    [
      'one cannot be graded',
      { wrong: graded('ungraded', ['go/acceptance']) },
      /could not be graded: go\/tests errored/,
    ],
  ])('make a run void where %s', async (_, other, words) => {
    await expect(run(other)).rejects.toThrow(VoidRunError);
    await expect(run(other)).rejects.toThrow(words);
    await expect(run(other)).rejects.toThrow(/^the run is void, and no model was asked: .* --no-controls leaves/s);
  });

  test('are graded where a live model is asked, and where a suite says so', () => {
    const suite = suiteSchema.parse({ id: 's', prompts: ['p@1'], models: ['recorded'], scenarios: ['s'] });
    const cells = (...models: string[]): PlannedCell[] =>
      models.map((model) => ({ cell: { prompt: 'p@1', scenario: 's', model, repeat: 1 } }) as PlannedCell);
    expect(wantsControls(suite, cells('recorded'))).toBe(false);
    expect(wantsControls(suite, cells('recorded', 'exec:x'))).toBe(true);
    expect(wantsControls({ ...suite, controls: true }, cells('recorded'))).toBe(true);
    expect(wantsControls({ ...suite, controls: false }, cells('exec:x'))).toBe(false);
  });
});
