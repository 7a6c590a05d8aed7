/** The decision about a change of models, over finished runs or over one that is made for it. */
import type { Comparison } from '../../domain/runs/comparison.ts';
import { defaultGate } from '../../domain/runs/gate.ts';
import type { Gate } from '../../domain/runs/gate.ts';
import type { Upgrade, UpgradeSide } from '../../domain/runs/upgrade.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import { toolChanges } from '../../compare/changes.ts';
import { ALPHA } from '../../compare/directed.ts';
import { pairsOf, ranksOf } from '../../compare/models/ranking.ts';
import type { Entrant } from '../../compare/models/ranking.ts';
import { recommend } from '../../compare/models/recommend.ts';
import { passes } from '../../compare/rates.ts';
import { counted } from '../../formats/words.ts';
import { compareSides } from '../compare.ts';
import { run as runSuite } from '../run.ts';
import type { Services } from '../services/services.ts';
import { modelAnswers, runsOf, sideOf } from './sides.ts';
import type { ModelAnswers } from './sides.ts';
import { turnedOf } from './turned.ts';

export interface UpgradeRequest {
  /** The model of today, and those that could replace it. */
  from: string;
  to: readonly string[];
  /** Finished runs to look into; the newest ones that have the models when empty. */
  runs: readonly string[];
  /** Run this suite with the models first. */
  suite?: string | undefined;
  repeats?: number | undefined;
  /** One prompt for all models, or one for each, in their order. */
  prompts: readonly string[];
  common: boolean;
  budgetUsd?: number | undefined;
}

function refuse({ from, to, runs, suite, prompts }: UpgradeRequest): void {
  const models = [from, ...to];
  if (new Set(models).size < models.length)
    throw new UsageError(`upgrade: expected different models, found ${models.join(', ')}.`);
  if (suite !== undefined && runs.length > 0) throw new UsageError('upgrade: expected --run or --suite, found both.');
  if (prompts.length > 1 && prompts.length !== models.length)
    throw new UsageError(
      `--prompt: expected one prompt, or one for each of the ${models.length} models, found ${prompts.length}.`,
    );
}

function refuseOtherTools([first, ...rest]: readonly ModelAnswers[]): void {
  const other = rest.find(
    ({ summary }) =>
      summary.grader !== first?.summary.grader || toolChanges(first.summary.tools, summary.tools).length > 0,
  );
  if (first !== undefined && other !== undefined)
    throw new UsageError(
      `upgrade: expected runs that the same grader and tools graded, found ${first.summary.run} and ` +
        `${other.summary.run} with different ones. Grade the older again (cupel grade <run>), and name the new runs.`,
    );
}

async function gateOf({ library }: Services, suite: string | null): Promise<Gate> {
  if (suite === null || !(await library.suites()).includes(suite)) return defaultGate;
  return (await library.suite(suite)).gate ?? defaultGate;
}

const entrantOf = ({ model, summary }: ModelAnswers): Entrant => ({
  model,
  passes: new Map(
    [
      ...Map.groupBy(
        summary.cells.filter(({ verdict }) => verdict !== 'ungraded'),
        ({ cell }) => cell.scenario ?? '',
      ),
    ].map(([scenario, cells]) => [scenario, cells.map(passes)]),
  ),
});

function restsOn(
  sides: readonly UpgradeSide[],
  answers: readonly ModelAnswers[],
  comparisons: readonly Comparison[],
  gate: Gate,
): string[] {
  const prompts = new Set(sides.flatMap((side) => side.prompts));
  const day = (date: string): string => date.slice(0, 10);
  return [
    ...sides.map(
      (side, index) =>
        `${side.model}: ${counted(side.answers, 'answer')} from ${side.source}, in ${side.runs.join(', ')} of ` +
        `${day(answers[index]?.summary.startedAt ?? '')}${side.reportedModels.length === 0 ? '' : `, reported as ${side.reportedModels.join(', ')}`}.`,
    ),
    `${counted(comparisons[0]?.scenarios ?? 0, 'scenario')}; ${
      prompts.size === 1
        ? `one prompt, ${[...prompts].join('')}`
        : 'prompts differ: this compares pairs of a model and its prompt'
    }.`,
    `Gate: scope ${gate.scope}; margins ${Object.entries(gate.margins)
      .map(([id, margin]) => `${id} ${margin * 100} points`)
      .join(', ')}.`,
    `A false "worse" has a chance of at most 5 % over all ${counted(comparisons.length, 'comparison')} together.`,
  ];
}

