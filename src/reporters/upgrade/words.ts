/** The tables and sentences that every form of the decision about a model shares. */
import type { Count, Upgrade, UpgradeSide } from '../../domain/runs/upgrade.ts';
import type { Comparison, DimensionRow } from '../../domain/runs/comparison.ts';

const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)} %`;
const countText = (count: Count | null): string =>
  count === null || count.of === 0 ? 'not asked' : `${count.hits} of ${count.of} (${percent(count.hits / count.of)})`;

/** Dollars with as many digits as say something. */
function money(usd: number): string {
  return usd === 0 ? '$0' : `$${usd >= 1 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}

function acceptedText({ accepted }: UpgradeSide): string {
  if (accepted.answers === 0) return 'none';
  if (accepted.costUsd === null) return 'not known: no cost was noted';
  if (accepted.perAnswer === null) return `not known: ${accepted.unpriced} answers without a cost`;
  return money(accepted.perAnswer);
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toPrecision(3)} s`;

/** The rows of the block at the top: a name, and one text for each model. */
export function blockRows({ sides }: Upgrade): [name: string, ...texts: string[]][] {
  const row = (name: string, text: (side: UpgradeSide) => string): [string, ...string[]] => [name, ...sides.map(text)];
  const rows = [
    row('passed', ({ passed }) =>
      passed.of === 0
        ? 'nothing graded'
        : `${passed.hits} of ${passed.of} (95 % interval ${percent(passed.interval[0])} to ${percent(passed.interval[1])})`,
    ),
    row('starts', ({ starts }) => countText(starts)),
    row('exists', ({ exists }) => countText(exists)),
    row('behaves', ({ behaves }) => countText(behaves)),
    row('cost per accepted answer', acceptedText),
    row('accepted answers', ({ accepted }) =>
      accepted.answers === 0 ? 'none' : `${accepted.answers}, ${accepted.withContract} of them with a contract`,
    ),
    row('latency p50 / p95', ({ latencyMs }) =>
      latencyMs === null ? 'not known' : `${seconds(latencyMs.p50)} / ${seconds(latencyMs.p95)}`,
    ),
    row('tokens in / out, middle answer', ({ tokens }) =>
      tokens === null ? 'not known' : `${tokens.input} / ${tokens.output}`,
    ),
    row('form: whole, with files', ({ form }) => countText(form)),
    row('behaviour: of these, passed', ({ behaviour }) => countText(behaviour)),
    row('refused / cut off', ({ refused, truncated }) => `${refused} / ${truncated}`),
    row('ungraded', ({ ungraded, answers, worstCase: [low, high] }) =>
      ungraded === 0
        ? `0 of ${answers}`
        : `${ungraded} of ${answers}; of all, ${percent(low)} pass at worst and ${percent(high)} at best`,
    ),
  ];
  return rows.filter(([, ...texts]) => !texts.every((text) => text === 'not asked'));
}

/** The dimensions that differ between two sides, and how many do not. */
export function differing({ dimensions }: Comparison): { rows: DimensionRow[]; equal: number } {
  const rows = dimensions.filter(({ difference, unit }) => difference !== (unit === 'share' ? 0 : 1));
  return { rows, equal: dimensions.length - rows.length };
}

/** The ranking as a table; null for two models. */
export function rankRows({ ranking }: Upgrade): string[][] | null {
  if (ranking === null) return null;
  return ranking.ranks.map(({ model, rate, best, worst, groups }) => [
    best === worst ? String(best) : `${best} to ${worst}`,
    model,
    percent(rate, 1),
    groups,
  ]);
}

export const rankHead = ['place', 'model', 'passed, mean of scenarios', 'groups'] as const;

/** What the letters of the ranking mean. */
export const rankNote =
  'Models that share a letter cannot be told apart by these answers, and a place is the range that they leave open. ' +
  'The intervals hold for all pairs together (95 %).';

/** The intervals of all pairs, in points. */
export function pairRows({ ranking }: Upgrade): string[][] {
  const points = (value: number): string => `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)}`;
  return (ranking?.pairs ?? []).map(({ one, other, difference, interval, apart }) => [
    `${one} → ${other}`,
    points(difference),
    `${points(interval[0])} to ${points(interval[1])}`,
    apart ? 'told apart' : 'not told apart',
  ]);
}

export const turnedTitle = ({ kind, scenario, model, base, head }: Upgrade['turned'][number]): string =>
  `${kind === 'breaks' ? '▼ breaks' : '▲ mended'}: ${scenario} with ${model} (${base.hits} of ${base.of} → ${head.hits} of ${head.of})`;

export const kindSigns = { change: '▲', choose: '▲', stay: '=', open: '?' } as const;
