import type { Answer } from '../domain/grading/answer.ts';
import type { Cell } from '../domain/grading/cell.ts';
import type { CheckResult } from '../domain/grading/check.ts';
import { emptyCatalog } from '../domain/grading/check-description.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Judging, PlannedCell, Question } from '../domain/grading/question.ts';
import { generate } from './2-generate/generate.ts';
import { extract } from './3-extract/extract.ts';
import { projectsOf } from './4-projects/projects.ts';
import { askedBy, askedOfBare } from './5-check/question.ts';
import { checkAnswer } from './5-check/check.ts';
import type { AnswerEffects } from './5-check/effects.ts';
import { assembleGrade } from './6-grade/assemble.ts';
import { catalogOf } from '../ports/checks.ts';
import type { Provider } from '../ports/provider.ts';

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
  const projects = projectsOf(extraction.files, runners);
  const { scenario, sections } = judging;
  const question: Question =
    scenario === null ? askedOfBare(extraction, projects, runners) : askedBy(scenario, sections);
  const checks = await checkAnswer({ answer, extraction, projects }, question.asked, effects);
  return assembleGrade({
    cell,
    policy: question.policy,
    checks,
    projects,
    flags: extraction.flags,
    assumptions: [...judging.assumptions, ...question.assumptions],
    catalog: catalogOf(runners, sharedChecks),
  });
}

/** A planned cell all the way: request, answer, grade. */
export async function runCell(
  planned: PlannedCell,
  provider: Provider,
  services: { signal: AbortSignal; answered(answer: Answer): Promise<AnswerEffects> },
): Promise<Grade> {
  const generated = await generate(planned, provider, services.signal);
  if ('missing' in generated) return ungraded(planned, generated.missing);
  const { cell, scenario, prompt } = planned;
  const judging = { scenario, sections: prompt.sections ?? [], assumptions: [] };
  return gradeAnswer(cell, generated.answer, judging, await services.answered(generated.answer));
}

function ungraded({ cell, scenario }: PlannedCell, missing: CheckResult): Grade {
  return assembleGrade({
    cell,
    policy: scenario.checks,
    checks: [missing],
    projects: [],
    flags: [],
    assumptions: [],
    catalog: emptyCatalog,
  });
}
