import type { Command } from 'commander';
import type { Answer } from '../../domain/answer.ts';
import type { Provider } from '../../contract/provider.ts';
import type { Prompt } from '../../domain/prompt.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { runCell } from '../../pipeline.ts';
import { recorded } from '../../providers/recorded.ts';
import { plan } from '../../stages/1-plan/plan.ts';
import { hashOf } from '../../store/hash.ts';
import type { Act } from '../commands.ts';
import { execute } from '../execute.ts';
import type { CellJob } from '../execute.ts';
import { statusOf } from '../exit.ts';
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
  const selection = { prompts: options.prompt, models: options.model, scenarios: options.scenario, repeats: options.repeat ?? null };
  const { library } = wired;
  // What a suite names counts from the project's folder, what is typed from the one it is typed in.
  const prompt = (reference: string): Promise<Prompt> => library.prompt(reference, suite.prompts.includes(reference) ? library.root : process.cwd());
  const cells = await plan(suite, selection, { prompt, scenario: (id) => library.scenario(id) }, wired.runners);
  const jobs = cells.map((planned): CellJob => {
    const provider = providerFor(planned.cell.model ?? '', wired);
    return {
      cell: planned.cell,
      planned: { request: planned.request.hash, prompt: planned.prompt.hash, scenario: hashOf(planned.scenario) },
      grade: (answered, earlier) => runCell(planned, earlier === null ? provider : having(earlier), { signal: wired.signal, answered }),
    };
  });
  const forecast = wired.forecast(cells.map(({ cell, scenario }) => ({ cell, languages: Object.keys(scenario.languages) })));
  const results = await execute(wired, suite.id, jobs, reporterFor(options, forecast), options.resume);
  if (options.format === 'json') printJson(results);
  return statusOf(results.grades);
}

/** `cupel run [suite]` */
export function runCommand(program: Command, act: Act): void {
  gradingOptions(program.command('run'))
    .argument('[suite]', 'a file of evals/suites/ without its ending', 'default')
    .option('--prompt <prompt...>', 'only these prompts: <id>@<version>, a file, or git:<revision>:<path>; also others than the suite names', [])
    .option('--scenario <id...>', 'only these scenarios', [])
    .option('--model <id...>', 'only these models', [])
    .option('--resume <run>', 'go on with an interrupted run: what is answered and graded stays')
    .addHelpText('after', '\nA run that was stopped, killed or out of room is gone on with by the same words and --resume; its results are\nthose of an undisturbed run. --state, --state-size: the folder that outlives runs may be shared by several processes.')
    .option('--repeat <n>', 'answers for each prompt, scenario and model', Number)
    .action((suite: string, options: RunOptions) => act((signal) => run(suite, options, signal)));
}
