/**
 * What programs import: `import { defineConfig, run, grade, compare } from 'cupel'`. Each call works in the project
 * that a folder is in, as the command of the same name does, and prints nothing.
 */
import { compare as compareRuns } from './app/compare.ts';
import type { CompareRequest } from './app/compare.ts';
import { grade as gradeAnswer } from './app/grade.ts';
import type { GradeRequest } from './app/grade.ts';
import { run as runSuite } from './app/run.ts';
import type { RunOutcome } from './app/run.ts';
import type { RunRequest } from './app/plan.ts';
import { openServices } from './app/services/services.ts';
import type { Services, ServicesOptions } from './app/services/services.ts';
import type { Comparison } from './domain/runs/comparison.ts';
import type { Grade } from './domain/grading/grade.ts';
import type { ConfigInput } from './domain/project/config.ts';
import type { RunListener } from './ports/run-listener.ts';

export { UsageError } from './domain/usage-error.ts';
export { SandboxError } from './ports/sandbox.ts';
export type { CheckResult } from './domain/grading/check.ts';
export type { Finding } from './domain/grading/finding.ts';
export type { Results } from './domain/runs/run.ts';
export type { Comparison, ConfigInput, Grade, RunListener, RunOutcome };

/** Where to work, and how. */
export interface Options extends Pick<
  ServicesOptions,
  'folder' | 'state' | 'stateSize' | 'cache' | 'jobs' | 'dialect'
> {
  /** Ends the work when it is aborted; what is written stays. */
  signal?: AbortSignal | undefined;
  /** Is told of what happens meanwhile. */
  listener?: RunListener | undefined;
}

const open = ({ signal, ...options }: Options, projectless = false): Promise<Services> =>
  openServices({ ...options, projectless }, signal === undefined ? {} : { signal });

/** A configuration with its types, for `cupel.config.ts`. */
export const defineConfig = (config: ConfigInput): ConfigInput => config;

/**
 * Runs a suite: asks its models or replays recordings, grades every answer, writes the reports, decides the gate.
 * Rejects with `UsageError` for what makes no sense, with `SandboxError` where nothing can be graded.
 */
export async function run(
  suite: string,
  { folder, ...options }: Options & Omit<RunRequest, 'suite' | 'folder'> = {},
): Promise<RunOutcome> {
  return runSuite(await open({ folder, ...options }), { ...options, suite, folder }, options.listener);
}

/**
 * Grades the text of an answer, by a scenario of the project or by what can be inferred from it. Rejects as `run` does.
 */
export async function grade(
  text: string,
  options: Options & Pick<GradeRequest, 'scenario' | 'asOf' | 'testsCatch'> = {},
): Promise<Grade> {
  return gradeAnswer(await open(options, options.scenario === undefined), { ...options, text }, options.listener);
}

/**
 * Compares two runs, a baseline and a run, or two prompts or models of one run. Rejects with `UsageError` for sides
 * that are not there or have nothing in common.
 */
export async function compare(
  base: string,
  head: string | undefined,
  options: Options & Omit<CompareRequest, 'base' | 'head'> = {},
): Promise<Comparison> {
  return compareRuns(await open(options), { ...options, base, head }, options.listener);
}
