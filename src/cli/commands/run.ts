import { Option } from 'commander';
import type { Command } from 'commander';
import { planRun } from '../../app/plan.ts';
import type { RunRequest } from '../../app/plan.ts';
import { runPlanned } from '../../app/run.ts';
import type { Shard } from '../../domain/runs/run.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { dialectOption, formatOption, gradingOptions } from '../shared/options.ts';
import type { GradingOptions, OutputOptions } from '../shared/options.ts';
import { printJson, progress } from '../shared/print.ts';
import { outcomeStatus, printOutcome } from '../shared/run-outcome.ts';
import { commandServices } from '../shared/services.ts';

interface RunOptions extends GradingOptions, OutputOptions {
  prompt: string[];
  dialect?: string;
  model: string[];
  scenario: string[];
  repeat?: number;
  resume?: string;
  shard?: string;
  budget?: number;
  budgetTokens?: number;
  dryRun?: boolean;
  askAgain?: boolean;
  batch?: true | 'submit' | 'collect';
  untilSettled?: true | string;
  controls: boolean;
  gate: boolean;
}

/** `--shard 2/5`. Throws `UsageError`. */
function shardOf(text: string): Shard {
  const [index = 0, of = 0] = /^\d+\/\d+$/.test(text) ? text.split('/').map(Number) : [];
  if (index < 1 || index > of) throw new UsageError(`--shard: expected i/n with i from 1 to n, found ${text}.`);
  return { index, of };
}

/** The number of `--until-settled [answers]`; true when none is given. Throws `UsageError`. */
function answersToAdd(option: true | string | undefined): number | true | undefined {
  if (typeof option !== 'string') return option;
  if (!/^\d+$/.test(option))
    throw new UsageError(`--until-settled: expected a number of answers from 1, found ${option}.`);
  return Number(option);
}

function requestOf(suite: string, options: RunOptions): RunRequest {
  return {
    suite,
    prompts: options.prompt,
    models: options.model,
    scenarios: options.scenario,
    repeats: options.repeat,
    shard: options.shard === undefined ? undefined : shardOf(options.shard),
    budgetUsd: options.budget,
    budgetTokens: options.budgetTokens,
    askAgain: options.askAgain,
    batched: options.batch !== undefined,
    resume: options.resume,
    withoutControls: !options.controls,
    withoutGate: !options.gate,
    untilSettled: answersToAdd(options.untilSettled),
  };
}

async function run(suite: string, options: RunOptions, signal: AbortSignal): Promise<number> {
  const planned = await planRun(await commandServices(options, signal), requestOf(suite, options));
  if (options.dryRun === true) {
    const estimate = await (await import('../../app/dry-run.ts')).dryRun(planned);
    if (options.format === 'json') printJson(estimate);
    else process.stdout.write((await import('../shared/dry-run.ts')).dryRunText(estimate));
    return exit.held;
  }
  if (options.batch !== undefined) {
    const status = await (await import('../shared/batch.ts')).batchStep(planned, options.batch, options);
    if (status !== null) return status;
  }
  const outcome = await runPlanned(planned, progress(options));
  await printOutcome(outcome, planned.services.root, options);
  return outcomeStatus(outcome, planned.suite.gate?.ungraded);
}

const resumeHelp = `
A run that was stopped, killed or out of room is gone on with by the same words and --resume; its results are
those of an undisturbed run. --state, --state-size: the folder that outlives runs may be shared by several processes.`;

/** `cupel run [suite]` */
export function runCommand(program: Command, runAction: RunAction): void {
  gradingOptions(formatOption(program.command('run')))
    .argument('[suite]', 'a file of evals/suites/ without its ending', 'default')
    .option(
      '--prompt <prompt...>',
      'only these prompts: <id>@<version>, a file, or git:<revision>:<path>; also others than the suite names',
      [],
    )
    .addOption(dialectOption())
    .option('--scenario <id...>', 'only these scenarios', [])
    .option('--model <id...>', 'only these models; also others than the suite names', [])
    .option('--resume <run>', 'go on with an interrupted run: what is answered and graded stays')
    .addHelpText('after', resumeHelp)
    .option('--repeat <n>', 'answers for each prompt, scenario and model', Number)
    .option(
      '--shard <i/n>',
      'the i-th of n parts of the cells, balanced by evals/durations.json; cupel merge puts them together',
    )
    .option('--budget <dollars>', 'never pay more than this for the answers of the run', Number)
    .option('--budget-tokens <n>', 'never use more tokens than this', Number)
    .option(
      '--dry-run',
      'ask nothing; say how many calls there would be, what they can cost, and what is known already',
    )
    .option(
      '--no-controls',
      'grade no answers with known verdicts first (a live run does, once for each grader and toolchain)',
    )
    .option('--no-gate', 'do not decide the gate of the suite')
    .option('--ask-again', 'ask also for answers that are known from earlier runs')
    .addOption(
      new Option(
        '--batch [step]',
        "through Anthropic's message batches, at half the price: all of it, or one step",
      ).choices(['submit', 'collect']),
    )
    .option(
      '--until-settled [answers]',
      'add answers where they help most until the gate is decided, at most this many (default: as many as the suite has)',
    )
    .action((suite: string, options: RunOptions) => runAction((signal) => run(suite, options, signal)));
}
