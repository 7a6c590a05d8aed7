import type { CellRow, Comparison, FindingRow, ScenarioRow } from '../../domain/runs/comparison.ts';
import { visible } from '../harmless.ts';
import { inline, markdownTable } from '../table.ts';
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

const MOST_FINDINGS = 100;
const MOST_SCENARIOS = 200;

/** Text as a code block that nothing in it can end. */
function block(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${visible(text, 60_000)}\n${fence}`;
}

function findingTable(heading: string, rows: readonly FindingRow[]): string[] {
  if (rows.length === 0) return [];
  const shown = rows
    .slice(0, MOST_FINDINGS)
    .map(({ check, tool, rule, severity, base, head, q, scenarios, example }) => [
      `${check}: ${tool} ${rule}`,
      severity,
      String(base),
      String(head),
      pText(q),
      scenarios.slice(0, 3).join(', '),
      (example ?? '').slice(0, 160),
    ]);
  const rest = rows.length > MOST_FINDINGS ? [`… and ${rows.length - MOST_FINDINGS} more.`, ''] : [];
  return [
    `### ${heading}`,
    '',
    markdownTable([['finding', 'severity', 'base', 'head', 'q', 'scenarios', 'for instance'], ...shown]),
    '',
    ...rest,
  ];
}

const cellText = ({ repeat, verdict, score, wanting }: CellRow): string =>
  `#${repeat} ${verdict} ${score?.toFixed(3) ?? ''}${
    wanting.length === 0
      ? ''
      : ` (${wanting
          .slice(0, 4)
          .map(([id, status]) => `${id} ${status}`)
          .join(', ')}${wanting.length > 4 ? ' …' : ''})`
  }`;

function scenarioSection({ scenario, base, head, q, baseCells, headCells }: ScenarioRow): string[] {
  const most = 10;
  return [
    `### ${inline(scenario)}: ${base.passed} of ${base.of} → ${head.passed} of ${head.of} (q ${pText(q)})`,
    '',
    ...[['base', baseCells] as const, ['head', headCells] as const].flatMap(([side, cells]) =>
      cells.slice(0, most).map((cell) => `- ${side} ${inline(cellText(cell))}`),
    ),
    '',
  ];
}

/**
 * A comparison as Markdown: verdict and reason first, then what changed, then dimension by dimension, then scenario by
 * scenario.
 */
export function comparisonMarkdown(made: Comparison): string {
  const dimensions = made.dimensions.map((row) => [
    dimensionName(row.id),
    row.outcome === null ? '' : outcomeSigns[row.outcome],
    valueText(row, row.base),
    valueText(row, row.head),
    differenceText(row, row.difference),
    intervalText(row),
    marginText(row),
    row.gated ? pText(row.pPopulation) : '',
    row.gated ? pText(row.pSuite) : '',
    pText(row.q),
    String(row.scenarios),
  ]);
  const { fresh, gone, shifted } = sortedFindings(made.findings);
  const rest = made.rows.length - MOST_SCENARIOS;
  return [
    `# ${outcomeSigns[made.outcome]}: ${inline(title(made))}`,
    '',
    ...made.reasons.map((reason) => `- ${inline(reason)}`),
    '',
    `**${gateText(made)}** ${sizeText(made)}.`,
    '',
    '## What changed',
    '',
    ...(made.changes.length === 0
      ? ['Nothing but the answers.', '']
      : made.changes.flatMap(({ what, text, diff }) => [
          `- **${what}**: ${inline(text)}`,
          '',
          ...(diff === null ? [] : [block(diff), '']),
        ])),
    ...regradingTexts(made).flatMap((text) => [`- ${inline(text)}`, '']),
    '## Dimension by dimension',
    '',
    markdownTable([
      [
        'dimension',
        'outcome',
        'base',
        'head',
        'difference',
        '90 % interval',
        'margin',
        'p, scenarios like these',
        'p, these scenarios',
        'q',
        'scenarios',
      ],
      ...dimensions,
    ]),
    '',
    `Passed: base ${rateText(made.pass.base)}, head ${rateText(made.pass.head)}.`,
    ...(made.mcnemar === null
      ? []
      : [
          `One answer a scenario: ${made.mcnemar.lost} lost, ${made.mcnemar.gained} gained (exact McNemar, two-sided: p ${pText(made.mcnemar.p)}).`,
        ]),
    '',
    markdownTable([
      ['k', 'pass@k base', 'pass@k head', 'pass^k base', 'pass^k head'],
      ...made.passK.map(({ k, base, head }) => [
        String(k),
        base.any.toFixed(3),
        head.any.toFixed(3),
        base.all.toFixed(3),
        head.all.toFixed(3),
      ]),
    ]),
    '',
    ...(made.hard.length === 0
      ? []
      : [
          '## Hard invariants',
          '',
          markdownTable([
            ['invariant', 'scenario', 'base', 'head', ''],
            ...made.hard.map(({ invariant, scenario, base, head, fresh: isFresh }) => [
              invariant,
              scenario,
              `${base.hits} of ${base.of}`,
              `${head.hits} of ${head.of}`,
              isFresh ? 'new' : '',
            ]),
          ]),
          '',
        ]),
    '## Findings',
    '',
    'In how many answers. q is a hint (Fisher, Benjamini and Hochberg; an answer counts once, whatever its scenario) and no verdict.',
    '',
    ...findingTable('New', fresh),
    ...findingTable('Gone', gone),
    ...findingTable('In other numbers', shifted),
    '## What this comparison can see',
    '',
    ...made.sight.map((text) => `- ${inline(text)}`),
    `- ${inline(methodText(made))}`,
    '',
    '## Scenario by scenario',
    '',
    ...made.rows.slice(0, MOST_SCENARIOS).flatMap(scenarioSection),
    ...(rest > 0 ? [`… and ${rest} more; --format json or html has them all.`, ''] : []),
  ].join('\n');
}
