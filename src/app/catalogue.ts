import type { Project } from '../domain/project/config.ts';
import { Library } from '../store/inputs/library.ts';
import { baselineNames } from '../store/runs/baselines.ts';
import { runners } from '../../runners/index.ts';
import { listRuns } from './list-runs.ts';
import type { ListedRun } from './list-runs.ts';
import { modelForms } from './models/forms.ts';

/** Things of one kind, and where they come from. */
export interface Listing {
  from: string;
  names: string[];
  /** Where each comes from, where that differs. */
  sources?: Record<string, string>;
  /** What is known of each run, where runs are listed. */
  runs?: ListedRun[];
}

/** Every prompt by the reference that a suite would name it with, and where it comes from. */
async function promptSources(library: Library): Promise<Record<string, string>> {
  const sources: Record<string, string> = {};
  for (const reference of await library.prompts()) sources[reference] = `prompts/${reference.replace('@', '/')}.md`;
  for (const path of await library.promptFiles()) sources[path] = path;
  for (const id of await library.suites()) {
    // A broken suite or a revision that is gone must not hide the rest.
    const suite = await library.suite(id).catch(() => null);
    for (const reference of suite?.prompts ?? []) {
      sources[reference] ??= await library.loadedPrompt(reference).then(
        ({ from }) => `${from}, named by the suite ${id}`,
        () => `nowhere: the suite ${id} names it, and it cannot be loaded`,
      );
    }
  }
  return sources;
}

/** All that a project has, by kind, and where each comes from. */
export async function catalogueOf(project: Project): Promise<Record<string, Listing>> {
  const { root, config } = project;
  const library = new Library(project);
  const prompts = await promptSources(library);
  const runs = await listRuns(root);
  return {
    prompts: { from: config.prompts.join(', '), names: Object.keys(prompts), sources: prompts },
    scenarios: { from: config.scenarios.join(', '), names: await library.scenarios() },
    suites: { from: config.suites.join(', '), names: await library.suites() },
    models: { from: 'evals/recordings/, or a service', names: [...modelForms] },
    languages: { from: 'runners/', names: runners.map(({ language, runtime }) => `${language} ${runtime}`) },
    baselines: { from: 'reports/baselines/', names: await baselineNames(root) },
    runs: { from: 'reports/runs/', names: runs.map(({ id }) => id), runs },
  };
}
