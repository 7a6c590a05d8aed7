import type { Command } from 'commander';
import { merge } from '../../app/shards/merge.ts';
import type { RunAction } from '../shared/run-action.ts';
import { formatOption, gradingOptions } from '../shared/options.ts';
import type { GradingOptions, OutputOptions } from '../shared/options.ts';
import { progress } from '../shared/print.ts';
import { outcomeStatus, printOutcome } from '../shared/run-outcome.ts';
import { commandServices } from '../shared/services.ts';

interface MergeOptions extends GradingOptions, OutputOptions {
  allowMissing?: true;
}

async function run(runs: string[], options: MergeOptions, signal: AbortSignal): Promise<number> {
  const services = await commandServices(options, signal);
  const outcome = await merge(services, { runs, allowMissing: options.allowMissing }, progress(options));
  await printOutcome(outcome, services.root, options);
  return outcomeStatus(outcome, outcome.gate?.ungraded);
}

const help = `
A shard is refused, by its name, when it is damaged, not finished, there twice, or part of another plan, and when
grader, tools or sandbox are others than those of the first. Nothing is written then. The merged run is as one that was
run in one piece; the gate of its suite is decided now.`;

/** `cupel merge <run...>` */
export function mergeCommand(program: Command, runAction: RunAction): void {
  gradingOptions(formatOption(program.command('merge')))
    .argument('<run...>', 'ids of shards, folders that hold them, or archives (.tar.gz)')
    .option('--allow-missing', 'count the answers of shards that are missing as ungraded')
    .addHelpText('after', help)
    .action((runs: string[], options: MergeOptions) => runAction((signal) => run(runs, options, signal)));
}
