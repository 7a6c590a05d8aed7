import { Option } from 'commander';
import type { Command } from 'commander';
import type { Reporter } from '../ports/reporter.ts';
import { catalog } from './checks.ts';
import type { Forecast } from './forecast.ts';
import { TerminalReporter } from '../reporters/terminal.ts';

export interface OutputOptions {
  format: 'text' | 'json';
}

/** `--format`, for every command. */
export function formatOption(command: Command): Command {
  return command.addOption(
    new Option('--format <format>', 'text for people, json for programs').choices(['text', 'json']).default('text'),
  );
}

/** Options of the commands that grade. */
export function gradingOptions(command: Command): Command {
  return formatOption(command)
    .option('--jobs <n>', 'checks that run side by side (default: the number of cores)', Number)
    .option('--state <folder>', 'where layers, caches and verdicts are kept (default: .cupel)')
    .addOption(
      new Option(
        '--state-size <size>',
        'what that folder may take (default: 10GB); what was not used for longest is removed',
      ).env('CUPEL_STATE_SIZE'),
    )
    .option('--no-cache', 'run every check, whatever is known of it');
}

/** Prints a value for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 1)}\n`);
}

/** Prints one line and waits until it is out; false when nobody reads any more. */
export function printLine(text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const ended = (error: NodeJS.ErrnoException): void => (error.code === 'EPIPE' ? resolve(false) : reject(error));
    process.stdout.once('error', ended);
    process.stdout.write(`${text}\n`, (error) => {
      if (error !== null && error !== undefined) return;
      process.stdout.off('error', ended);
      resolve(true);
    });
  });
}

/** Progress for people, with its end foretold: on standard output, or beside the JSON on standard error. */
export function reporterFor({ format }: OutputOptions, forecast: Forecast): Reporter {
  const stream = format === 'json' ? process.stderr : process.stdout;
  const terminal = new TerminalReporter(
    { write: (text) => stream.write(text), columns: stream.isTTY ? stream.columns : null },
    catalog,
    () => forecast.secondsLeft(),
  );
  return {
    runStarted: (run) => terminal.runStarted(run),
    checkStarted(cell, id) {
      forecast.checkStarted(cell, id);
      terminal.checkStarted(cell, id);
    },
    checkEnded(cell, result, cached) {
      forecast.checkEnded(cell, result, cached);
      terminal.checkEnded(cell, result, cached);
    },
    cellEnded(grade) {
      forecast.cellEnded(grade);
      terminal.cellEnded(grade);
    },
    runEnded: (results, artifacts) => terminal.runEnded(results, artifacts),
  };
}
