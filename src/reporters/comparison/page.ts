import type { Change, Comparison } from '../../domain/runs/comparison.ts';
import { visible } from '../harmless.ts';
import type { PageAssets } from '../html/assets.ts';
import { option, pageText, searchField } from '../html/document.ts';
import { Markup, html, scriptJson } from '../html/markup.ts';
import type { ComparisonData } from './data.ts';
import { classOf, dimensionsSection, findingsSection, hardSection, scenarioItem } from './sections.ts';
import { textsOf } from './words.ts';

const LONGEST_DIFF = 200_000;

const keys = [
  ['/', 'search'],
  ['j, k (or arrows, on a scenario)', 'next, previous scenario'],
  ['Enter', 'open or close it'],
  ['Esc', 'close it; leave the search; close this help'],
  ['t', 'light, dark, or as the system says'],
  ['?', 'this help'],
] as const;

function diffLine(line: string): Markup {
  const kind =
    line.startsWith('+') && !line.startsWith('+++')
      ? 'added'
      : line.startsWith('-') && !line.startsWith('---')
        ? 'removed'
        : line.startsWith('@@')
          ? 'hunk'
          : '';
  return html`<span class="${kind}">${line === '' ? ' ' : line}</span>
`;
}

function changeItem({ what, text, diff }: Change): Markup {
  if (diff === null) return html`<li><b>${what}</b>: ${text}</li>`;
  const lines = diff.slice(0, LONGEST_DIFF).split('\n').map(diffLine);
  const open = new Markup(what === 'prompt' ? 'open' : '');
  return html`<li><b>${what}</b>: ${text}<details class="diff" ${open}><summary>diff</summary>
<pre tabindex="0">${lines}</pre></details></li>`;
}

function changesSection({ changes }: Comparison, regradings: readonly string[]): Markup {
  const items = [...changes.map(changeItem), ...regradings.map((text) => html`<li>${text}</li>`)];
  return html`<section aria-labelledby="changes"><h2 id="changes">What changed</h2>
${items.length === 0 ? html`<p>Nothing but the answers.</p>` : html`<ul>${items}</ul>`}</section>`;
}

function controls(count: number): Markup {
  const moves = [
    ['', 'all'],
    ['moved', 'verdict or score moved'],
    ['-1', '▼ fewer pass'],
    ['1', '▲ more pass'],
    ['flag', 'flagged (q up to 0.1)'],
  ] as const;
  return html`<form id="controls" role="search" aria-label="Filter the scenarios">
${searchField('scenario, check, finding …')}
<label>Show <select id="move">${moves.map(([value, text]) => option(value, text))}</select></label>
<button type="reset">Show all</button>
<output id="count" aria-live="polite">${count} of ${count} scenarios</output>
</form>`;
}

function scenariosSection({ rows }: Comparison): Markup {
  return html`<section id="scenarios" aria-labelledby="scenarios-title">
<h2 id="scenarios-title">Scenario by scenario
<span class="quiet">(the largest loss first; ring: base, disc: head)</span></h2>
${controls(rows.length)}
<noscript><p>The details need this page's script. Without it, use --format markdown.</p></noscript>
<p id="nothing" hidden>No scenario matches. “Show all” takes the filters away.</p>
${rows.map(scenarioItem)}</section>`;
}

function mainPart(comparison: Comparison): Markup {
  const { title, outcome, gate, method, regradings } = textsOf(comparison);
  const { met } = comparison.gate;
  return html`<section aria-labelledby="headline"><p class="quiet">${title}</p>
<h1 id="headline" class="${classOf(comparison.outcome)}">${outcome}</h1>
<ul class="why">${comparison.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
<p class="gate ${met ? 'met' : 'unmet'}">${met ? '✓' : '✗'} ${gate}</p></section>
${changesSection(comparison, regradings)}
${dimensionsSection(comparison)}
${hardSection(comparison)}
${findingsSection(comparison)}
<section aria-labelledby="sight"><h2 id="sight">What this comparison can see</h2>
<ul>${[...comparison.sight, method].map((text) => html`<li>${text}</li>`)}</ul></section>
${scenariosSection(comparison)}`;
}

function dataOf(comparison: Comparison, answers: ReadonlyMap<string, string>): ComparisonData {
  const { base, head, rows, findings } = comparison;
  return {
    runs: { base: base.run, head: head.run },
    scenarios: rows.map(({ scenario, baseCells, headCells }) => ({ scenario, base: baseCells, head: headCells })),
    findings: findings.map((finding) => ({
      text: `${finding.check}: ${finding.tool} ${finding.rule}`,
      base: finding.base,
      head: finding.head,
      example: visible(finding.example ?? '', 300),
    })),
    answers: Object.fromEntries([...answers].map(([key, text]) => [key, visible(text, 400_000)])),
  };
}

/**
 * A comparison as one page that needs nothing but itself. `answers` are texts by `<run>/<key>`, to be read side by
 * side.
 */
export function comparisonPage(
  comparison: Comparison,
  answers: ReadonlyMap<string, string>,
  assets: PageAssets,
): string {
  const { title, size } = textsOf(comparison);
  return pageText(
    {
      title: `${comparison.outcome}: ${title}`,
      skipTo: { id: 'scenarios', name: 'the scenarios' },
      brand: `compares. ${size}`,
      main: mainPart(comparison),
      keys,
      data: scriptJson(dataOf(comparison, answers)),
    },
    assets,
  );
}
