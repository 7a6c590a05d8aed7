import type { Cell } from './cell.ts';
import type { CommandCheck } from './command-check.ts';
import type { Contract } from './contract/contract.ts';
import type { Limits } from './limits.ts';
import type { Prompt, Request } from './prompt.ts';
import type { DependencyPolicy, Scenario, ScenarioLanguage } from './scenario.ts';
import type { RequestParts } from './request-parts.ts';
import type { Section } from './sections.ts';

/** What is asked of a language. */
export interface AskedLanguage extends ScenarioLanguage {
  /** Whether nobody asked for tests: those that are there must pass, and an answer without any misses none. */
  testsOptional?: true;
}

/** What is asked of an answer. */
export interface Asked {
  languages: Readonly<Record<string, AskedLanguage>>;
  dependencies: DependencyPolicy;
  limits: Limits;
  /** The sections that the answer's prompt asks for; empty where it asks for none. */
  sections: readonly Section[];
  /** The parts of the prompt, with the checks that look at them; absent where nobody wrote them down. */
  parts?: RequestParts | undefined;
  /** What is asked of the running program; undefined where nothing is. */
  contract?: Contract | undefined;
  /** The checks that the scenario brings; absent where it brings none. */
  commands?: readonly CommandCheck[] | undefined;
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

/** By what an answer is to be judged. */
export interface Judging {
  /** Null for an answer by itself: what is asked is inferred from its files. */
  scenario: Scenario | null;
  /** The sections that its prompt asks for. */
  sections: readonly Section[];
  /** The parts of its prompt, with the checks that look at them; absent where nobody wrote them down. */
  parts?: RequestParts | undefined;
  /** What of this was assumed, because nobody said it. */
  assumptions: readonly string[];
}

/** A cell with all that its answer and its grade depend on. */
export interface PlannedCell {
  cell: Cell;
  prompt: Prompt;
  scenario: Scenario;
  request: Request;
}
