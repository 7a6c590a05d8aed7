import type { CellRow, Comparison, DimensionRow, FindingRow, ScenarioRow } from '../../domain/runs/comparison.ts';
import { visible } from '../harmless.ts';
import { inline, markdownTable } from '../table.ts';
import { dimensionCells, dimensionHead, pText, sortedFindings, textsOf } from './words.ts';

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

function changesSection(comparison: Comparison): string[] {
  const changes = comparison.changes.flatMap(({ what, text, diff }) => [
    `- **${what}**: ${inline(text)}`,
    '',
    ...(diff === null ? [] : [block(diff), '']),
  ]);
  return [
    '## What changed',
    '',
    ...(changes.length === 0 ? ['Nothing but the answers.', ''] : changes),
    ...textsOf(comparison).regradings.flatMap((text) => [`- ${inline(text)}`, '']),
  ];
}

const dimensionColumns = [...dimensionHead, 'p, scenarios like these', 'p, these scenarios', 'q', 'scenarios'];

const dimensionRow = (row: DimensionRow): string[] => [
  ...dimensionCells(row),
  row.gated ? pText(row.pPopulation) : '',
  row.gated ? pText(row.pSuite) : '',
  pText(row.q),
  String(row.scenarios),
];

function dimensionsSection(comparison: Comparison): string[] {
  const { dimensions, passK } = comparison;
  const { passed, parts, pairs } = textsOf(comparison);
  const rates = passK.map(({ k, base, head }) => [
    String(k),
    ...[base.any, head.any, base.all, head.all].map((rate) => rate.toFixed(3)),
  ]);
  return [
    '## Dimension by dimension',
    '',
    markdownTable([dimensionColumns, ...dimensions.map(dimensionRow)]),
    '',
    `Passed: ${passed}.`,
    ...parts,
    ...(pairs === null ? [] : [`One answer a scenario: ${pairs}.`]),
    '',
    markdownTable([['k', 'pass@k base', 'pass@k head', 'pass^k base', 'pass^k head'], ...rates]),
    '',
  ];
}

function hardSection({ hard }: Comparison): string[] {
  if (hard.length === 0) return [];
  const rows = hard.map(({ invariant, scenario, base, head, fresh }) => [
    invariant,
    scenario,
    `${base.hits} of ${base.of}`,
    `${head.hits} of ${head.of}`,
    fresh ? 'new' : '',
  ]);
  return ['## Hard invariants', '', markdownTable([['invariant', 'scenario', 'base', 'head', ''], ...rows]), ''];
}

function findingsSection({ findings }: Comparison): string[] {
  const { fresh, gone, shifted } = sortedFindings(findings);
  return [
    '## Findings',
    '',
    'In how many answers. q is a hint (Fisher, Benjamini and Hochberg; an answer counts once, whatever its scenario) ' +
      'and no verdict.',
    '',
    ...findingTable('New', fresh),
    ...findingTable('Gone', gone),
    ...findingTable('In other numbers', shifted),
  ];
}

function scenariosSection({ rows }: Comparison): string[] {
  const rest = rows.length - MOST_SCENARIOS;
  return [
    '## Scenario by scenario',
    '',
    ...rows.slice(0, MOST_SCENARIOS).flatMap(scenarioSection),
    ...(rest > 0 ? [`… and ${rest} more; --format json or html has them all.`, ''] : []),
  ];
}

/**
 * A comparison as Markdown: verdict and reason first, then what changed, then dimension by dimension, then scenario by
 * scenario.
 */
export function comparisonMarkdown(comparison: Comparison): string {
  const { title, outcome, gate, size, method } = textsOf(comparison);
  return [
    `# ${outcome}: ${inline(title)}`,
    '',
    ...comparison.reasons.map((reason) => `- ${inline(reason)}`),
    '',
    `**${gate}** ${size}.`,
    '',
    ...changesSection(comparison),
    ...dimensionsSection(comparison),
    ...hardSection(comparison),
    ...findingsSection(comparison),
    '## What this comparison can see',
    '',
    ...comparison.sight.map((text) => `- ${inline(text)}`),
    `- ${inline(method)}`,
    '',
    ...scenariosSection(comparison),
  ].join('\n');
}
