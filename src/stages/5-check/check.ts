import type { Answer } from '../../domain/grading/answer.ts';
import { errored } from '../../domain/grading/check.ts';
import type { CheckResult } from '../../domain/grading/check.ts';
import { checkIdText } from '../../domain/grading/check-id.ts';
import type { Extraction } from '../../domain/grading/extraction.ts';
import type { Project } from '../../domain/grading/project.ts';
import type { Asked } from '../../domain/grading/question.ts';
import type { AnswerCheck, AnswerContext } from '../../ports/checks.ts';
import type { CheckContext, Runner } from '../../ports/runner.ts';
import { runAnswerChecks } from './answer-checks.ts';
import { commandChecks } from './command-checks.ts';
import { unnamedBlocksOf } from './drafts.ts';
import type { AnswerEffects } from './effects.ts';
import { installCommands } from './install-commands.ts';
import { projectChecks } from './project-checks.ts';
import { verdictKey } from './verdict-key.ts';
import { layOutWorkspaces } from './workspaces.ts';
import type { Workspaces } from './workspaces.ts';

/** An answer with what was taken out of it. */
export interface Extracted {
  answer: Answer;
  extraction: Extraction;
  projects: readonly Project[];
}

/** One project with the runner of its language; `several` when the language has more than one. */
interface RunnerProject {
  runner: Runner;
  project: Project;
  several: boolean;
}

/** The projects to check for a language: those of the answer, or an empty one that stands for what is missing. */
function projectsFor(runner: Runner, all: readonly Project[]): RunnerProject[] {
  const present = all.filter(({ language }) => language === runner.language);
  const projects = present.length > 0 ? present : [{ language: runner.language, root: '.', files: [] }];
  return projects.map((project) => ({ runner, project, several: projects.length > 1 }));
}

/** Keeps what was computed under a name. One name has one maker: the caller's contract. */
function memo(): CheckContext['once'] {
  const values = new Map<string, Promise<unknown>>();
  return <T>(name: string, make: () => Promise<T>): Promise<T> => {
    const value = values.get(name) ?? make();
    values.set(name, value);
    return value as Promise<T>;
  };
}

function contextFor(
  { answer, extraction }: Extracted,
  asked: Asked,
  { grading, resolutions, draw }: AnswerEffects,
  { runner, project }: RunnerProject,
  { workspace, draft }: Workspaces,
): CheckContext {
  return {
    ...grading.kit,
    project,
    files: extraction.files,
    workspace,
    draft,
    installs: installCommands(answer.text, extraction),
    asked: asked.languages[runner.language] ?? {
      runtime: runner.runtime,
      standards: [...runner.defaultStandards],
      coverage: null,
      configuration: {},
    },
    dependencies: asked.dependencies,
    limits: asked.limits,
    asOf: answer.date,
    resolution: resolutions.get(project),
    keepResolution: (resolution) => resolutions.keep(project, resolution),
    once: memo(),
    alone: (run) => grading.lanes.alone(run),
    contract: asked.contract,
    launch: runner.launch,
    draw: (purpose) => draw(`${runner.language}/${purpose} in ${project.root}`),
  };
}

async function checkProject(
  extracted: Extracted,
  asked: Asked,
  effects: AnswerEffects,
  target: RunnerProject,
): Promise<CheckResult[]> {
  const { grading, listener } = effects;
  const { runner, project, several } = target;
  const { answer, extraction } = extracted;
  const drafts = unnamedBlocksOf(answer.text, extraction, runner, project.root);
  const hasContract = asked.contract !== undefined;
  const hasHiddenTests = asked.languages[runner.language]?.hidden !== undefined;
  const checks = [...runner.checks, ...grading.sharedChecks.everyLanguage].filter(
    ({ asksContract = false, asksHiddenTests = false }) =>
      (hasContract || !asksContract) && (hasHiddenTests || !asksHiddenTests),
  );
  const idOf = (name: string): string =>
    checkIdText({ language: runner.language, name, root: several ? project.root : null });
  let workspaces: Workspaces;
  try {
    workspaces = await layOutWorkspaces(grading, extraction.files, drafts);
  } catch (error) {
    grading.kit.signal?.throwIfAborted();
    // A full disk, mostly: nothing could be measured, and other cells go on.
    const reason = `the answer could not be laid out: ${error instanceof Error ? error.message : String(error)}`;
    const results = checks.map((check): CheckResult => ({ id: idOf(check.name), ...errored({ reason }) }));
    for (const result of results) listener.checkEnded(result, false);
    return results;
  }
  const context = contextFor(extracted, asked, effects, target, workspaces);
  try {
    return await projectChecks({
      effects,
      runner,
      checks,
      context,
      idOf,
      hasDrafts: drafts.length > 0,
      located: [...extraction.files, ...drafts],
      flags: extraction.flags,
      keyOf: (check) => verdictKey(grading, runner, context, check, drafts, extracted.projects),
    });
  } finally {
    workspaces.remove();
  }
}

/** All checks of an answer: of the answer as a whole, then of each project of each language asked for. */
export async function checkAnswer(extracted: Extracted, asked: Asked, effects: AnswerEffects): Promise<CheckResult[]> {
  const { runners: all, sharedChecks } = effects.grading;
  const runners = all.filter(({ language }) => language in asked.languages);
  const context: AnswerContext = {
    answer: extracted.answer,
    extraction: extracted.extraction,
    sections: asked.sections,
    parts: asked.parts,
    languages: runners.map(({ language, fences }) => ({
      language,
      fences,
      present: extracted.projects.some((project) => project.language === language),
    })),
    results: [],
    contract: asked.contract,
  };
  const checkEnded = (result: CheckResult): void => effects.listener.checkEnded(result, false);
  const isLate = ({ afterProjects = false }: AnswerCheck): boolean => afterProjects;
  const answerChecks = sharedChecks.answer.filter(
    ({ asksContract = false }) => asked.contract !== undefined || !asksContract,
  );
  const first = await runAnswerChecks(
    answerChecks.filter((check) => !isLate(check)),
    context,
    checkEnded,
  );
  const targets = runners.flatMap((runner) => projectsFor(runner, extracted.projects));
  const checked = await Promise.all(targets.map((target) => checkProject(extracted, asked, effects, target)));
  const results = [...checked.flat(), ...(await commandChecks(extracted.extraction.files, asked, effects))];
  const last = await runAnswerChecks(answerChecks.filter(isLate), { ...context, results }, checkEnded);
  return [...first, ...last, ...results];
}
