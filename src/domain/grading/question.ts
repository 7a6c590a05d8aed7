import type { Cell } from './cell.ts';
import type { Limits } from './limits.ts';
import type { Prompt, Request } from './prompt.ts';
import type { DependencyPolicy, Scenario, ScenarioLanguage } from './scenario.ts';

/** What is asked of an answer. */
export interface Asked {
  languages: Readonly<Record<string, ScenarioLanguage>>;
  dependencies: DependencyPolicy;
  limits: Limits;
  sections: boolean;
}

/** Which checks must pass, and what each weighs. Keys are check names (`tests`) or ids (`python/tests`). */
export interface Policy {
  required: readonly string[];
  optional: readonly string[];
  weights: Readonly<Record<string, number>>;
}

/** What an answer is asked, how its checks are weighed, and what of it was only assumed. */
export interface Question {
  asked: Asked;
  policy: Policy;
  assumptions: readonly string[];
}

/** A cell with all that its answer and its grade depend on. */
export interface PlannedCell {
  cell: Cell;
  prompt: Prompt;
  scenario: Scenario;
  request: Request;
}
