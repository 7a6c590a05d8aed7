import type { Command } from 'commander';
import { keepDurations } from '../../app/shards/durations.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption } from '../shared/options.ts';
import type { OutputOptions } from '../shared/options.ts';
import { printJson } from '../shared/print.ts';
import { commandServices } from '../shared/services.ts';

async function run(runs: string[], { format }: OutputOptions, signal: AbortSignal): Promise<number> {
  const { root } = await commandServices({}, signal);
  const kept = await keepDurations(root, runs);
  if (format === 'json') printJson(kept);
  else {
    const lines = Object.entries(kept.seconds).map(([scenario, seconds]) => `${scenario.padEnd(32)} ${seconds} s\n`);
    process.stdout.write(`${lines.join('')}written to ${kept.path}; commit it, and all shards are balanced by it\n`);
  }
  return exit.held;
}

/** `cupel durations <run...>` */
export function durationsCommand(program: Command, runAction: RunAction): void {
  formatOption(program.command('durations'))
    .argument('<run...>', 'ids of finished runs')
    .action((runs: string[], options: OutputOptions) => runAction((signal) => run(runs, options, signal)));
}
