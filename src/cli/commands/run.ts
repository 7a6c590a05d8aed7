import type { Command } from 'commander';
import type { Answer } from '../../domain/answer.ts';
import { cellKey } from '../../domain/cell.ts';
import type { Provider } from '../../contract/provider.ts';
import type { Prompt } from '../../domain/prompt.ts';
import type { PlannedCell } from '../../domain/question.ts';
import type { Results } from '../../domain/run.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { runCell } from '../../pipeline.ts';
import { recorded } from '../../providers/recorded.ts';
import { comparisonText } from '../../reporters/comparison/text.ts';
import { plan } from '../../stages/1-plan/plan.ts';
import { hashOf } from '../../store/hash.ts';
import { execute } from '../execute.ts';
import type { CellJob } from '../execute.ts';
import { exit, statusOf } from '../exit.ts';
import { gatedComparison, mostAdded, sayOutlook, untilSettled } from '../gate.ts';
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
  untilSettled?: true | string;
  dryRun?: true;
}

/** A provider that has the answer already: nothing is asked twice. */
function having(answer: Answer): Provider {
  return { id: 'earlier', answer: () => Promise.resolve(answer) };
}

function providerFor(model: string, wired: Services): Provider {
  const known = [recorded(wired.library)];
  const provider = known.find(({ id }) => id === model.split(':')[0]);
  if (provider === undefined) throw new UsageError(`model ${model}: expected one of ${known.map(({ id }) => id).join(', ')}.`);
  return provider;
}

async function run(suiteId: string, options: RunOptions, signal: AbortSignal): Promise<number> {
  const wired = await services(options, signal);
  const suite = await wired.library.suite(suiteId);
  const { library } = wired;
  // What a suite names counts from the project's folder, what is typed from the one it is typed in.
  const prompt = (reference: string): Promise<Prompt> => library.prompt(reference, suite.prompts.includes(reference) ? library.root : process.cwd());
  const planned = (repeats: number | null): Promise<PlannedCell[]> => {
    const selection = { prompts: options.prompt, models: options.model, scenarios: options.scenario, repeats };
    return plan(suite, selection, { prompt, scenario: (id) => library.scenario(id) }, wired.runners);
  };
  const jobOf = (cell: PlannedCell): CellJob => {
    const provider = providerFor(cell.cell.model ?? '', wired);
    return {
      cell: cell.cell,
      planned: { request: cell.request.hash, prompt: cell.prompt.hash, scenario: hashOf(cell.scenario) },
      grade: (answered, earlier) => runCell(cell, earlier === null ? provider : having(earlier), { signal, answered }),
    };
  };
  const cells = await planned(options.repeat ?? null);
  if (options.dryRun === true) return sayOutlook(suite, cells, wired, options.format);
  const most = options.untilSettled === undefined ? null : mostAdded(suite, cells, options.untilSettled);
  const reporter = reporterFor(options);
  const first = await execute(wired, suite.id, cells.map(jobOf), reporter, options.resume);
  const grow = async (id: string, wanted: ReadonlySet<string>, repeats: number): Promise<Results> => {
    const more = (await planned(repeats)).filter(({ cell }) => wanted.has(cellKey(cell)));
    return execute(wired, suite.id, more.map(jobOf), reporter, id, true);
  };
  const { results, made } = most === null ? { results: first, made: await gatedComparison(suite, first, wired, reporter) } : await untilSettled(suite, first, most, grow, wired, reporter);
  if (options.format === 'json') printJson(results);
  if (made !== null) (options.format === 'json' ? process.stderr : process.stdout).write(`\n${comparisonText(made)}`);
  if (made?.gate.met === false) return exit.gate;
  return statusOf(results.grades, suite.gate?.ungraded);
}

/** `cupel run [suite]` */
export function runCommand(program: Command, act: (work: (signal: AbortSignal) => Promise<number>) => Promise<void>): void {
  gradingOptions(program.command('run'))
    .description('run a suite: ask the models (or replay recordings), grade every answer, write the reports')
    .argument('[suite]', 'a file of evals/suites/ without its ending', 'default')
    .option('--prompt <prompt...>', 'only these prompts: <id>@<version>, a file, or git:<revision>:<path>; also others than the suite names', [])
    .option('--scenario <id...>', 'only these scenarios', [])
    .option('--model <id...>', 'only these models', [])
    .option('--resume <run>', 'go on with an interrupted run: what is answered and graded stays')
    .option('--repeat <n>', 'answers for each prompt, scenario and model', Number)
    .option('--until-settled [answers]', 'add answers where they help most until the gate is decided, at most so many (default: as many as the suite has)')
    .option('--dry-run', 'ask nothing; say what the planned answers can settle')
    .action((suite: string, options: RunOptions) => act((signal) => run(suite, options, signal)));
}
