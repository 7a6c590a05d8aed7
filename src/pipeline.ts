import type { Answer } from './domain/answer.ts';
import type { Cell } from './domain/cell.ts';
import type { CheckResult } from './domain/check.ts';
import type { Grade } from './domain/grade.ts';
import type { PlannedCell, Question } from './domain/question.ts';
import { generate } from './stages/2-generate/generate.ts';
import { extract } from './stages/3-extract/extract.ts';
import { projectsOf } from './stages/3-extract/projects.ts';
import { askedBy, askedOfBare } from './stages/4-check/question.ts';
import { checkAnswer } from './stages/4-check/check.ts';
import type { Effects } from './stages/4-check/check.ts';
import { assembleGrade } from './stages/5-grade/assemble.ts';
import type { Provider } from './contract/provider.ts';
import type { Scenario } from './domain/scenario.ts';

/** What the pipeline is handed for one answer. */
export interface CellEffects extends Effects {
  /** Told when the files of an answer are known. */
  extracted(files: Parameters<Effects['layOut']>[0]): Promise<void>;
}

/** An answer all the way to its grade: extraction, projects, checks, verdict. */
export async function gradeAnswer(cell: Cell, answer: Answer, scenario: Scenario | null, effects: CellEffects): Promise<Grade> {
  const extraction = extract(answer.text);
  await effects.extracted(extraction.files);
  const projects = projectsOf(extraction.files, effects.runners);
  const question: Question = scenario === null ? askedOfBare(extraction, projects, effects.runners) : askedBy(scenario);
  const checks = await checkAnswer({ answer, extraction, projects }, question.asked, effects);
  return assembleGrade({ cell, policy: question.policy, checks, projects, flags: extraction.flags, assumptions: question.assumptions });
}

/** A planned cell all the way: request, answer, grade. */
export async function runCell(
  planned: PlannedCell,
  provider: Provider,
  services: { signal: AbortSignal; answered(answer: Answer): Promise<CellEffects> },
): Promise<Grade> {
  const generated = await generate(planned, provider, services.signal);
  if ('missing' in generated) return ungraded(planned, generated.missing);
  return gradeAnswer(planned.cell, generated.answer, planned.scenario, await services.answered(generated.answer));
}

function ungraded({ cell, scenario }: PlannedCell, missing: CheckResult): Grade {
  return assembleGrade({ cell, policy: askedBy(scenario).policy, checks: [missing], projects: [], flags: [], assumptions: [] });
}

