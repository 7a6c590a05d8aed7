import type { Prompt } from '../domain/grading/prompt.ts';
import type { PlannedCell } from '../domain/grading/question.ts';
import type { WholePlan } from '../domain/runs/plan.ts';
import type { Shard } from '../domain/runs/run.ts';
import type { Suite } from '../domain/runs/suite.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { Account, Budget } from '../providers/policies/budget.ts';
import { plan } from '../stages/1-plan/plan.ts';
import { checkGate } from './gates/check.ts';
import type { Models } from './models/models.ts';
import type { Services } from './services/services.ts';
import { partOf } from './shards/assign.ts';
import { readDurations } from './shards/durations.ts';
import { wholePlan } from './shards/whole-plan.ts';

/** What is to be run, and how. */
export interface RunRequest {
  /** Id of a suite: a file of evals/suites/. */
  suite: string;
  /** Only these prompts, models and scenarios; all of the suite's when absent or empty. */
  prompts?: readonly string[];
  models?: readonly string[];
  scenarios?: readonly string[];
  /** Answers for each prompt, scenario and model; the suite's number when absent. */
  repeats?: number | undefined;
  /** The folder from which paths of prompts count that the suite does not name; the working directory when absent. */
  folder?: string | undefined;
  shard?: Shard | undefined;
  /** The most that all shards together may use: dollars, and tokens. */
  budgetUsd?: number | undefined;
  budgetTokens?: number | undefined;
  /** Ask models also for answers that are kept from earlier runs. */
  askAgain?: boolean | undefined;
  /** Take answers only from batches that were collected. */
  batched?: boolean | undefined;
  /** Ask no model: only answers that are kept from earlier runs are graded, and recordings. */
  replay?: boolean | undefined;
  /** Only these of the cells that are planned; all when absent. */
  only?: ((planned: PlannedCell) => boolean) | undefined;
  /** Grade no answers whose verdict is known beforehand. */
  withoutControls?: boolean | undefined;
  /** Decide no gate, whatever the suite says. */
  withoutGate?: boolean | undefined;
  /** Id of an interrupted run to go on with. */
  resume?: string | undefined;
  /** Add answers until the gate is decided: at most this many, or as many as the run has (true). */
  untilSettled?: number | true | undefined;
}

/** A run that is planned: nothing was asked yet. */
export interface PlannedRun {
  services: Services;
  request: RunRequest;
  suite: Suite;
  shard: Shard;
  /** The cells of the shard. */
  cells: readonly PlannedCell[];
  /** The plan of all shards for some cells of it, or for all of them where it is sharded. */
  whole(cells: readonly PlannedCell[]): WholePlan;
  models: Models;
  /** What this shard may use. */
  budget: Budget;
  /** What it has used; null until it has begun. */
  account: Account | null;
  /** How many answers may be added until the gate is decided; null when none. */
  mostAdded: number | null;
  /** The cells for another number of repeats. */
  replan(repeats: number): Promise<PlannedCell[]>;
}

function budgetOf({ budgetUsd, budgetTokens }: RunRequest, { of }: Shard): Budget {
  for (const [option, value] of Object.entries({ '--budget': budgetUsd, '--budget-tokens': budgetTokens })) {
    if (value !== undefined && !(value >= 0))
      throw new UsageError(`${option}: expected a number from 0, found something else.`);
  }
  return {
    costUsd: budgetUsd === undefined ? null : budgetUsd / of,
    tokens: budgetTokens === undefined ? null : Math.floor(budgetTokens / of),
  };
}

/** Plans the cells of all shards, for a number of repeats (null: the suite's). */
export function planner(
  suite: Suite,
  { prompts = [], models = [], scenarios = [], folder = process.cwd(), only = () => true }: RunRequest,
  { library, grading }: Services,
): (repeats: number | null) => Promise<PlannedCell[]> {
  const prompt = (reference: string): Promise<Prompt> =>
    library.prompt(reference, suite.prompts.includes(reference) ? library.root : folder);
  const sources = { prompt, scenario: (id: string) => library.scenario(id) };
  return async (repeats) => {
    const cells = await plan(suite, { prompts, models, scenarios, repeats }, sources, grading.runners);
    return cells.filter(only);
  };
}

function refuseContradictions({ batched, askAgain, untilSettled }: RunRequest, { of }: Shard): void {
  if (batched === true && askAgain === true)
    throw new UsageError('--ask-again: expected no --batch beside it, for a batch asks only for what is not known.');
  if (untilSettled !== undefined && of > 1)
    throw new UsageError('--until-settled: expected no --shard beside it, for a part of the cells settles nothing.');
}

function mostAdded({ id, gate }: Suite, cells: readonly PlannedCell[], { untilSettled }: RunRequest): number | null {
  if (untilSettled === undefined) return null;
  if (gate?.base === undefined)
    throw new UsageError(
      `--until-settled: expected the suite ${id} to say what is to be settled (gate: base), found nothing.`,
    );
  const most = untilSettled === true ? cells.length : untilSettled;
  if (!Number.isInteger(most) || most < 1)
    throw new UsageError(`--until-settled: expected a number of answers from 1, found ${most}.`);
  return most;
}

/** The suite that is asked for, without its gate where nobody wants it decided. */
async function suiteOf({ library }: Services, { suite, withoutGate }: RunRequest): Promise<Suite> {
  const { gate, ...rest } = await library.suite(suite);
  return gate === undefined || withoutGate === true ? rest : { ...rest, gate };
}

/** Plans a run. Throws `UsageError` for everything that can be refused before a model is asked. */
export async function planRun(services: Services, request: RunRequest): Promise<PlannedRun> {
  const suite = await suiteOf(services, request);
  const shard = request.shard ?? { index: 1, of: 1 };
  const budget = budgetOf(request, shard);
  const planned = planner(suite, request, services);
  const all = await planned(request.repeats ?? null);
  const seconds = await readDurations(services.library.root);
  const cells = partOf(all, ({ cell }) => cell, shard, seconds);
  refuseContradictions(request, shard);
  await checkGate(services, suite, all);
  const { Models } = await import('./models/models.ts'); // loaded when a model may be asked, not for --help
  const account = (): Account => {
    if (run.account === null) throw new Error('a model was asked before the run had begun');
    return run.account;
  };
  const run: PlannedRun = {
    services,
    request,
    suite,
    shard,
    cells,
    whole: (chosen) => wholePlan(suite.id, shard.of > 1 ? all : chosen, seconds, run.models.configuration),
    models: await Models.of(services, {
      budget,
      account,
      askAgain: request.askAgain === true,
      batched: request.batched === true,
      replay: request.replay === true,
      cells,
    }),
    budget,
    account: null,
    mostAdded: null,
    replan: (repeats) => planned(repeats),
  };
  run.mostAdded = mostAdded(suite, cells, request);
  return run;
}