/** Why two sides decide nothing: more of their answers are ungraded than the gate allows. */
function wantingOf(base: UpgradeSide | undefined, head: UpgradeSide | undefined, gate: Gate): string | null {
  const over = [base, head].flatMap((side) => (side !== undefined && side.ungraded > gate.ungraded ? [side] : []));
  if (over.length === 0) return null;
  const texts = over.map(
    ({ model, ungraded, answers, worstCase: [low, high] }) =>
      `${ungraded} of ${answers} answers of ${model} are ungraded, so between ${(low * 100).toFixed(0)} and ` +
      `${(high * 100).toFixed(0)} % of all may pass`,
  );
  return `${texts.join('; ')}: go on with the run (cupel run --resume), or allow more (gate: ungraded).`;
}

/** Which model to use. Throws `UsageError` where there is nothing to decide on. */
export async function upgrade(
  services: Services,
  request: UpgradeRequest,
  listener: RunListener = {},
): Promise<Upgrade> {
  refuse(request);
  const { root } = services;
  const models = [request.from, ...request.to];
  const promptOf = (index: number): string | undefined =>
    request.prompts.length > 1 ? request.prompts[index] : request.prompts[0];
  const made =
    request.suite === undefined
      ? null
      : await runSuite(
          services,
          {
            suite: request.suite,
            models,
            prompts: [...new Set(request.prompts)],
            repeats: request.repeats,
            budgetUsd: request.budgetUsd,
            withoutGate: true,
          },
          listener,
        );
  const found = await runsOf(root, models, made === null ? request.runs : [made.results.run.id]);
  const answers: ModelAnswers[] = [];
  for (const [index, model] of models.entries()) {
    const whole = found.get(model);
    if (whole !== undefined) answers.push(await modelAnswers(root, model, whole, promptOf(index)));
  }
  refuseOtherTools(answers);
  const [base, ...heads] = answers;
  if (base === undefined) throw new Error('the model of today has no answers');
  const gate = await gateOf(services, request.suite ?? base.summary.suite);
  const comparisons: Comparison[] = [];
  for (const head of heads) {
    const sides = { prompt: prompt(base, head), model: [base.model, head.model] as const, common: request.common };
    comparisons.push(
      await compareSides(services, {
        names: { base: base.model, head: head.model },
        runs: { base: base.summary, head: head.summary },
        sides,
        gate: { ...gate, ungraded: Number.MAX_SAFE_INTEGER },
        alpha: ALPHA / heads.length,
      }),
    );
  }
  const entrants = answers.map(entrantOf);
  const pairs = heads.length > 1 ? pairsOf(entrants, gate.scope) : [];
  const sides = await Promise.all(answers.map((one) => sideOf(root, one)));
  const candidates = heads.flatMap(({ model }, index) => {
    const comparison = comparisons[index];
    return comparison === undefined
      ? []
      : [{ model, comparison, wanting: wantingOf(sides[0], sides[index + 1], gate) }];
  });
  const turned = await Promise.all(
    candidates.map(({ comparison }, index) => turnedOf(root, comparison, base, heads[index] ?? base)),
  );
  return {
    format: 1,
    recommendation: recommend(base.model, candidates, pairs),
    sides,
    comparisons,
    ranking: heads.length > 1 ? { ranks: ranksOf(entrants, pairs), pairs } : null,
    turned: turned.flat(),
    restsOn: restsOn(sides, answers, comparisons, gate),
    settles: candidates.flatMap(({ model, comparison }) => comparison.sight.map((text) => `${model}: ${text}`)),
  };
}

/** The prompts of two sides, where each has one of its own; null where they are the same ones. */
function prompt(base: ModelAnswers, head: ModelAnswers): readonly [string, string] | null {
  const of = ({ summary }: ModelAnswers): string[] => [
    ...new Set(summary.cells.map(({ cell }) => cell.prompt ?? 'none')),
  ];
  const [one, other] = [of(base), of(head)];
  if (one.length === 1 && other.length === 1 && one[0] !== undefined && other[0] !== undefined)
    return [one[0], other[0]];
  return null;
}
