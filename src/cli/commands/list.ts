import type { Command } from 'commander';
import { catalogueOf } from '../../app/catalogue.ts';
import type { Listing } from '../../app/catalogue.ts';
import { runLine } from '../../app/list-runs.ts';
import { commandProject } from '../shared/project.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption } from '../shared/options.ts';
import type { OutputOptions } from '../shared/options.ts';
import { printJson } from '../shared/print.ts';

function listingText(kind: string, { from, names, sources = {}, runs }: Listing): string {
  if (runs !== undefined && runs.length > 0)
    return `${kind} (${from})\n${runs.map((one) => `  ${runLine(one)}\n`).join('')}`;
  const lines = names.map((name) => {
    const source = sources[name] ?? name;
    return `  ${name}${source === name ? '' : `  from ${source}`}\n`;
  });
  return `${kind} (${from})\n${lines.join('') || '  none\n'}`;
}

async function run({ format }: OutputOptions): Promise<number> {
  const project = await commandProject();
  const catalogue = await catalogueOf(project);
  if (format === 'json') {
    printJson(catalogue);
    return exit.held;
  }
  process.stdout.write(`project ${project.root} (${project.configFile ?? 'no cupel.config.*'})\n`);
  for (const [kind, listing] of Object.entries(catalogue)) process.stdout.write(listingText(kind, listing));
  return exit.held;
}

/** `cupel list` */
export function listCommand(program: Command, runAction: RunAction): void {
  formatOption(program.command('list')).action((options: OutputOptions) => runAction(() => run(options)));
}
