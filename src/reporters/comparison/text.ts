import type { Comparison, DimensionRow, FindingRow } from '../../domain/runs/comparison.ts';
import { harmless } from '../harmless.ts';
import { textTable } from '../table.ts';
import { dimensionCells, dimensionHead, pText, sortedFindings, textsOf } from './words.ts';

const MOST_LINES = 15;

/** The first lines, and how many more there are. */
function some(lines: readonly string[], most = MOST_LINES): string[] {
  return lines.length > most ? [...lines.slice(0, most), `… and ${lines.length - most} more`] : [...lines];
}

function changeLines(comparison: Comparison): string[] {
  const { size, regradings } = textsOf(comparison);
  const changes = comparison.changes.map(
    ({ what, text, diff }) =>
      `  ${what}: ${harmless(text, 400)}${diff === null ? '' : ' (the diff: --format markdown or html)'}`,
  );
  return [
    `What changed (${size})`,
    ...(changes.length === 0 ? ['  nothing but the answers'] : changes),
    ...regradings.map((text) => `  ${harmless(text, 600)}`),
  ];
}

const dimensionRow = (row: DimensionRow): string[] => [
  ...dimensionCells(row),
  row.gated ? `${pText(row.pPopulation)} / ${pText(row.pSuite)}` : `q ${pText(row.q)}`,
];

/** The dimensions that the gate looks at, and those that differ. */
function dimensionLines({ dimensions }: Comparison): string[] {
  const shown = dimensions.filter(({ gated, difference, unit }) => gated || difference !== (unit === 'share' ? 0 : 1));
  const equal = dimensions.length - shown.length;
  return [
    textTable([[...dimensionHead, 'p like these / these'], ...shown.map(dimensionRow)]),
    ...(equal > 0 ? [`(${equal} more are the same on both sides)`] : []),
  ];
}

function passLines(comparison: Comparison): string[] {
  const { passed, parts, pairs } = textsOf(comparison);
  const change = (base: number, head: number): string => `${base.toFixed(3)} → ${head.toFixed(3)}`;
  const rates = comparison.passK
    .filter(({ k }) => k > 1)
    .map(({ k, base, head }) => `pass@${k}: ${change(base.any, head.any)}, pass^${k}: ${change(base.all, head.all)}`);
  const invariants = comparison.hard.map(({ invariant, scenario, base, head, fresh }) => {
    const counts = `${base.hits} of ${base.of} → ${head.hits} of ${head.of}${fresh ? '  NEW' : ''}`;
    return `hard ${harmless(invariant)} in ${harmless(scenario)}: ${counts}`;
  });
  const perScenario = pairs === null ? [] : [`one answer a scenario: ${pairs}`];
  return [`passed: ${passed}`, ...parts, ...rates, ...perScenario, ...invariants];
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
export function comparisonText(comparison: Comparison): string {
  const { title, outcome, gate, method } = textsOf(comparison);
  const lines = [
    `${outcome}  ${title}`,
    ...comparison.reasons.map((reason) => `  ${harmless(reason, 400)}`),
    gate,
    '',
    ...changeLines(comparison),
    '',
    ...dimensionLines(comparison),
    '',
    ...passLines(comparison),
    ...findingLines(comparison),
    ...scenarioLines(comparison),
    '',
    ...comparison.sight,
    method,
  ];
  return `${lines.join('\n')}\n`;
}
