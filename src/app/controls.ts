/** Answers whose verdict is known, graded before a run: a run whose grader errs on them is void. */
import { passed } from '../domain/grading/check.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { PlannedCell } from '../domain/grading/question.ts';
import type { Scenario } from '../domain/grading/scenario.ts';
import type { Controls } from '../domain/runs/run.ts';
import type { Suite } from '../domain/runs/suite.ts';
import { VoidRunError } from '../domain/void-run-error.ts';
import { hashOf } from '../store/files/hash.ts';
import { readSpecimens } from '../store/inputs/specimens.ts';
import type { KnownAnswers } from '../store/inputs/specimens.ts';
import { declaringAlike } from './declarations.ts';
import { grade } from './grade.ts';
import { requireSandbox } from './services/services.ts';
import type { Services } from './services/services.ts';
import { referenceResults, specimenResult } from './validate.ts';

/** An answer whose verdict is known, and what is wrong when it comes out differently (null: it is as written). */
export interface Control {
  /** `reference`, `empty`, or the specimen's id. */
  id: string;
  text: string;
  /** Ids of the checks that must fail; empty where the verdict alone is known. */
  fails: readonly string[];
  problem(graded: Grade): string | null;
}

const list = (ids: readonly string[]): string => (ids.length === 0 ? 'nothing' : ids.join(', '));

/** What could not be measured; null when everything could. */
function unmeasured({ verdict, reasons }: Grade): string | null {
  return verdict === 'ungraded' ? `it could not be graded: ${reasons[0] ?? 'no reason was given'}` : null;
}

/**
 * The controls of a scenario: its reference, an answer without a word, and the first specimen whose program behaves
 * wrongly (any specimen where there is none). All of its checks but those of one language are known from the reference
 * then.
 */
export function controlsOf(scenario: Pick<Scenario, 'id' | 'languages'>, known: KnownAnswers): Control[] {
  const { specimens } = known;
  const wrong = specimens.find(({ specimen }) => specimen.class === 'behaviour') ?? specimens[0];
  const reference: Control = {
    id: 'reference',
    text: known.reference,
    fails: [],
    problem(graded) {
      const failing = referenceResults(scenario.id, Object.keys(scenario.languages), graded).flatMap(({ got }) => got);
      if (graded.verdict === 'pass' && failing.length === 0) return null;
      return `expected that nothing of it fails, found ${list([...new Set(failing)])}`;
    },
  };
  const empty: Control = {
    id: 'empty',
    text: '',
    fails: [],
    problem: ({ verdict }) => (verdict === 'fail' ? null : `expected the verdict fail, found ${verdict}`),
  };
  if (wrong === undefined) return [reference, empty];
  const { specimen, text } = wrong;
  return [
    reference,
    empty,
    {
      id: specimen.id,
      text,
      fails: specimen.fails,
      problem(graded) {
        const { ok, expected, got } = specimenResult(scenario.id, specimen, graded);
        return ok ? null : `expected that ${list(expected)} fail and no other check, found ${list(got)}`;
      },
    },
  ];
}

/** Grades controls, one after the other. Throws `VoidRunError` for the first that does not come out as written. */
export async function gradeControls(
  scenario: string,
  controls: readonly Control[],
  gradeText: (control: Control) => Promise<Grade>,
): Promise<void> {
  for (const control of controls) {
    const graded = await gradeText(control);
    const problem = unmeasured(graded) ?? control.problem(graded);
    if (problem !== null)
      throw new VoidRunError(
        `the run is void, and no model was asked: of the controls of ${scenario}, "${control.id}" did not come out as ` +
          `written: ${problem}. cupel validate --scenario ${scenario} says more; --no-controls leaves controls out.`,
      );
  }
}

/** Whether controls are graded without being asked for: where answers are paid for, a broken grader is dear. */
export function wantsControls({ controls }: Suite, cells: readonly PlannedCell[]): boolean {
  return controls ?? cells.some(({ cell }) => cell.model !== 'recorded');
}

/** Grades the controls of a scenario, unless they came out well before with this grader, these tools and texts. */
async function assure(services: Services, scenario: Scenario, known: KnownAnswers): Promise<void> {
  const { grading, state } = services;
  const controls = controlsOf(scenario, known);
  const languages = grading.runners.filter(({ language }) => language in scenario.languages);
  const { level, version } = await requireSandbox(services);
  const key = hashOf({
    controls: controls.map(({ id, text, fails }) => [id, text, fails]),
    scenario,
    date: known.date,
    grader: grading.graderKey,
    tools: await Promise.all(languages.map((runner) => grading.tools(runner))),
    sandbox: [level, version],
  });
  if ((await state.verdicts.get(key))?.status === 'passed') return;
  await gradeControls(scenario.id, controls, (control) => {
    services.notify({ kind: 'control', scenario: scenario.id, control: control.id });
    const { date: asOf, resolutionFile } = known;
    const resolvedLike = declaringAlike(control.text, known, grading.runners);
    return grade(services, { text: control.text, scenario: scenario.id, asOf, resolutionFile, resolvedLike });
  });
  await state.verdicts.put(key, passed());
}

/**
 * Grades the controls of all scenarios of a run that have some, before anything is asked. Undefined where there are
 * none, or nobody wants them. Throws `VoidRunError` where one does not come out as written.
 */
export async function controlRun(
  services: Services,
  suite: Suite,
  cells: readonly PlannedCell[],
  isLeftOut: boolean,
): Promise<Controls | undefined> {
  if (!wantsControls(suite, cells)) return undefined;
  const scenarios = new Map(cells.map(({ scenario }) => [scenario.id, scenario]));
  const controls: Controls = { as_written: [], left_out: [] };
  for (const [id, scenario] of scenarios) {
    const known = await readSpecimens(services.library, id);
    if (known === null) continue;
    if (!isLeftOut) await assure(services, scenario, known);
    (isLeftOut ? controls.left_out : controls.as_written).push(id);
  }
  return controls.as_written.length + controls.left_out.length === 0 ? undefined : controls;
}
