import type { Answer } from '../domain/grading/answer.ts';
import type { Cell } from '../domain/grading/cell.ts';
import type { CheckResult } from '../domain/grading/check.ts';
import { emptyCatalog } from '../domain/grading/check-description.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Judging, Question } from '../domain/grading/question.ts';
import { extract } from './3-extract/extract.ts';
import { sharing } from './4-projects/languages.ts';
import { projectsOf } from './4-projects/projects.ts';
import { questionOfScenario, questionWithoutScenario } from './5-check/question.ts';
import { checkAnswer } from './5-check/check.ts';
import type { AnswerEffects } from './5-check/effects.ts';
import { assembleGrade } from './6-grade/assemble.ts';
import { requestPartsOf } from './6-grade/request-parts.ts';
import { catalogOf } from '../ports/checks.ts';

/** An answer all the way to its grade: extraction, projects, checks, verdict. */
export async function gradeAnswer(
  cell: Cell,
  answer: Answer,
  judging: Judging,
  effects: AnswerEffects,
): Promise<Grade> {
  const extraction = extract(answer.text);
  const { runners, sharedChecks } = effects.grading;
  await effects.listener.extracted(extraction.files);
  const projects = projectsOf(extraction.files, sharing(runners, judging.scenario?.languages ?? null));
  const { scenario, parts } = judging;
  const question: Question =
    scenario === null ? questionWithoutScenario(extraction, projects, runners) : questionOfScenario(scenario, judging);
  const checks = await checkAnswer({ answer, extraction, projects }, question.asked, effects);
  return assembleGrade({
    cell,
    policy: question.policy,
    checks,
    projects,
    flags: extraction.flags,
    assumptions: [...judging.assumptions, ...question.assumptions],
    asked: requestPartsOf(parts, scenario, checks),
    catalog: catalogOf(runners, sharedChecks),
  });
}

/** The grade of a cell whose answer could not be had: ungraded, for that is no fault of the model. */
export function gradeWithoutAnswer(cell: Cell, { scenario }: Judging, missing: CheckResult): Grade {
  return assembleGrade({
    cell,
    policy: scenario?.checks ?? { required: [], optional: [], weights: {} },
    checks: [missing],
    projects: [],
    flags: [],
    assumptions: [],
    asked: undefined,
    catalog: emptyCatalog,
  });
}
