import type { Answer } from '../domain/grading/answer.ts';
import { cellKey } from '../domain/grading/cell.ts';
import type { Cell } from '../domain/grading/cell.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Scenario } from '../domain/grading/scenario.ts';
import { parseCheckId } from '../domain/grading/check-id.ts';
import { inputsSchema } from '../domain/runs/run.ts';
import type { Fingerprint, Results } from '../domain/runs/run.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { RunListener } from '../ports/run-listener.ts';
import { refuseUncheckable } from '../stages/1-plan/checkable.ts';
import type { Grading } from '../stages/5-check/effects.ts';
import { gradeAnswer } from '../stages/pipeline.ts';
import { writeJson } from '../store/files/atomic.ts';
import { hashOf } from '../store/files/hash.ts';
import { RunStore } from '../store/runs/run-store.ts';
import { answerEffects } from './cells/answer-effects.ts';
import { execute } from './cells/execute.ts';
import type { CellJob } from './cells/job.ts';
import { tellAll } from './cells/listeners.ts';
import { forecastFor } from './services/forecast.ts';
import { judgingOf } from './judging.ts';
import { requireSandbox } from './services/services.ts';
import type { Services } from './services/services.ts';
import { measureCatches } from './tests-catch/measure.ts';

/** An answer to grade, and what it is judged by. */
export interface GradeRequest {
  /** The answer, as the model wrote it. */
  text: string;
  /** Id of a scenario; without one, languages and standards are inferred, and the grade says which. */
  scenario?: string | undefined;
  /** Day (YYYY-MM-DD) as of which dependencies are resolved; today, or the day of a recording, when absent. */
  asOf?: string | undefined;
  /** Path of the resolution that is kept beside the answer, where there is one. */
  resolutionFile?: string | null;
  /** Texts of answers that declare the same dependencies: what these resolved to is taken where nothing is known. */
  resolvedLike?: readonly string[];
  /** Write what the dependencies resolved to into that file. */
  keepResolution?: boolean | undefined;
  /** Run the answer's tests against the wrong programs of the scenario, too. */
  testsCatch?: boolean | undefined;
}

async function readScenario({ library, grading }: Services, id: string | undefined): Promise<Scenario | null> {
  if (id === undefined) return null;
  const scenario = await library.scenario(id);
  refuseUncheckable(scenario, grading.runners);
  return scenario;
}

/** The answer with its text; all that is known of it where the text is that of a recording. */
async function readAnswer({ library }: Services, text: string, asOf: string | undefined): Promise<Answer> {
  if (asOf !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(asOf))
    throw new UsageError(`--as-of: expected a day as YYYY-MM-DD, found ${asOf}.`);
  const answer: Answer = (await library.recognise(text)) ?? {
    text,
    stopReason: 'unknown',
    usage: null,
    costUsd: null,
    latencyMs: null,
    firstTokenMs: null,
    reportedModel: null,
    date: new Date().toISOString().slice(0, 10),
  };
  return asOf === undefined ? answer : { ...answer, date: asOf };
}

/**
 * Makes tools ready that will be needed, while other things are read. What fails is told by the checks that need it.
 */
function prepareTools({ runners, tools }: Grading, scenario: Scenario | null): void {
  const wanted = runners.filter(({ language }) => scenario !== null && language in scenario.languages);
  void Promise.allSettled(wanted.map((runner) => tools(runner)));
}

/**
 * Grades one answer. Throws `UsageError` for a request that makes no sense, `SandboxError` where nothing can be graded.
 */
export async function grade(services: Services, request: GradeRequest, given: RunListener = {}): Promise<Grade> {
  const { text, scenario: id, asOf, resolutionFile = null, resolvedLike = [], keepResolution = false } = request;
  void Promise.allSettled([services.sandboxReport()]);
  const scenario = await readScenario(services, id);
  prepareTools(services.grading, scenario);
  const answer = await readAnswer(services, text, asOf);
  await requireSandbox(services);
  const cell: Cell = { prompt: null, scenario: scenario?.id ?? null, model: null, repeat: 1 };
  const forecast = forecastFor(services, [{ cell, languages: Object.keys(scenario?.languages ?? {}) }]);
  const listener = tellAll([forecast, given], (error) => services.warn(`a listener failed: ${String(error)}`));
  listener.timeLeft(() => forecast.secondsLeft());
  const effects = await answerEffects(services, cell, answer, listener, { resolutionFile, resolvedLike });
  const judged = await gradeAnswer(cell, answer, await judgingOf(cell, scenario, services.library), effects);
  const graded = request.testsCatch === true ? await measureCatches(services, scenario, text, judged) : judged;
  services.signal.throwIfAborted();
  await effects.resolutions.save();
  if (keepResolution && resolutionFile !== null) await writeJson(resolutionFile, effects.resolutions.all());
  await services.state.tidy();
  return graded;
}

/** A job that grades a stored answer again. */
async function jobOf(
  { library }: Services,
  stored: RunStore,
  { cell, checks }: Grade,
  fingerprint: Partial<Fingerprint>,
): Promise<CellJob> {
  const scenario = cell.scenario === null ? null : await library.scenario(cell.scenario);
  const judging = await judgingOf(cell, scenario, library);
  const { request = null, prompt = null, variables = null, settings = null, lots = null } = fingerprint;
  return {
    cell,
    judging,
    languages: [...new Set(checks.map(({ id }) => parseCheckId(id).language))],
    planned: {
      request,
      prompt,
      scenario: scenario === null ? null : hashOf(scenario),
      sections: judging.sections.length === 0 ? null : hashOf(judging.sections),
      variables,
      settings,
    },
    lots,
    answer: async () => ({ answer: await stored.answer(cell) }),
  };
}

/**
 * Grades the stored answers of a run again, all of them or those of the given cells, as a run of its own; no model is
 * asked. `testsCatch`: their tests are run against the wrong programs of their scenarios, too.
 */
export async function gradeRunAgain(
  services: Services,
  id: string,
  listener: RunListener = {},
  cells: readonly Cell[] | null = null,
  testsCatch = false,
): Promise<Results> {
  const stored = new RunStore(services.root, id);
  const { run, inputs, fingerprints, grades } = await stored.results();
  const wanted = cells === null ? null : new Set(cells.map(cellKey));
  const jobs = await Promise.all(
    grades.map((graded, index) => jobOf(services, stored, graded, fingerprints[index] ?? {})),
  );
  const chosen = jobs
    .filter(({ cell }) => wanted?.has(cellKey(cell)) ?? true)
    .map((job): CellJob => ({ ...job, testsCatch }));
  const scenarios: Record<string, Scenario> = {};
  for (const { judging } of chosen) if (judging.scenario !== null) scenarios[judging.scenario.id] = judging.scenario;
  return execute(services, run.suite, chosen, listener, {
    // The prompts as they were sent then, and the scenarios by which the answers are judged now.
    inputs: inputsSchema.parse({ prompts: inputs?.prompts ?? {}, scenarios }),
  });
}
