import type { Comparison, DimensionRow, FindingRow, Outcome } from '../../domain/runs/comparison.ts';

/** An outcome with a sign that does not rest on colour. */
export const outcomeSigns: Readonly<Record<Outcome, string>> = {
  better: '▲ better',
  'no worse': '= no worse',
  worse: '▼ worse',
  'not enough data': '? not enough data',
};

const signed = (value: number, digits: number): string =>
  `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(digits)}`;

/** A difference of shares in points, a ratio in times. */
export const differenceText = ({ unit }: Pick<DimensionRow, 'unit'>, value: number): string =>
  unit === 'share' ? signed(value * 100, 1) : `×${value.toFixed(2)}`;

export const intervalText = (row: Pick<DimensionRow, 'unit' | 'interval'>): string =>
  row.interval === null ? 'none' : `${differenceText(row, row.interval[0])} to ${differenceText(row, row.interval[1])}`;

/** The value of one side: a share in percent, a quantity with three figures. */
export function valueText({ unit }: Pick<DimensionRow, 'unit'>, value: number): string {
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`;
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}

/** A p or q value: never 0, for none is. */
export const pText = (p: number | null): string => (p === null ? '' : p < 0.001 ? '<0.001' : p.toFixed(3));

const marginText = (row: DimensionRow): string =>
  row.margin === null
    ? ''
    : row.unit === 'share'
      ? `${(row.margin * 100).toFixed(0)} points`
      : `×${row.margin.toFixed(2)}`;

/** Names of the dimensions that are quantities. */
const unitOf: Readonly<Record<string, string>> = {
  cost: 'cost (USD an answer)',
  tokens: 'output tokens',
  latency: 'latency (ms)',
};
export const dimensionName = (id: string): string => unitOf[id] ?? id;

/** The heads of the columns with which every table of dimensions begins. */
export const dimensionHead = ['dimension', 'outcome', 'base', 'head', 'difference', '90 % interval', 'margin'] as const;

/** The texts of a dimension in these columns. */
export const dimensionCells = (row: DimensionRow): string[] => [
  dimensionName(row.id),
  row.outcome === null ? '' : outcomeSigns[row.outcome],
  valueText(row, row.base),
  valueText(row, row.head),
  differenceText(row, row.difference),
  intervalText(row),
  marginText(row),
];

/** Findings that only the head has, only the base, and those that both have in different numbers. */
export function sortedFindings(findings: readonly FindingRow[]): {
  fresh: FindingRow[];
  gone: FindingRow[];
  shifted: FindingRow[];
} {
  return {
    fresh: findings.filter(({ base, head }) => base === 0 && head > 0),
    gone: findings.filter(({ base, head }) => base > 0 && head === 0),
    shifted: findings.filter(({ base, head }) => base > 0 && head > 0 && base !== head),
  };
}

/** What is compared with what, in one line. */
function titleOf({ base, head }: Comparison): string {
  const nameOfSide = ({ name, prompts, models }: Comparison['base'], other: Comparison['base']): string => {
    const differing = [
      prompts.join() === other.prompts.join() ? [] : prompts,
      models.join() === other.models.join() ? [] : models,
    ].flat();
    return differing.length > 0 && differing.length <= 2
      ? `${differing.join(' × ')}${name === other.name ? '' : ` (${name})`}`
      : name;
  };
  return `${nameOfSide(base, head)} → ${nameOfSide(head, base)}`;
}

/** What was compared, in numbers. */
function sizeText({ base, head, scenarios }: Comparison): string {
  const ungraded = base.ungraded + head.ungraded;
  const one = scenarios === 1 ? '1 scenario' : `${scenarios} scenarios`;
  const rest = ungraded === 0 ? '' : `; ${ungraded} ungraded ones left out`;
  return `${one}, ${base.cells} answers against ${head.cells}${rest}`;
}

/** Whether the gate is met, in one sentence. */
function gateText({ gate, outcome }: Comparison): string {
  if (!gate.met) return `The gate is not met: ${gate.why ?? ''}.`;
  return outcome === 'not enough data'
    ? 'The gate is not decided: nothing is shown to be worse, and nothing to be no worse. It does not ask for more ' +
        'data (gate: unsettled), so this is no failure.'
    : 'The gate is met.';
}

const rateText = ({ passed, of, interval }: Comparison['pass']['base']): string =>
  `${passed} of ${of} (95 % interval ${(interval[0] * 100).toFixed(0)} to ${(interval[1] * 100).toFixed(0)} %)`;

/** How the verdict was reached. */
function methodText({ gate: { rules }, scenarios }: Comparison): string {
  const ofSuite = rules.scope === 'suite';
  const dimensions = `all dimensions${rules.hard.length > 0 ? ' and hard invariants' : ''} together`;
  const within = scenarios === 1 ? 'the scenario' : `the ${scenarios} scenarios`;
  return [
    ofSuite
      ? 'It speaks of these very scenarios ("scope: population" asks what holds for others like them).'
      : 'It speaks of scenarios like these, however much effects vary among them.',
    `"worse" is said wrongly in at most 5 % of comparisons, ${dimensions}:`,
    `stratified permutation within ${within}${ofSuite ? '' : ' and sign-flip permutation over them'}. Where a test decides, the end of the interval is its own.`,
    '"no worse" is said when the interval stays within the margin.',
  ].join(' ');
}

/** What grading again changed, one sentence each. */
function regradingTexts({ regradings }: Comparison): string[] {
  return regradings.map(({ side, run, verdicts, of, findings }) => {
    const listed = findings.slice(0, 5).map(({ tool, rule, cells }) => `${tool} ${rule} in ${cells}`);
    const changes =
      listed.length === 0
        ? 'no new findings'
        : `new findings: ${listed.join(', ')}${findings.length > 5 ? ` and ${findings.length - 5} more` : ''}`;
    return [
      `the ${side} was graded again with today's grader and tools (${run}):`,
      `${verdicts} of ${of} verdicts changed, ${changes}.`,
      "That is the tools' doing, not the prompt's or the model's.",
    ].join(' ');
  });
}

