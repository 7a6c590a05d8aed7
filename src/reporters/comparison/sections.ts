import type { Comparison, DimensionRow, FindingRow, ScenarioRow } from '../../domain/runs/comparison.ts';
import { Markup, html } from '../html/markup.ts';
import type { Part } from '../html/markup.ts';
import { dumbbell, forest } from './plot.ts';
import { dimensionCells, dimensionHead, pText, sortedFindings, textsOf } from './words.ts';

const MOST_FINDINGS = 200;

/** The class of what has an outcome. */
export const classOf = (outcome: Comparison['outcome']): string => outcome.replaceAll(' ', '-');
const share = (part: { passed: number; of: number }): number => (part.of === 0 ? 0 : part.passed / part.of);

const cells = (texts: readonly Part[]): Markup[] => texts.map((text) => html`<td>${text}</td>`);
const rowHead = (text: Part): Markup => html`<th scope="row">${text}</th>`;

/** A table of figures; `rows` are cells, of which the first is the row's head. */
function figures(head: readonly string[], rows: readonly Part[]): Markup {
  const columns = head.map((text) => html`<th scope="col">${text}</th>`);
  const body = rows.map((row) => html`<tr>${row}</tr>\n`);
  return html`<table class="figures"><thead><tr>${columns}</tr></thead><tbody>${body}</tbody></table>`;
}

function dimensionRow(row: DimensionRow): Part {
  const [name = '', outcome = '', ...texts] = dimensionCells(row);
  const ps = row.gated ? [pText(row.pPopulation), pText(row.pSuite)] : ['', ''];
  return [
    rowHead(name),
    html`<td class="${row.outcome === null ? '' : classOf(row.outcome)}">${outcome}</td>`,
    ...cells([...texts, ...ps, pText(row.q), row.scenarios]),
  ];
}

function passTable({ passK }: Comparison): Markup | null {
  if (passK.length < 2) return null;
  const rows = passK.map(({ k, base, head }) => [
    rowHead(k),
    ...cells([base.any, head.any, base.all, head.all].map((rate) => rate.toFixed(3))),
  ]);
  return figures(['k', 'pass@k base', 'pass@k head', 'pass^k base', 'pass^k head'], rows);
}

/** Every dimension, as a plot and as a table. */
export function dimensionsSection(comparison: Comparison): Markup {
  const { dimensions } = comparison;
  const { passed, parts, pairs } = textsOf(comparison);
  const ordered = [...dimensions.filter(({ gated }) => gated), ...dimensions.filter(({ gated }) => !gated)];
  const plots = (['share', 'ratio'] as const).map((unit) => forest(ordered.filter((row) => row.unit === unit)));
  const columns = [...dimensionHead, 'p, scenarios like these', 'p, these', 'q', 'scenarios'];
  return html`<section aria-labelledby="dimensions"><h2 id="dimensions">Dimension by dimension</h2>
<p class="quiet">A diamond: the gate looks at it, and the band is what still counts as no worse.
A square: only shown, the gate does not look at it. Lines are 90 % intervals.</p>
${plots}
<div class="wide">${figures(columns, ordered.map(dimensionRow))}</div>
<p>${parts.join(' ')}</p>
<p>Passed: ${passed}.${pairs === null ? null : html` One answer a scenario: ${pairs}.`}</p>
${passTable(comparison)}
</section>`;
}

/** What must not appear, where the comparison was asked about it. */
export function hardSection({ hard }: Comparison): Markup | null {
  if (hard.length === 0) return null;
  const rows = hard.map(({ invariant, scenario, base, head, fresh }) => [
    rowHead(invariant),
    ...cells([scenario, `${base.hits} of ${base.of}`, `${head.hits} of ${head.of}`]),
    html`<td class="${fresh ? 'worse' : ''}">${fresh ? '▼ new' : ''}</td>`,
  ]);
  const table = figures(['invariant', 'scenario', 'base', 'head', ''], rows);
  return html`<section aria-labelledby="hard"><h2 id="hard">Hard invariants</h2>${table}</section>`;
}

function findingRow({ check, tool, rule, severity, base, head, q, scenarios, example }: FindingRow): Part {
  return [
    rowHead(html`${check}: <code>${tool} ${rule}</code> <span class="quiet">${severity}</span>`),
    ...cells([base, head, pText(q)]),
    html`<td class="text">${scenarios.slice(0, 3).join(', ')}${example === null ? '' : `: ${example}`}</td>`,
  ];
}

function findingTable(heading: string, rows: readonly FindingRow[], open: boolean): Markup | null {
  if (rows.length === 0) return null;
  const shown = rows.slice(0, MOST_FINDINGS);
  const rest = rows.length - shown.length;
  const table = figures(['finding', 'base', 'head', 'q', 'for instance'], shown.map(findingRow));
  return html`<details class="found" ${new Markup(open ? 'open' : '')}>
<summary>${heading} <span class="quiet">(${rows.length})</span></summary><div class="wide">${table}</div>
${rest > 0 ? html`<p class="quiet">… and ${rest} more (--format json).</p>` : null}</details>`;
}

/** What checks found on one side more often than on the other. */
export function findingsSection({ findings }: Comparison): Markup {
  const { fresh, gone, shifted } = sortedFindings(findings);
  const none = fresh.length + gone.length + shifted.length === 0;
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings
<span class="quiet">(in how many answers; q is a hint, no verdict)</span></h2>
${none ? html`<p>The same on both sides.</p>` : null}
${findingTable('New', fresh, true)}
${findingTable('Gone', gone, true)}
${findingTable('In other numbers', shifted, false)}</section>`;
}

/** One scenario, whose details the page's script fills in. */
export function scenarioItem({ scenario, base, head, difference, q }: ScenarioRow, index: number): Markup {
  const sign = difference < 0 ? '▼' : difference > 0 ? '▲' : '=';
  const kind = difference < 0 ? 'fail' : difference > 0 ? 'pass' : 'ungraded';
  const moves = html`data-move="${Math.sign(difference)}" data-flag="${q <= 0.1 ? 1 : 0}"
 data-score="${Math.sign(head.score - base.score)}"`;
  return html`<details class="cell scenario ${kind}" id="s${index}" data-row="${index}" ${moves}>
<summary><span class="word">${sign}</span> ${dumbbell(share(base), share(head))} <h3>${scenario}</h3>
<span class="score">${base.passed} of ${base.of} → ${head.passed} of ${head.of}</span>
<span class="quiet">score ${base.score.toFixed(3)} → ${head.score.toFixed(3)}, q ${pText(q)}</span></summary></details>
`;
}
