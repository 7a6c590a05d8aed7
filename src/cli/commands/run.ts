import { join } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Answer } from '../../domain/grading/answer.ts';
import { cellKey } from '../../domain/grading/cell.ts';
import type { Provider } from '../../ports/provider.ts';
import type { Prompt } from '../../domain/grading/prompt.ts';
import type { Comparison } from '../../domain/runs/comparison.ts';
import type { PlannedCell } from '../../domain/grading/question.ts';
import type { Results } from '../../domain/runs/run.ts';
import type { Suite } from '../../domain/runs/suite.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { runCell } from '../../stages/pipeline.ts';
import { Account } from '../../providers/policies/budget.ts';
import type { Budget } from '../../providers/policies/budget.ts';
import { comparisonText } from '../../reporters/comparison/text.ts';
import { plan } from '../../stages/1-plan/plan.ts';
import { hashOf } from '../../store/files/hash.ts';
import type { Act } from '../act.ts';
import { diskLedger } from '../../store/runs/ledger.ts';
import { sayPaid, sayUnanswered } from '../asked.ts';
import { dryRun } from '../dry-run.ts';
import { execute } from '../execute.ts';
import type { CellJob } from '../execute.ts';
import { exit, statusOf } from '../exit.ts';
import { foresight, gatedComparison, mostAdded, untilSettled } from '../gate.ts';
import type { Models } from '../models.ts';
import { gradingOptions, printJson, reporterFor } from '../output.ts';
import type { OutputOptions } from '../output.ts';
import { services } from '../services.ts';
import type { GradingOptions, Services } from '../services.ts';

interface RunOptions extends GradingOptions, OutputOptions {
  prompt: string[];
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
}

/** A provider that has the answer already: nothing is asked twice. */
function having(answer: Answer): Provider {
  return { id: 'earlier', answer: () => Promise.resolve(answer) };
}

interface Shard {
  index: number;
  of: number;
}

/** `--shard 2/5`. Throws `UsageError`. */
function shardOf(text: string | undefined): Shard {
  if (text === undefined) return { index: 1, of: 1 };
  const [index = 0, of = 0] = /^\d+\/\d+$/.test(text) ? text.split('/').map(Number) : [];
  if (index < 1 || index > of) throw new UsageError(`--shard: expected i/n with i from 1 to n, found ${text}.`);
  return { index, of };
}

/** What this shard may use. Throws `UsageError`. */
function budgetOf({ budget, budgetTokens }: RunOptions, { of }: Shard): Budget {
  for (const [option, value] of Object.entries({ '--budget': budget, '--budget-tokens': budgetTokens })) {
    if (value !== undefined && !(value >= 0))
      throw new UsageError(`${option}: expected a number from 0, found something else.`);
  }
  return {
    costUsd: budget === undefined ? null : budget / of,
    tokens: budgetTokens === undefined ? null : Math.floor(budgetTokens / of),
  };
}

/** Plans the cells of a shard, for a number of repeats (null: the suite's). */
function planner(
  suite: Suite,
  options: RunOptions,
  { library, grading }: Services,
  { index, of }: Shard,
): (repeats: number | null) => Promise<PlannedCell[]> {
  // What a suite names counts from the project's folder, what is typed from the one it is typed in.
  const prompt = (reference: string): Promise<Prompt> =>
    library.prompt(reference, suite.prompts.includes(reference) ? library.root : process.cwd());
  return async (repeats) => {
    const selection = { prompts: options.prompt, models: options.model, scenarios: options.scenario, repeats };
    const cells = await plan(suite, selection, { prompt, scenario: (id) => library.scenario(id) }, grading.runners);
    return cells.filter((_cell, position) => position % of === index - 1);
  };
}

/** `--batch`: null when all answers are there and grading goes on, else the status to end with. */
async function throughBatches(
  cells: readonly PlannedCell[],
  models: Models,
  budget: Budget,
  { batch, format }: RunOptions,
  wired: Services,
): Promise<number | null> {
  const { collectBatches, submitBatches, waitForBatches } = await import('../batch.ts');
  const submitted =
    batch === 'collect'
      ? exit.held
      : await submitBatches(cells, models, wired, budget, { format: batch === 'submit' ? format : 'text' });
  if (batch === 'submit' || submitted !== exit.held) return submitted;
  if (batch === true) await waitForBatches(models, wired);
  else if (!(await collectBatches(models, wired))) return exit.unmeasured;
  return null;
}

/** `--dry-run`: what would be asked for and what it can cost, and what the planned answers can settle. */
async function foretell(
  suite: Suite,
  cells: readonly PlannedCell[],
  models: Models,
  { format }: RunOptions,
  wired: Services,
): Promise<number> {
  const [asked, settled] = [await dryRun(cells, models, wired.signal), await foresight(suite, cells, wired)];
  if (format === 'json') printJson({ ...asked.json, ...settled.json });
  else process.stdout.write(`${asked.text}${settled.text}`);
  return exit.held;
}

