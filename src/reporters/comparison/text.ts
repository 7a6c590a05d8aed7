import type { Comparison } from '../../domain/runs/comparison.ts';
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

/**
 * A comparison for a terminal: verdict and reason first, then what changed, then dimension by dimension, then
 * scenarios.
 */
export function comparisonText(made: Comparison): string {
  const shown = made.dimensions.filter(
    ({ gated, difference, unit }) => gated || difference !== (unit === 'share' ? 0 : 1),
  );
  const dimensions = shown.map((row) => [
    dimensionName(row.id),
    row.outcome === null ? '' : outcomeSigns[row.outcome],
    valueText(row, row.base),
    valueText(row, row.head),
    differenceText(row, row.difference),
    intervalText(row),
    marginText(row),
    row.gated ? `${pText(row.pPopulation)} / ${pText(row.pSuite)}` : `q ${pText(row.q)}`,
  ]);
  const { fresh, gone, shifted } = sortedFindings(made.findings);
  const findingLine = ({ check, tool, rule, base, head, example }: (typeof fresh)[number]): string =>
    `  ${harmless(`${check}: ${tool} ${rule}`, 80)}  ${base} → ${head} answers  ${harmless(example ?? '', 120)}`;
  const moved = made.rows.filter(({ difference, base, head }) => difference !== 0 || base.score !== head.score);
  const lines = [
    `${outcomeSigns[made.outcome]}  ${title(made)}`,
    ...made.reasons.map((reason) => `  ${harmless(reason, 400)}`),
    gateText(made),
    '',
    `What changed (${sizeText(made)})`,
    ...(made.changes.length === 0
      ? ['  nothing but the answers']
      : made.changes.map(
          ({ what, text, diff }) =>
            `  ${what}: ${harmless(text, 400)}${diff === null ? '' : ' (the diff: --format markdown or html)'}`,
        )),
    ...regradingTexts(made).map((text) => `  ${harmless(text, 600)}`),
    '',
    textTable([
      ['dimension', 'outcome', 'base', 'head', 'difference', '90 % interval', 'margin', 'p like these / these'],
      ...dimensions,
    ]),
    ...(shown.length < made.dimensions.length
      ? [`(${made.dimensions.length - shown.length} more are the same on both sides)`]
      : []),
    '',
    `passed: base ${rateText(made.pass.base)}, head ${rateText(made.pass.head)}`,
    ...made.passK
      .filter(({ k }) => k > 1)
      .map(
        ({ k, base, head }) =>
          `pass@${k}: ${base.any.toFixed(3)} → ${head.any.toFixed(3)}, pass^${k}: ${base.all.toFixed(3)} → ${head.all.toFixed(3)}`,
      ),
    ...(made.mcnemar === null
      ? []
      : [
          `one answer a scenario: ${made.mcnemar.lost} lost, ${made.mcnemar.gained} gained (exact McNemar, two-sided: p ${pText(made.mcnemar.p)})`,
        ]),
    ...made.hard.map(
      ({ invariant, scenario, base, head, fresh: isFresh }) =>
        `hard ${harmless(invariant)} in ${harmless(scenario)}: ${base.hits} of ${base.of} → ${head.hits} of ${head.of}${isFresh ? '  NEW' : ''}`,
    ),
    ...(fresh.length === 0 ? [] : ['', 'Findings that are new', ...some(fresh.map(findingLine))]),
    ...(gone.length === 0 ? [] : ['', 'Findings that are gone', ...some(gone.map(findingLine))]),
    ...(shifted.length === 0 ? [] : ['', 'Findings in other numbers', ...some(shifted.map(findingLine), 5)]),
    ...(moved.length === 0
      ? []
      : [
          '',
          textTable([
            ['scenario', 'base', 'head', 'score', 'q'],
            ...moved
              .slice(0, MOST_LINES)
              .map(({ scenario, base, head, q }) => [
                harmless(scenario, 50),
                `${base.passed} of ${base.of}`,
                `${head.passed} of ${head.of}`,
                `${base.score.toFixed(3)} → ${head.score.toFixed(3)}`,
                pText(q),
              ]),
          ]),
        ]),
    '',
    ...made.sight,
    methodText(made),
  ];
  return `${lines.join('\n')}\n`;
}
