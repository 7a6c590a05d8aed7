import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Answer } from '../../../src/domain/grading/answer.ts';
import type { CheckResult } from '../../../src/domain/grading/check.ts';
import type { Grade } from '../../../src/domain/grading/grade.ts';
import type { Project } from '../../../src/domain/grading/project.ts';
import type { Limits } from '../../../src/domain/grading/limits.ts';
import { scenarioSchema } from '../../../src/domain/grading/scenario.ts';
import type { DependencyPolicy, Scenario, ScenarioLanguage } from '../../../src/domain/grading/scenario.ts';
import type { Kit, Resolution, Runner } from '../../../src/ports/runner.ts';
import type { Sandbox } from '../../../src/ports/sandbox.ts';
import { answerEffects } from '../../../src/app/cells/answer-effects.ts';
import { openServices } from '../../../src/app/services/services.ts';
import type { Services } from '../../../src/app/services/services.ts';
import { Lanes } from '../../../src/stages/5-check/lanes.ts';
import { gradeAnswer } from '../../../src/stages/pipeline.ts';
import type { AnswerEffects, Grading } from '../../../src/stages/5-check/effects.ts';
import { readDeclared } from '../../../runners/python/manifests/declared.ts';
import { answerOf } from './answers.ts';
import type { Files } from './answers.ts';
import type { Language } from './projects.ts';

/** The day as of which the suite's dependencies are resolved. */
const DAY = '2026-11-01';

/** The effects that a situation may replace. */
type Replaceable = Required<Kit> &
  Pick<Grading, 'tools' | 'layOut' | 'cache'> & {
    resolution: AnswerEffects['resolutions']['get'];
    keepResolution: AnswerEffects['resolutions']['keep'];
  };

/** An answer and what is asked of it. */
export interface Situation {
  /** The answer's files, or its whole text. */
  answer: Files | string;
  /** What the scenario asks of each language; null for an answer without a scenario. */
  asks: Partial<Record<Language | 'javascript' | 'java', Partial<ScenarioLanguage>>> | null;
  /** Names of the checks to run of each language; all of them when absent. */
  only?: readonly string[];
  stopReason?: Answer['stopReason'];
  limits?: Partial<Limits>;
  dependencies?: DependencyPolicy;
  checks?: Partial<Scenario['checks']>;
  /**
   * What a Python answer that declares nothing gets: pytest alone, with which tests start four times sooner, or all
   * that the runner pins. Pytest alone when absent.
   */
  environment?: 'pytest' | 'pinned';
  /** Puts something between the checks and the real sandbox. */
  sandbox?: (real: Sandbox) => Sandbox;
  /** Replaces other effects: a disk that is full, tools that are not there. */
  effects?: (real: Replaceable) => Partial<Replaceable>;
}

const runtimes = { python: '3.11', typescript: '20', javascript: '20', go: '1.24', java: '17' };
const stop = new AbortController();
let wired: Promise<Services> | null = null;

/**
 * Lanes that let what wants to be alone run beside others: the limits of these tests are of CPU time, which nobody else
 * uses up.
 */
class SharedLanes extends Lanes {
  override alone<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}
const lanes = new SharedLanes(availableParallelism());

/** The packages that pytest needs, itself included. */
const ofPytest = /^(?:pytest|iniconfig|packaging|pluggy|pygments)==/;

/** The part of the pinned Python environment that pytest needs, as a resolution of it. */
async function pytestAlone(): Promise<Resolution> {
  const pinned = await readFile('runners/python/environment/requirements.txt', 'utf8');
  const entries = pinned.split(/^(?=\S)/m).filter((entry) => ofPytest.test(entry));
  return { 'requirements.lock.txt': entries.join('') };
}

/** Whether a project is one of Python that declares no packages. */
const declaresNothing = (project: Project): boolean =>
  project.language === 'python' && readDeclared(project).requirements.length === 0;

/** The project's own services, with its layers and without its verdicts: every check runs. */
export function conformanceServices(): Promise<Services> {
  return (wired ??= openServices({ cache: false }, { signal: stop.signal }));
}