async function run(suiteId: string, options: RunOptions, signal: AbortSignal): Promise<number> {
  const wired = await services(options, signal);
  const suite = await wired.library.suite(suiteId);
  const shard = shardOf(options.shard);
  const budget = budgetOf(options, shard);
  const planned = planner(suite, options, wired, shard);
  const cells = await planned(options.repeat ?? null);
  const spending: { account: Account | null } = { account: null };
  const account = (): Account => {
    if (spending.account === null) throw new Error('a call before the run has begun');
    return spending.account;
  };
  if (options.batch !== undefined && options.askAgain === true)
    throw new UsageError('--ask-again: expected no --batch beside it, for a batch asks only for what is not known.');
  if (options.untilSettled !== undefined && shard.of > 1)
    throw new UsageError('--until-settled: expected no --shard beside it, for a part of the cells settles nothing.');
  const { Models } = await import('../models.ts'); // loaded when something may be asked, not for --help
  const models = await Models.of(wired, {
    budget,
    account,
    afresh: options.askAgain === true,
    batched: options.batch !== undefined,
    cells,
  });
  if (options.dryRun === true) return foretell(suite, cells, models, options, wired);
  const most = options.untilSettled === undefined ? null : mostAdded(suite, cells, options.untilSettled);
  const ended = options.batch === undefined ? null : await throughBatches(cells, models, budget, options, wired);
  if (ended !== null) return ended;

  const reporter = reporterFor(
    options,
    wired.forecast(cells.map(({ cell, scenario }) => ({ cell, languages: Object.keys(scenario.languages) }))),
  );
  const start = (some: readonly PlannedCell[], resume: string | undefined, growing: boolean): Promise<Results> => {
    const jobs = some.map((its): CellJob => ({
      cell: its.cell,
      planned: {
        request: its.request.hash,
        prompt: its.prompt.hash,
        scenario: hashOf(its.scenario),
        sections: its.prompt.sections === undefined ? null : hashOf(its.prompt.sections),
        variables: hashOf(its.scenario.variables),
        settings: models.fingerprintOf(its.cell.model ?? ''),
      },
      grade: (answered, earlier) =>
        runCell(its, earlier === null ? models.provider(its.cell.model ?? '') : having(earlier), {
          signal: wired.signal,
          answered,
        }),
    }));
    return execute(wired, suite.id, jobs, reporter, {
      resume,
      growing,
      async begun(folder) {
        const { ledger, earlier } = await diskLedger(join(folder, 'spending.ndjson'));
        spending.account = new Account(budget, ledger, earlier);
      },
    });
  };
  const first = await start(cells, options.resume, most !== null);
  const grow = async (id: string, wanted: ReadonlySet<string>, repeats: number): Promise<Results> =>
    start(
      (await planned(repeats)).filter(({ cell }) => wanted.has(cellKey(cell))),
      id,
      true,
    );
  // A shard is a part of a run: its gate is decided over all of them, by cupel compare.
  const once = async (): Promise<Comparison | null> =>
    shard.of > 1 ? null : gatedComparison(suite, first, wired, reporter);
  const { results, made, judged } =
    most === null
      ? { results: first, made: await once(), judged: first.grades }
      : await untilSettled(suite, first, most, grow, wired, reporter);
  if (options.format === 'json') printJson(results);
  if (made !== null) (options.format === 'json' ? process.stderr : process.stdout).write(`\n${comparisonText(made)}`);
  sayPaid(models, account());
  sayUnanswered(results);
  // Answers that were to be added and could not be had end the adding; they void nothing.
  if (made?.gate.met === false) return exit.gate;
  return statusOf(judged, suite.gate?.ungraded);
}

/** `cupel run [suite]` */
export function runCommand(program: Command, act: Act): void {
  gradingOptions(program.command('run'))
    .argument('[suite]', 'a file of evals/suites/ without its ending', 'default')
    .option(
      '--prompt <prompt...>',
      'only these prompts: <id>@<version>, a file, or git:<revision>:<path>; also others than the suite names',
      [],
    )
    .option('--scenario <id...>', 'only these scenarios', [])
    .option('--model <id...>', 'only these models; also others than the suite names', [])
    .option('--resume <run>', 'go on with an interrupted run: what is answered and graded stays')
    .addHelpText(
      'after',
      '\nA run that was stopped, killed or out of room is gone on with by the same words and --resume; its results are\nthose of an undisturbed run. --state, --state-size: the folder that outlives runs may be shared by several processes.',
    )
    .option('--repeat <n>', 'answers for each prompt, scenario and model', Number)
    .option('--shard <i/n>', 'only every n-th cell, from the i-th; a budget is divided by n')
    .option('--budget <dollars>', 'never pay more than this for the answers of the run', Number)
    .option('--budget-tokens <n>', 'never use more tokens than this', Number)
    .option(
      '--dry-run',
      'ask nothing; say how many calls there would be, what they can cost, and what is known already',
    )
    .option('--ask-again', 'ask also for answers that are known from earlier runs')
    .addOption(
      new Option(
        '--batch [step]',
        "through Anthropic's message batches, at half the price: all of it, or one step",
      ).choices(['submit', 'collect']),
    )
    .option(
      '--until-settled [answers]',
      'add answers where they help most until the gate is decided, at most so many (default: as many as the suite has)',
    )
    .action((suite: string, options: RunOptions) => act((signal) => run(suite, options, signal)));
}
