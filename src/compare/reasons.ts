import type { DimensionRow, HardRow, Outcome } from '../domain/runs/comparison.ts';
import { sameAnswers } from './changes.ts';
import type { Decision } from './decide.ts';
import type { Match } from './match.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const signed = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`;

/** One dimension's part in the verdict, in words. */
function dimensionReason({ id, unit, base, head, difference, interval, outcome, margin }: DimensionRow): string {
  const range =
    interval === null
      ? 'no interval with so few scenarios'
      : unit === 'share'
        ? `90 % interval ${signed(interval[0])} to ${signed(interval[1])} points`
        : `90 % interval ${interval[0].toFixed(2)} to ${interval[1].toFixed(2)} times`;
  const change =
    unit === 'share'
      ? `${percent(base)} → ${percent(head)}, ${signed(difference)} points`
      : `${difference.toFixed(2)} times the base`;
  const allowed =
    margin === null
      ? ''
      : unit === 'share'
        ? `; up to ${(margin * 100).toFixed(0)} points less are no worse`
        : `; up to ${margin.toFixed(2)} times are no worse`;
  return `${id}: ${outcome ?? ''}; ${change} (${range}${allowed})`;
}

/** Why the verdict is what it is: hard findings first, then the dimensions that decide, then who can be to blame. */
export function reasonsOf(
  decision: Decision,
  rows: readonly DimensionRow[],
  hard: readonly HardRow[],
  matched: Match,
): string[] {
  const fresh = hard.filter((row) => row.fresh);
  const reasons = fresh.map(
    ({ invariant, scenario, base, head }) =>
      `hard finding that is new: ${invariant} in ${head.hits} of ${head.of} answers to ${scenario}, in none of ` +
      `${base.of} before`,
  );
  if (decision.hard.worse)
    reasons.push(
      'hard findings are more frequent than chance allows (p ' +
        `${Math.min(decision.hard.pScenario, decision.hard.pTotal).toPrecision(2)})`,
    );
  else if (fresh.length > 0)
    reasons.push('that alone is too seldom to exclude chance, and it is not averaged with anything either: look at it');
  for (const { id, pSuite, scenarios } of rows.filter(({ onlyHere }) => onlyHere)) {
    reasons.push(
      `on these very scenarios ${id} is worse (p ${(pSuite ?? 1).toPrecision(2)}); whether it would be on others ` +
        `like them, ${scenarios} scenarios do not show. With scope "suite" this is a "worse"`,
    );
  }
  const order: readonly Outcome[] = ['worse', 'not enough data', 'better', 'no worse'];
  const sorted = rows
    .filter(({ outcome }) => outcome !== null)
    .toSorted((one, other) => order.indexOf(one.outcome ?? 'no worse') - order.indexOf(other.outcome ?? 'no worse'));
  reasons.push(...sorted.map(dimensionReason));
  const answers = sameAnswers(matched);
  if (
    answers.length > 0 &&
    answers.length === matched.base.cells.length &&
    answers.length === matched.head.cells.length
  ) {
    reasons.push(
      'all answers are the same on both sides: what differs comes from grader, tools or dependencies, not from ' +
        'prompt or model',
    );
  }
  return reasons;
}
