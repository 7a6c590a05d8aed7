import type { Command } from 'commander';
import { night } from '../../app/night/night.ts';
import type { NightOutcome } from '../../app/night/night.ts';
import { morningLine } from '../../reporters/trend/words.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption, gradingOptions } from '../shared/options.ts';
import type { GradingOptions, OutputOptions } from '../shared/options.ts';
import { printJson, printMessage, progress } from '../shared/print.ts';
import { commandServices } from '../shared/services.ts';

interface NightOptions extends GradingOptions, OutputOptions {
  model: string[];
  repeat?: number;
  budget?: number;
  alarms?: number;
  baseline: boolean;
  keep?: number;
}

function printOutcome({ night: made, quarantine, removed }: NightOutcome): void {
  for (const scenario of quarantine.over) printMessage(`${scenario}: its quarantine is over; it gates again`);
  for (const scenario of quarantine.tooLong)
    printMessage(`${scenario}: a quarantine of more than 30 days does not hold; it gates`);
  if (quarantine.holds.size > 0)
    printMessage(`in quarantine, run and without a say: ${[...quarantine.holds].join(', ')}`);
  if (removed.length > 0) printMessage(`removed ${removed.length} runs of earlier nights`);
  process.stdout.write(`${morningLine(made)}\n`);
}

/** A gate that is not met, or an alarm, ends with 1; answers that could not be graded beyond what is allowed with 3. */
function statusOf({ night: made, comparisons }: NightOutcome): number {
  if (made.series.some(({ gateMet }) => !gateMet) || made.suspicions.some(({ confirmed }) => confirmed))
    return exit.gate;
  const ungraded = made.series.reduce((sum, one) => sum + one.ungraded, 0);
  const allowed = comparisons[0]?.comparison.gate.rules.ungraded ?? 0;
  return ungraded > allowed ? exit.unmeasured : exit.held;
}

async function run(suite: string, options: NightOptions, signal: AbortSignal): Promise<number> {
  const { model: models, repeat: repeats, budget: budgetUsd, alarms, baseline, keep, format } = options;
  const services = await commandServices(options, signal);
  printMessage('night: every answer is asked for anew; none of an earlier night is used');
  const request = { suite, models, repeats, budgetUsd, alarms, withoutBaseline: !baseline, keep };
  const outcome = await night(services, request, progress({ format: 'json' }));
  if (format === 'json') printJson(outcome.night);
  else printOutcome(outcome);
  return statusOf(outcome);
}

/** `cupel night [suite]` */
export function nightCommand(program: Command, runAction: RunAction): void {
  gradingOptions(formatOption(program.command('night')))
    .argument('[suite]', 'a file of evals/suites/ without its ending', 'default')
    .option('--model <id...>', 'these models instead of those of the suite', [])
    .option('--repeat <n>', 'answers for each prompt, scenario and model', Number)
    .option('--budget <dollars>', 'never pay more than this for the night, and as much again to confirm', Number)
    .option('--alarms <n>', 'false alarms a month that are allowed over all models (default: 0.1)', Number)
    .option('--no-baseline', 'only keep the history: there is no baseline yet')
    .option('--keep <n>', 'remove the runs of all nights but the last n; the history stays', Number)
    .action((suite: string, options: NightOptions) => runAction((signal) => run(suite, options, signal)));
}
