import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { initProject } from '../../app/init/init.ts';
import type { Initialised } from '../../app/init/init.ts';
import { forges } from '../../app/workflows/index.ts';
import type { Forge } from '../../app/workflows/index.ts';
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

interface InitOptions extends OutputOptions {
  workflows?: Forge | 'none';
}

async function init(folder: string, { format, workflows }: InitOptions): Promise<number> {
  const initialised = await initProject(resolve(folder), workflows);
  if (format === 'json') printJson(initialised);
  else process.stdout.write(initText(initialised));
  return exit.held;
}

/** `cupel init [folder]` */
export function initCommand(program: Command, runAction: RunAction): void {
  formatOption(program.command('init'))
    .argument('[folder]', 'where the project is set up', '.')
    .option('-y, --yes', 'ask no questions')
    .addOption(
      new Option(
        '--workflows <service>',
        'files for its jobs, on pull requests and every night (default: those of the service that is used here)',
      ).choices([...forges, 'none']),
    )
    .action((folder: string, options: InitOptions) => runAction(() => init(folder, options)));
}
