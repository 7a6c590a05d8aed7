import type { Prompt } from '../../domain/prompt.ts';
import type { PlannedCell } from '../../domain/question.ts';
import type { Scenario } from '../../domain/scenario.ts';
import type { Suite } from '../../domain/suite.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { Runner } from '../../contract/runner.ts';
import { renderPrompt } from '../../formats/prompt/index.ts';

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

/** Every scenario's languages must have a runner that offers the runtime and the standards; said before anything is paid. */
export function refuseUncheckable(scenario: Scenario, runners: readonly Runner[]): void {
  for (const [language, asked] of Object.entries(scenario.languages)) {
    const runner = runners.find((candidate) => candidate.language === language);
    const known = runners.map((candidate) => candidate.language).join(', ');
    if (runner === undefined) {
      throw new UsageError(`scenario ${scenario.id}: no runner for ${language}; expected one of ${known}. Leave the scenario out, or add a runner below runners/.`);
    }
    const unknown = asked.standards.find((standard) => !runner.standards.includes(standard));
    if (unknown !== undefined) {
      throw new UsageError(`scenario ${scenario.id}: languages.${language}.standards: expected one of ${runner.standards.join(', ')}, found ${unknown}.`);
    }
    const foreign = Object.keys(asked.configuration).find((name) => !runner.configurations.includes(name));
    if (foreign !== undefined) {
      const expected = runner.configurations.length === 0 ? 'none' : `one of ${runner.configurations.join(', ')}`;
      throw new UsageError(`scenario ${scenario.id}: standards/${language}: expected ${expected}, found ${foreign}.`);
    }
    if (asked.runtime !== runner.runtime) {
      throw new UsageError(`scenario ${scenario.id}: languages.${language}.runtime: expected ${runner.runtime}, the one that the runner pins, found ${asked.runtime}.`);
    }
  }
}

function chosen(what: string, all: readonly string[], wanted: readonly string[]): readonly string[] {
  const unknown = wanted.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new UsageError(`--${what}: expected one of ${all.join(', ')}, found ${unknown}.`);
  return wanted.length === 0 ? all : wanted;
}

/** The cells of a suite, in the order prompt, scenario, model, repeat. Rejects with `UsageError` before anything is run. */
export async function plan(suite: Suite, selection: Selection, library: Library, runners: readonly Runner[]): Promise<PlannedCell[]> {
  const prompts = selection.prompts.length === 0 ? suite.prompts : [...new Set(selection.prompts)];
  const models = selection.models.length === 0 ? suite.models : [...new Set(selection.models)];
  const scenarios = chosen('scenario', suite.scenarios, selection.scenarios);
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
