import { Option } from 'commander';
import type { Command } from 'commander';
import { UsageError } from '../../domain/usage-error.ts';
import { markdownReport } from '../../reporters/markdown.ts';
import { resultTable } from '../../reporters/terminal.ts';
import { findRoot } from '../../store/library.ts';
import { RunStore, runIds } from '../../store/run-store.ts';
import { exit } from '../exit.ts';
import { home } from '../home.ts';

interface ReportOptions {
  format: 'text' | 'json' | 'markdown';
}

async function run(asked: string, { format }: ReportOptions): Promise<number> {
  const root = findRoot(process.cwd(), home);
  const ids = await runIds(root);
  const id = asked === 'latest' ? ids.at(-1) : asked;
  if (id === undefined || !ids.includes(id)) {
    throw new UsageError(`expected a run of ${ids.length === 0 ? 'reports/runs, which is empty' : ids.slice(-5).join(', ')}, found ${asked}; cupel list shows them all.`);
  }
  const results = await new RunStore(root, id).results();
  if (format === 'json') process.stdout.write(`${JSON.stringify(results, null, 1)}\n`);
  else process.stdout.write(format === 'markdown' ? markdownReport(results) : `${resultTable(results)}\n`);
  return exit.held;
}

/** `cupel report <run>` */
export function reportCommand(program: Command, act: (work: (signal: AbortSignal) => Promise<number>) => Promise<void>): void {
  program
    .command('report')
    .description('render a run again')
    .argument('[run]', 'the id of a run', 'latest')
    .addOption(new Option('--format <format>', 'how').choices(['text', 'markdown', 'json']).default('text'))
    .action((id: string, options: ReportOptions) => act(() => run(id, options)));
}
