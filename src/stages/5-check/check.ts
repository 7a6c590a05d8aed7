import type { Answer } from '../../domain/grading/answer.ts';
import { errored } from '../../domain/grading/check.ts';
import type { CheckResult } from '../../domain/grading/check.ts';
import type { AnswerFile, Extraction } from '../../domain/grading/extraction.ts';
import type { Project } from '../../domain/grading/project.ts';
import type { Asked } from '../../domain/grading/question.ts';
import type { Check, CheckContext, Runner } from '../../ports/runner.ts';
import { answerChecks } from './answer-checks.ts';
import { draftsOf } from './drafts.ts';
import type { AnswerEffects, Grading } from './effects.ts';
import { projectChecks } from './project-checks.ts';

/** An answer with what was taken out of it. */
export interface Extracted {
  answer: Answer;
  extraction: Extraction;
  projects: readonly Project[];
}

/** The projects to check for a language: those of the answer, or an empty one that stands for what is missing. */
function projectsFor(language: string, projects: readonly Project[]): Project[] {
  const own = projects.filter((project) => project.language === language);
  return own.length > 0 ? own : [{ language, root: '.', files: [] }];
}

function memo(): CheckContext['once'] {
  const made = new Map<string, Promise<unknown>>();
  return <T>(name: string, make: () => Promise<T>): Promise<T> => {
    const known = made.get(name) ?? make();
    made.set(name, known);
    return known as Promise<T>; // one name, one maker: the caller's contract
  };
}

/** Hashes of texts that many checks read, each made once. */
const digests = new WeakMap<AnswerFile, string>();

function digestOf(file: AnswerFile, hash: Grading['hash']): string {
  const digest = digests.get(file) ?? hash(file.text);
  digests.set(file, digest);
  return digest;
}

async function keyOf(
  { tools: toolsOf, hash, graderKey }: Grading,
  runner: Runner,
  context: CheckContext,
  check: Check,
  drafts: readonly AnswerFile[],
): Promise<string> {
  const tools = await toolsOf(runner);
  // What neither resolves nor needs dependencies cannot depend on them.
  const installed = check.name === 'dependencies' || check.needs.includes('dependencies');
  const fingerprint = installed ? await runner.fingerprint(context) : 'none';
  const read = [...context.files, ...(check.drafts === true ? drafts : [])].filter(({ path }) => check.reads(path));
  return hash({
    check: [runner.language, check.name, context.project.root],
    files: read.map((file) => [file.path, digestOf(file, hash)]),
    asked: context.asked,
    policy: [context.dependencies, context.limits, check.name === 'dependencies' ? context.asOf : null],
    tools,
    fingerprint,
    grader: graderKey,
  });
}

/** Where the checks of a project start from: the answer, and the answer with its unnamed blocks. */
interface Places {
  workspace: string;
  draft: string;
  remove(): void;
}

async function placesFor(
  { layOut }: Grading,
  files: readonly AnswerFile[],
  drafts: readonly AnswerFile[],
): Promise<Places> {
  const workspace = await layOut(files);
  if (drafts.length === 0)
    return { workspace: workspace.folder, draft: workspace.folder, remove: () => workspace.remove() };
  try {
    const draft = await layOut([...files, ...drafts]);
    const remove = (): void => {
      workspace.remove();
      draft.remove();
    };
    return { workspace: workspace.folder, draft: draft.folder, remove };
  } catch (error) {
    workspace.remove();
    throw error;
  }
}

async function checkProject(
  extracted: Extracted,
  asked: Asked,
  effects: AnswerEffects,
  runner: Runner,
  project: Project,
  several: boolean,
): Promise<CheckResult[]> {
  const { grading, resolutions } = effects;
  const drafts = draftsOf(extracted.answer.text, extracted.extraction, runner, project.root);
  const idOf = (check: string): string => `${runner.language}/${check}${several ? `@${project.root}` : ''}`;
  let places: Places;
  try {
    places = await placesFor(grading, extracted.extraction.files, drafts);
  } catch (error) {
    grading.kit.signal?.throwIfAborted();
    // A full disk, mostly: nothing could be measured, and other cells go on.
    const reason = `the answer could not be laid out: ${error instanceof Error ? error.message : String(error)}`;
    const results = runner.checks.map((check): CheckResult => ({ id: idOf(check.name), ...errored({ reason }) }));
    for (const result of results) effects.listener.checkEnded(result, false);
    return results;
  }
  const context: CheckContext = {
    ...grading.kit,
    project,
    files: extracted.extraction.files,
    workspace: places.workspace,
    draft: places.draft,
    asked: asked.languages[runner.language] ?? {
      runtime: runner.runtime,
      standards: [...runner.defaultStandards],
      coverage: null,
      configuration: {},
    },
    dependencies: asked.dependencies,
    limits: asked.limits,
    asOf: extracted.answer.date,
    resolution: resolutions.get(project),
    keepResolution: (resolution) => resolutions.keep(project, resolution),
    once: memo(),
    alone: (run) => grading.lanes.alone(run),
    draw: (purpose) => effects.draw(`${idOf(purpose)} in ${project.root}`),
  };
  try {
    return await projectChecks({
      effects,
      runner,
      context,
      idOf,
      hasDrafts: drafts.length > 0,
      located: [...extracted.extraction.files, ...drafts],
      keyOf: (check) => keyOf(grading, runner, context, check, drafts),
    });
  } finally {
    places.remove();
  }
}

/** All checks of an answer: of the answer as a whole, then of each project of each language asked for. */
export async function checkAnswer(extracted: Extracted, asked: Asked, effects: AnswerEffects): Promise<CheckResult[]> {
  const runners = effects.grading.runners.filter(({ language }) => language in asked.languages);
  const whole = answerChecks({
    answer: extracted.answer,
    extraction: extracted.extraction,
    sections: asked.sections,
    languages: runners.map(({ language, fences }) => ({
      language,
      fences,
      present: extracted.projects.some((project) => project.language === language),
    })),
  });
  for (const result of whole) effects.listener.checkEnded(result, false);
  const checked = runners.flatMap((runner) => {
    const projects = projectsFor(runner.language, extracted.projects);
    return projects.map((project) => checkProject(extracted, asked, effects, runner, project, projects.length > 1));
  });
  return [...whole, ...(await Promise.all(checked)).flat()];
}
