import type { Comparison, DimensionRow, FindingRow } from '../../domain/runs/comparison.ts';
import { harmless } from '../harmless.ts';
import { textTable } from '../table.ts';
import {
  differenceText,
  dimensionName,
  gateText,
  intervalText,
  marginText,
  methodText,
  outcomeSigns,
  pText,
  rateText,
  regradingTexts,
  sizeText,
  sortedFindings,
  title,
  valueText,
} from './words.ts';

const MOST_LINES = 15;

/** The first lines, and how many more there are. */
function some(lines: readonly string[], most = MOST_LINES): string[] {
  return lines.length > most ? [...lines.slice(0, most), `… and ${lines.length - most} more`] : [...lines];
}

function changeLines(made: Comparison): string[] {
  const changes = made.changes.map(
    ({ what, text, diff }) =>
      `  ${what}: ${harmless(text, 400)}${diff === null ? '' : ' (the diff: --format markdown or html)'}`,
  );
  return [
    `What changed (${sizeText(made)})`,
    ...(changes.length === 0 ? ['  nothing but the answers'] : changes),
    ...regradingTexts(made).map((text) => `  ${harmless(text, 600)}`),
  ];
}

const dimensionCells = (row: DimensionRow): string[] => [
  dimensionName(row.id),
  row.outcome === null ? '' : outcomeSigns[row.outcome],
  valueText(row, row.base),
  valueText(row, row.head),
  differenceText(row, row.difference),
  intervalText(row),
  marginText(row),
  row.gated ? `${pText(row.pPopulation)} / ${pText(row.pSuite)}` : `q ${pText(row.q)}`,
];

/** The dimensions that the gate looks at, and those that differ. */
function dimensionLines({ dimensions }: Comparison): string[] {
  const shown = dimensions.filter(({ gated, difference, unit }) => gated || difference !== (unit === 'share' ? 0 : 1));
  const equal = dimensions.length - shown.length;
  return [
    textTable([
      ['dimension', 'outcome', 'base', 'head', 'difference', '90 % interval', 'margin', 'p like these / these'],
      ...shown.map(dimensionCells),
    ]),
    ...(equal > 0 ? [`(${equal} more are the same on both sides)`] : []),
  ];
}

function passLines({ pass, passK, mcnemar, hard }: Comparison): string[] {
  const rates = passK
    .filter(({ k }) => k > 1)
    .map(
      ({ k, base, head }) =>
        `pass@${k}: ${base.any.toFixed(3)} → ${head.any.toFixed(3)}, pass^${k}: ${base.all.toFixed(3)} → ${head.all.toFixed(3)}`,
    );
  const perScenario =
    mcnemar === null
      ? []
      : [
          `one answer a scenario: ${mcnemar.lost} lost, ${mcnemar.gained} gained (exact McNemar, two-sided: p ${pText(mcnemar.p)})`,
        ];
  const invariants = hard.map(
    ({ invariant, scenario, base, head, fresh }) =>
      `hard ${harmless(invariant)} in ${harmless(scenario)}: ${base.hits} of ${base.of} → ${head.hits} of ${head.of}${fresh ? '  NEW' : ''}`,
  );
  return [`passed: base ${rateText(pass.base)}, head ${rateText(pass.head)}`, ...rates, ...perScenario, ...invariants];
}

const findingLine = ({ check, tool, rule, base, head, example }: FindingRow): string =>
  `  ${harmless(`${check}: ${tool} ${rule}`, 80)}  ${base} → ${head} answers  ${harmless(example ?? '', 120)}`;

function findingLines({ findings }: Comparison): string[] {
  const { fresh, gone, shifted } = sortedFindings(findings);
  const group = (heading: string, rows: readonly FindingRow[], most?: number): string[] =>
    rows.length === 0 ? [] : ['', heading, ...some(rows.map(findingLine), most)];
  return [
    ...group('Findings that are new', fresh),
    ...group('Findings that are gone', gone),
    ...group('Findings in other numbers', shifted, 5),
  ];
}

/** The scenarios in which verdicts or scores moved. */
function scenarioLines({ rows }: Comparison): string[] {
  const moved = rows.filter(({ difference, base, head }) => difference !== 0 || base.score !== head.score);
  if (moved.length === 0) return [];
  const cells = moved
    .slice(0, MOST_LINES)
    .map(({ scenario, base, head, q }) => [
      harmless(scenario, 50),
      `${base.passed} of ${base.of}`,
      `${head.passed} of ${head.of}`,
      `${base.score.toFixed(3)} → ${head.score.toFixed(3)}`,
      pText(q),
    ]);
  return ['', textTable([['scenario', 'base', 'head', 'score', 'q'], ...cells])];
}

/**
 * A comparison for a terminal: verdict and reason first, then what changed, then dimension by dimension, then
 * scenarios.
 */
export function comparisonText(made: Comparison): string {
  const lines = [
    `${outcomeSigns[made.outcome]}  ${title(made)}`,
    ...made.reasons.map((reason) => `  ${harmless(reason, 400)}`),
    gateText(made),
    '',
    ...changeLines(made),
    '',
    ...dimensionLines(made),
    '',
    ...passLines(made),
    ...findingLines(made),
    ...scenarioLines(made),
    '',
    ...made.sight,
    methodText(made),
  ];
  return `${lines.join('\n')}\n`;
}
