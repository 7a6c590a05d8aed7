import type { PlannedCell } from '../../domain/grading/question.ts';
import type { PlannedHashes, WholePlan } from '../../domain/runs/plan.ts';
import { inputsSchema } from '../../domain/runs/run.ts';
import type { Fingerprint, Inputs } from '../../domain/runs/run.ts';
import { hashOf } from '../../store/files/hash.ts';

/** How models are asked, as far as fingerprints have it. */
export interface Settings {
  fingerprint(model: string): Fingerprint['settings'];
}

/** What a cell's grade depends on before there is an answer. */
export function plannedHashes({ cell, prompt, request, scenario }: PlannedCell, settings: Settings): PlannedHashes {
  return {
    request: request.hash,
    prompt: prompt.hash,
    scenario: hashOf(scenario),
    variables: hashOf(scenario.variables),
    settings: settings.fingerprint(cell.model ?? ''),
    sections: prompt.sections === undefined ? null : hashOf(prompt.sections),
  };
}

/** The prompts and scenarios of some cells, each once. */
export function inputsOf(cells: readonly Pick<PlannedCell, 'cell' | 'prompt' | 'scenario'>[]): Inputs {
  // With its keys in the order in which it is read back: merged runs are the same, byte for byte.
  return inputsSchema.parse({
    prompts: Object.fromEntries(cells.map(({ cell, prompt }) => [cell.prompt ?? prompt.id, { ...prompt }])),
    scenarios: Object.fromEntries(cells.map(({ scenario }) => [scenario.id, { ...scenario }])),
  });
}

/** A plan as a whole, whichever part of it is run. */
export function wholePlan(
  suite: string,
  cells: readonly PlannedCell[],
  seconds: WholePlan['seconds'],
  settings: Settings,
): WholePlan {
  return {
    format: 1,
    suite,
    seconds,
    cells: cells.map((planned) => ({ cell: planned.cell, planned: plannedHashes(planned, settings) })),
    inputs: inputsOf(cells),
  };
}

/** What tells two plans apart. */
export const planHash = (plan: WholePlan): string => hashOf(plan);
