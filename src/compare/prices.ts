import type { Paid } from '../domain/grading/answer.ts';
import type { Change } from '../domain/runs/comparison.ts';
import { costOf } from '../domain/runs/cost.ts';
import type { CellSummary } from '../domain/runs/summary.ts';
import type { Match } from './match.ts';

const money = (price: number): string => `$${Number(price.toFixed(4))}`;
const priceOf = ({ input, output }: Paid): string => `${money(input)} and ${money(output)}`;

/** The price that counts for a model: the dearest that was paid. */
const dearest = (paid: readonly Paid[]): Paid | undefined =>
  paid.toSorted((one, other) => other.output - one.output || other.input - one.input)[0];

/**
 * The same answers with costs that can be compared: of one model at one price, and without the discount of batches
 * where only a part had it. Neither is a prompt's or a model's doing. Answers whose usage or price nobody noted stay as
 * they are.
 */
export function atOnePrice(matched: Match): { matched: Match; change: Change | null } {
  const priced = matched.strata
    .flatMap(({ base, head }) => [...base, ...head])
    .flatMap(({ cell, paid, usage }) => (paid === null || usage === null ? [] : [{ model: cell.model, paid }]));
  const batchedInPart = new Set(priced.map(({ paid }) => paid.factor)).size > 1;
  const models = Map.groupBy(priced, ({ model }) => model);
  const texts = [...models].flatMap(([model, answers]) => {
    const prices = [...new Set(answers.map(({ paid }) => priceOf(paid)))];
    return prices.length === 1 ? [] : [`${model}: ${prices.join(', then ')} for a million tokens of input and output`];
  });
  if (batchedInPart) texts.unshift('a part of the answers came from batches, at a discount');
  if (texts.length === 0) return { matched, change: null };

  const best = new Map([...models].map(([model, answers]) => [model, dearest(answers.map(({ paid }) => paid))]));
  const fair = (cell: CellSummary): CellSummary => {
    const price = best.get(cell.cell.model);
    return cell.paid === null || cell.usage === null || price === undefined
      ? cell
      : { ...cell, costUsd: costOf(cell.usage, price, batchedInPart ? 1 : cell.paid.factor) };
  };
  const strata = matched.strata.map(({ scenario, base, head }) => ({
    scenario,
    base: base.map(fair),
    head: head.map(fair),
  }));
  return {
    matched: { ...matched, strata },
    change: {
      what: 'prices',
      text: `${texts.join('; ')}. Costs are compared as if all had paid the dearest`,
      diff: null,
    },
  };
}
