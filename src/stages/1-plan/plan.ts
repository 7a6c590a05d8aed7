import type { Prompt } from '../../domain/grading/prompt.ts';
import type { PlannedCell } from '../../domain/grading/question.ts';
import type { Scenario } from '../../domain/grading/scenario.ts';
import type { Suite } from '../../domain/runs/suite.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { Runner } from '../../ports/runner.ts';
import { renderPrompt } from '../../formats/prompt/index.ts';
import { refuseUncheckable } from './checkable.ts';

/** Which cells of a suite to run; an empty list means all. Prompts and models may also be others than the suite's. */
export interface Selection {
  prompts: readonly string[];
  models: readonly string[];
  scenarios: readonly string[];
  repeats: number | null;
}

/** Where prompts and scenarios come from. */
export interface Library {
  prompt(reference: string): Promise<Prompt>;
  scenario(id: string): Promise<Scenario>;
}

function choose(what: string, all: readonly string[], wanted: readonly string[]): readonly string[] {
  const unknown = wanted.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new UsageError(`--${what}: expected one of ${all.join(', ')}, found ${unknown}.`);
  return wanted.length === 0 ? all : wanted;
}

/**
 * The cells of a suite, in the order prompt, scenario, model, repeat. Rejects with `UsageError` before anything is run.
 */
export async function plan(
  suite: Suite,
  selection: Selection,
  library: Library,
  runners: readonly Runner[],
): Promise<PlannedCell[]> {
  const prompts = selection.prompts.length === 0 ? suite.prompts : [...new Set(selection.prompts)];
  const models = selection.models.length === 0 ? suite.models : [...new Set(selection.models)];
  const scenarios = choose('scenario', suite.scenarios, selection.scenarios);
  const cells: PlannedCell[] = [];
  for (const reference of prompts) {
    const prompt = await library.prompt(reference);
    for (const id of scenarios) {
      const scenario = await library.scenario(id);
      refuseUncheckable(scenario, runners);
      const request = renderPrompt(prompt, scenario.variables);
      for (const model of models) {
        for (let repeat = 1; repeat <= (selection.repeats ?? suite.repeats); repeat += 1) {
          cells.push({ cell: { prompt: reference, scenario: id, model, repeat }, prompt, scenario, request });
        }
      }
    }
  }
  return cells;
}
