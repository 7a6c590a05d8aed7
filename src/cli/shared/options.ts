import { Option } from 'commander';
import type { Command } from 'commander';

/** What every command that prints a result can be asked for. */
export interface OutputOptions {
  format: 'text' | 'json';
}

/** `--format`, for every command. */
export function formatOption(command: Command): Command {
  return command.addOption(
    new Option('--format <format>', 'text for people, json for programs').choices(['text', 'json']).default('text'),
  );
}

/** `--dialect` */
export const dialectOption = (): Option =>
  new Option(
    '--dialect <name>',
    'how the prompts are written (default: as cupel.config.* or the front matter says, or path and text stand for)',
  );

/** What every command that grades can be given. */
export interface GradingOptions {
  state?: string;
  jobs?: number;
  cache: boolean;
  stateSize?: string;
}

/** `--state` */
export const stateOption = (): Option =>
  new Option('--state <folder>', 'where layers, caches and verdicts are kept (default: .cupel)').env('CUPEL_STATE');

/** Options of every command that may grade. */
export function gradingOptions(command: Command): Command {
  return command
    .option('--jobs <n>', 'checks that run side by side (default: the number of cores)', Number)
    .addOption(stateOption())
    .addOption(
      new Option(
        '--state-size <size>',
        'what that folder may take (default: 10GB); what was not used for longest is removed',
      ).env('CUPEL_STATE_SIZE'),
    )
    .option('--no-cache', 'run every check, whatever is known of it');
}