function scenarioOf({ asks, limits, dependencies, checks }: Situation): Scenario | null {
  if (asks === null) return null;
  const languages = Object.entries(asks).map(([language, asked]) => [
    language,
    { runtime: runtimes[language as keyof typeof runtimes], ...asked },
  ]);
  return scenarioSchema.parse({
    id: 'conformance',
    variables: {},
    languages: Object.fromEntries(languages),
    limits: limits ?? {},
    checks: checks ?? {},
    ...(dependencies === undefined ? {} : { dependencies }),
  });
}

const narrowed = (runner: Runner, only: readonly string[] | undefined): Runner =>
  only === undefined ? runner : { ...runner, checks: runner.checks.filter(({ name }) => only.includes(name)) };

/** The real effects, with those in their place that the situation brings. */
function replaced(
  effects: AnswerEffects,
  { only, sandbox, environment, effects: replace }: Situation,
  small: Resolution,
): AnswerEffects {
  const { grading, resolutions } = effects;
  const real: Replaceable = {
    ...grading.kit,
    signal: grading.kit.signal ?? stop.signal,
    tools: grading.tools,
    layOut: grading.layOut,
    cache: grading.cache,
    resolution: (project) =>
      resolutions.get(project) ?? (environment !== 'pinned' && declaresNothing(project) ? small : null),
    keepResolution: (project, resolution) => resolutions.keep(project, resolution),
  };
  const { layers, signal, tools, layOut, cache, resolution, keepResolution, ...rest } = { ...real, ...replace?.(real) };
  return {
    ...effects,
    grading: {
      ...grading,
      lanes,
      kit: { sandbox: sandbox === undefined ? rest.sandbox : sandbox(rest.sandbox), layers, signal },
      runners: grading.runners.map((runner) => narrowed(runner, only)),
      tools,
      layOut,
      cache,
    },
    resolutions: { get: resolution, keep: keepResolution },
  };
}

/**
 * Takes an answer all the way to its grade: real runners, real layers, and the real sandbox unless the situation
 * scripts it.
 */
export async function grade(situation: Situation): Promise<Grade> {
  const real = await conformanceServices();
  const text = typeof situation.answer === 'string' ? situation.answer : answerOf(situation.answer);
  const answer: Answer = {
    text,
    stopReason: situation.stopReason ?? 'end_turn',
    usage: null,
    costUsd: null,
    latencyMs: null,
    firstTokenMs: null,
    reportedModel: null,
    date: DAY,
  };
  const cell = { prompt: null, scenario: situation.asks === null ? null : 'conformance', model: null, repeat: 1 };
  const effects = await answerEffects(real, cell, answer, {});
  const own = replaced(effects, situation, await pytestAlone());
  const judging = { scenario: scenarioOf(situation), sections: [], assumptions: [] };
  const graded = await gradeAnswer(cell, answer, judging, own);
  if (situation.sandbox === undefined && situation.effects === undefined) await effects.resolutions.save();
  return graded;
}

/** One check of a grade; a grade without it is a mistake of the test. */
export function checkOf(graded: Grade, id: string): CheckResult {
  const found = graded.checks.find((check) => check.id === id);
  if (found === undefined) throw new Error(`no check ${id} among ${graded.checks.map((check) => check.id).join(', ')}`);
  return found;
}

/** The rules of a check's findings, each once. */
export function rulesOf(check: CheckResult): string[] {
  return [...new Set(check.findings.map(({ rule }) => rule))];
}

/** Grades one language's files and hands back one of its checks. */
export async function checked(
  language: Language,
  check: string,
  answer: Files,
  rest: Omit<Situation, 'answer' | 'asks'> & { asks?: Partial<ScenarioLanguage> } = {},
): Promise<CheckResult> {
  const { asks, ...situation } = rest;
  return checkOf(
    await grade({ only: [check], ...situation, answer, asks: { [language]: asks ?? {} } }),
    `${language}/${check}`,
  );
}
