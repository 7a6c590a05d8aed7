import type { RunOutcome } from '../../app/run.ts';
import { renderComparison } from '../../app/services/reports.ts';
import { exit, statusOf } from './exit.ts';
import type { OutputOptions } from './options.ts';
import { printJson } from './print.ts';
import { absoluteText, printUnanswered, printUsage } from './run-messages.ts';

/** Prints what came of a run: its comparison, what its answers cost, and what is missing. */
export async function printOutcome(
  { results, comparison, absolute, usage }: RunOutcome,
  root: string,
  { format }: OutputOptions,
): Promise<void> {
  if (format === 'json') printJson(results);
  const people = format === 'json' ? process.stderr : process.stdout;
  if (comparison !== null) people.write(`\n${await renderComparison('text', comparison, root)}`);
  if (absolute !== null) people.write(`\n${absoluteText(absolute)}`);
  printUsage(usage);
  printUnanswered(results);
}

/** A gate that is not met ends with 1, more ungraded cells than are allowed with 3. */
export function outcomeStatus({ comparison, absolute, settled }: RunOutcome, ungraded: number | undefined): number {
  const broken = comparison?.gate.met === false || absolute?.met === false;
  return broken ? exit.gate : statusOf(settled, ungraded);
}
