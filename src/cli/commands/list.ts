import type { Command } from 'commander';
import { baselineNames } from '../../store/runs/baselines.ts';
import { Library, findRoot } from '../../store/inputs/library.ts';
import { runIds } from '../../store/runs/run-store.ts';
import { runners } from '../../../runners/index.ts';
import type { Act } from '../act.ts';
import { exit } from '../exit.ts';
import { home } from '../home.ts';
import { modelForms } from '../model-forms.ts';
import { formatOption, printJson } from '../output.ts';
import type { OutputOptions } from '../output.ts';

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

async function run(options: OutputOptions): Promise<number> {
  const root = findRoot(process.cwd(), home);
  const library = new Library(root);
  const prompts = await promptSources(library);
  const found: Record<string, { from: string; names: string[]; sources?: Record<string, string> }> = {
    prompts: { from: 'prompts/', names: Object.keys(prompts), sources: prompts },
    scenarios: { from: 'evals/', names: await library.scenarios() },
    suites: { from: 'evals/suites/', names: await library.suites() },
    models: { from: 'evals/recordings/, or a service', names: [...modelForms] },
    languages: { from: 'runners/', names: runners.map(({ language, runtime }) => `${language} ${runtime}`) },
    baselines: { from: 'reports/baselines/', names: await baselineNames(root) },
    runs: { from: 'reports/runs/', names: await runIds(root) },
  };
  if (options.format === 'json') printJson(found);
  else {
    for (const [what, { from, names, sources = {} }] of Object.entries(found)) {
      const lines = names.map(
        (name) =>
          `  ${name}${sources[name] === undefined || sources[name] === name ? '' : `  from ${sources[name]}`}\n`,
      );
      process.stdout.write(`${what} (${from})\n${lines.join('') || '  none\n'}`);
    }
  }
  return exit.held;
}

/** `cupel list` */
export function listCommand(program: Command, act: Act): void {
  formatOption(program.command('list')).action((options: OutputOptions) => act(() => run(options)));
}
