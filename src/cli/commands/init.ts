import { resolve } from 'node:path';
import type { Command } from 'commander';
import { initProject } from '../../app/init/init.ts';
import type { Initialised } from '../../app/init/init.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption } from '../shared/options.ts';
import type { OutputOptions } from '../shared/options.ts';
import { printJson } from '../shared/print.ts';

const starters: Record<string, string> = { pnpm: 'pnpm exec cupel', yarn: 'yarn cupel', bun: 'bunx cupel' };

function initText({ folder, written, unchanged, surroundings }: Initialised): string {
  const { repository, packageManager, prompts } = surroundings;
  const start = starters[packageManager ?? ''] ?? 'npx cupel';
  const inside = folder === process.cwd() ? '' : `cd ${folder} && `;
  return [
    ...written.map((path) => `  wrote ${path}`),
    ...(unchanged.length > 0 ? [`  ${unchanged.length} files were there already, and are as they should be`] : []),
    ...(repository === null ? ['No git repository here: prompts can be compared by file, not by revision.'] : []),
    ...(prompts.length > 0
      ? [`Prompts that are here already: ${prompts.join(', ')}. A suite names them by their paths.`]
      : []),
    `Next: ${inside}${start} run`,
    '',
  ].join('\n');
}

async function init(folder: string, { format }: OutputOptions): Promise<number> {
  const initialised = await initProject(resolve(folder));
  if (format === 'json') printJson(initialised);
  else process.stdout.write(initText(initialised));
  return exit.held;
}

/** `cupel init [folder]` */
export function initCommand(program: Command, runAction: RunAction): void {
  formatOption(program.command('init'))
    .argument('[folder]', 'where the project is set up', '.')
    .option('-y, --yes', 'ask no questions')
    .action((folder: string, options: OutputOptions) => runAction(() => init(folder, options)));
}
