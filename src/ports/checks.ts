import type { Answer } from '../domain/grading/answer.ts';
import type { CheckResult, Outcome } from '../domain/grading/check.ts';
import type { CommandCheck } from '../domain/grading/command-check.ts';
import type { Contract } from '../domain/grading/contract/contract.ts';
import { checkCatalog } from '../domain/grading/check-description.ts';
import type { CheckCatalog, CheckDescription } from '../domain/grading/check-description.ts';
import { WHOLE_ANSWER } from '../domain/grading/check-id.ts';
import type { Extraction } from '../domain/grading/extraction.ts';
import type { RequestParts } from '../domain/grading/request-parts.ts';
import type { Section } from '../domain/grading/sections.ts';
import type { Limits } from '../domain/grading/limits.ts';
import type { Check, Kit, Runner } from './runner.ts';

/** What a check of the answer as a whole is given. */
export interface AnswerContext {
  answer: Answer;
  extraction: Extraction;
  /** Languages that the scenario asks for, or that were inferred, and whether the answer has files of them. */
  languages: readonly { language: string; fences: readonly string[]; present: boolean }[];
  /** The sections that the prompt asks for; empty where it asks for none. */
  sections: readonly Section[];
  /** The parts of the prompt, with the checks that look at them; absent where nobody wrote them down. */
  parts?: RequestParts | undefined;
  /** The outcomes of the checks of all projects; empty unless the check is declared `afterProjects`. */
  results: readonly CheckResult[];
  /** What the scenario asks of the running programs; undefined where it has no contract. */
  contract?: Contract | undefined;
}

/** One question about an answer as a whole; filed as `answer/<name>`. */
export interface AnswerCheck extends CheckDescription {
  /** Whether it waits for the checks of all projects, and is given their outcomes. */
  readonly afterProjects?: boolean;
  /** Whether it is about what the scenario's contract says. It is left out where there is none. */
  readonly asksContract?: boolean;
  /** Why nobody asked for the check here; null when it is asked for. */
  notAsked?(context: AnswerContext): string | null;
  /** Whatever it throws or rejects with is our failure. */
  run(context: AnswerContext): Outcome | Promise<Outcome>;
}

/** What a check by command is given. */
export interface CommandContext extends Kit {
  /** Host folder in which the whole answer is laid out. Read-only: the command works on a copy. */
  workspace: string;
  limits: Limits;
  /**
   * Lays out a project that is known to be sound, for as long as `use` takes. A command that fails by itself
   * on it, too, is broken, whatever the answer.
   */
  onControl<T>(use: (workspace: string) => Promise<T>): Promise<T>;
}

/** The checks that belong to no single language. */
export interface SharedChecks {
  /** Of the answer as a whole, in the order of the report. */
  answer: readonly AnswerCheck[];
  /** Of every project, whatever its language; each comes after those that it needs. */
  everyLanguage: readonly Check[];
  /** Runs a check that a scenario brings. Whatever it rejects with is our failure. Absent: there can be none. */
  command?: (check: CommandCheck, context: CommandContext) => Promise<Outcome>;
}

/** The descriptions of all checks: those of each language, and the shared ones. */
export function catalogOf(runners: readonly Runner[], { answer, everyLanguage }: SharedChecks): CheckCatalog {
  return checkCatalog([
    [WHOLE_ANSWER, answer],
    ...runners.map(({ language, checks }): [string, CheckDescription[]] => [language, [...checks, ...everyLanguage]]),
  ]);
}
