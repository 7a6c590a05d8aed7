import type { Cell } from '../domain/grading/cell.ts';
import type { Judging } from '../domain/grading/question.ts';
import type { Scenario } from '../domain/grading/scenario.ts';
import type { Library } from '../store/inputs/library.ts';

/**
 * By what an answer is judged that is there already. Its prompt says which sections it should have; where the prompt is
 * not known, or no longer there, that is inferred from the scenario, and said.
 */
export async function judgingOf(
  { prompt }: Pick<Cell, 'prompt'>,
  scenario: Scenario | null,
  library: Library,
): Promise<Judging> {
  if (scenario === null) return { scenario, sections: [], assumptions: [] };
  const loaded = prompt === null ? null : await library.prompt(prompt).catch(() => null);
  if (loaded !== null) return { scenario, sections: loaded.sections ?? [], parts: loaded.parts, assumptions: [] };
  const inferred = await library.sectionsFor(scenario);
  if (inferred === null) return { scenario, sections: [], assumptions: [] };
  const assumption =
    `the answer should have the ${inferred.sections.length} sections that the prompt ${inferred.prompt} asks for: ` +
    'the scenario gives values to its variables';
  return { scenario, sections: inferred.sections, parts: inferred.parts, assumptions: [assumption] };
}
