import type { Command } from 'commander';
import { UsageError } from '../../domain/usage-error.ts';
import { promote } from '../../store/runs/baselines.ts';
import { findRoot } from '../../store/inputs/library.ts';
import type { Act } from '../act.ts';
import { readSide } from '../comparison.ts';
import { exit } from '../exit.ts';
import { home } from '../home.ts';
import { formatOption, printJson } from '../output.ts';
import type { OutputOptions } from '../output.ts';

interface PromoteOptions extends OutputOptions {
  name?: string;
  prompt?: string;
  model?: string;
}

async function run(id: string, options: PromoteOptions): Promise<number> {
  const root = findRoot(process.cwd(), home);
  const whole = await readSide(root, id);
  const { prompt, model } = options;
  const cells = whole.cells.filter(
    ({ cell }) => (prompt === undefined || cell.prompt === prompt) && (model === undefined || cell.model === model),
  );
  if (cells.length === 0)
    throw new UsageError(
      `${id}: expected cells of ${[prompt, model].filter((part) => part !== undefined).join(' and ')}, found none.`,
    );
  const ungraded = cells.filter(({ verdict }) => verdict === 'ungraded').length;
  if (ungraded > 0)
    throw new UsageError(
      `${id}: expected a run without ungraded cells, found ${ungraded}; a baseline must be known. Resume the run first.`,
    );
  const name = options.name ?? whole.suite ?? 'default';
  const path = await promote(root, name, { ...whole, cells });
  if (options.format === 'json') printJson({ name, path, run: whole.run, cells: cells.length });
  else
    process.stdout.write(
      `baseline ${name}: ${cells.length} answers of ${whole.run}\n${path}\ncommit it; cupel compare ${name} <run> compares with it. The answers stay in reports/runs/${whole.run}: they are needed when grader or tools have changed.\n`,
    );
  return exit.held;
}

/** `cupel baseline promote <run>` */
export function baselineCommand(program: Command, act: Act): void {
  const baseline = program.command('baseline');
  const command = formatOption(baseline.command('promote'))
    .description('make a run the baseline, on purpose')
    .argument('<run>', 'the id of a run, or latest')
    .option('--name <name>', "the baseline's name (default: the run's suite)")
    .option('--prompt <prompt>', 'only the answers to this prompt')
    .option('--model <model>', 'only the answers of this model')
    .action((id: string, options: PromoteOptions) => act(() => run(id, options)));
  command.exitOverride();
}