/** How pairs of one answer a scenario turned out. */
function pairsText({ mcnemar }: Comparison): string | null {
  if (mcnemar === null) return null;
  return `${mcnemar.lost} lost, ${mcnemar.gained} gained (exact McNemar, two-sided: p ${pText(mcnemar.p)})`;
}

/** Form apart from behaviour; and what ungraded answers leave open, where there are any. */
function partTexts({ parts: { base, head }, base: baseSide, head: headSide }: Comparison): string[] {
  const count = ({ hits, of }: { hits: number; of: number }): string => `${hits} of ${of}`;
  const range = ([low, high]: readonly [number, number]): string =>
    `${(low * 100).toFixed(0)} to ${(high * 100).toFixed(0)} %`;
  const parts = [
    `Form (whole, with files): ${count(base.form)} → ${count(head.form)}; behaviour (of these, passed): ` +
      `${count(base.behaviour)} → ${count(head.behaviour)}.`,
  ];
  if (baseSide.ungraded + headSide.ungraded > 0)
    parts.push(
      `Ungraded: ${baseSide.ungraded} of ${baseSide.cells + baseSide.ungraded} → ${headSide.ungraded} of ` +
        `${headSide.cells + headSide.ungraded}; of all answers, ${range(base.worstCase)} → ${range(head.worstCase)} pass, ` +
        'whatever these would have come to.',
    );
  return parts;
}

/** What every report of a comparison says in the same words. */
export interface ComparisonTexts {
  title: string;
  /** The verdict, with a sign. */
  outcome: string;
  gate: string;
  size: string;
  /** How many answers of each side passed. */
  passed: string;
  /** Form apart from behaviour, and what ungraded answers leave open. */
  parts: string[];
  /** How pairs of one answer a scenario turned out; null where there are no such pairs. */
  pairs: string | null;
  method: string;
  regradings: string[];
}

/** The sentences of a comparison. */
export function textsOf(comparison: Comparison): ComparisonTexts {
  const { base, head } = comparison.pass;
  return {
    title: titleOf(comparison),
    outcome: outcomeSigns[comparison.outcome],
    gate: gateText(comparison),
    size: sizeText(comparison),
    passed: `base ${rateText(base)}, head ${rateText(head)}`,
    parts: partTexts(comparison),
    pairs: pairsText(comparison),
    method: methodText(comparison),
    regradings: regradingTexts(comparison),
  };
}
