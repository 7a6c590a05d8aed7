import type { Command } from 'commander';
import { Library, findRoot } from '../../store/library.ts';
import { runIds } from '../../store/run-store.ts';
import { runners } from '../../../runners/index.ts';
import { exit } from '../exit.ts';
import { home } from '../home.ts';
import { formatOption, printJson } from '../output.ts';
import type { OutputOptions } from '../output.ts';

async function run(options: OutputOptions): Promise<number> {
  const root = findRoot(process.cwd(), home);
  const library = new Library(root);
  const found: Record<string, { from: string; names: string[] }> = {
    prompts: { from: 'prompts/', names: await library.prompts() },
    scenarios: { from: 'evals/', names: await library.scenarios() },
    suites: { from: 'evals/suites/', names: await library.suites() },
    models: { from: 'evals/recordings/', names: ['recorded'] },
    languages: { from: 'runners/', names: runners.map(({ language, runtime }) => `${language} ${runtime}`) },
    runs: { from: 'reports/runs/', names: await runIds(root) },
  };
  if (options.format === 'json') printJson(found);
  else {
    for (const [what, { from, names }] of Object.entries(found)) {
      process.stdout.write(`${what} (${from})\n${names.map((name) => `  ${name}\n`).join('') || '  none\n'}`);
    }
  }
  return exit.held;
}

/** `cupel list` */
export function listCommand(program: Command, act: (work: (signal: AbortSignal) => Promise<number>) => Promise<void>): void {
  formatOption(program.command('list'))
    .description('prompts, scenarios, suites, models, languages and runs, and where each comes from')
    .action((options: OutputOptions) => act(() => run(options)));
}
