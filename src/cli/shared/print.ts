import { catalog } from '../../app/services/checks.ts';
import { TerminalProgress } from '../../reporters/progress.ts';
import type { OutputOptions } from './options.ts';

/** Prints a value for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 1)}\n`);
}

/** Prints a message for people, beside what programs read. */
export function printMessage(text: string): void {
  process.stderr.write(`cupel: ${text}\n`);
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

/** Shows a run while it goes on: on standard output, or on standard error where the output is JSON. */
export function progress({ format }: OutputOptions): TerminalProgress {
  const stream = format === 'json' ? process.stderr : process.stdout;
  const columns = stream.isTTY ? stream.columns : null;
  return new TerminalProgress({ write: (text) => stream.write(text), columns }, catalog);
}
