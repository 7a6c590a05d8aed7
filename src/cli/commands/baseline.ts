import type { Command } from 'commander';
import { promoteBaseline } from '../../app/baseline.ts';
import { commandProject } from '../shared/project.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption } from '../shared/options.ts';
import type { OutputOptions } from '../shared/options.ts';
import { printJson } from '../shared/print.ts';

interface PromoteOptions extends OutputOptions {
  name?: string;
  prompt?: string;
  model?: string;
}

async function promote(run: string, { format, ...options }: PromoteOptions): Promise<number> {
  const promoted = await promoteBaseline((await commandProject()).root, { run, ...options });
  const { name, path, run: id, cells } = promoted;
  if (format === 'json') printJson(promoted);
  else
    process.stdout.write(
      `baseline ${name}: ${cells} answers of ${id}\n${path}\ncommit it; cupel compare ${name} <run> compares with ` +
        `it. The answers stay in reports/runs/${id}: they are needed when grader or tools have changed.\n`,
    );
  return exit.held;
}

/** `cupel baseline promote <run>` */
export function baselineCommand(program: Command, runAction: RunAction): void {
  const baseline = program.command('baseline');
  const command = formatOption(baseline.command('promote'))
    .description('make a run the baseline, on purpose')
    .argument('<run>', 'the id of a run, or latest')
    .option('--name <name>', "the baseline's name (default: the run's suite)")
    .option('--prompt <prompt>', 'only the answers to this prompt')
    .option('--model <model>', 'only the answers of this model')
    .action((run: string, options: PromoteOptions) => runAction(() => promote(run, options)));
  command.exitOverride();
}
