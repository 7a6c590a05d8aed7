import { createHash } from 'node:crypto';
import type { Change, Comparison, DimensionRow, FindingRow, ScenarioRow } from '../../domain/runs/comparison.ts';
import { visible } from '../harmless.ts';
import type { PageAssets } from '../html/assets.ts';
import { Markup, html, scriptJson } from '../html/markup.ts';
import type { ComparisonData } from './data.ts';
import { dumbbell, forest } from './plot.ts';
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

const MOST_FINDINGS = 200;
const LONGEST_DIFF = 200_000;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const share = (part: { passed: number; of: number }): number => (part.of === 0 ? 0 : part.passed / part.of);
const classOf = (outcome: Comparison['outcome']): string => outcome.replaceAll(' ', '-');

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
  return html`<li><b>${what}</b>: ${text}${diff === null ? null : html`<details class="diff" ${new Markup(what === 'prompt' ? 'open' : '')}><summary>diff</summary><pre tabindex="0">${diff.slice(0, LONGEST_DIFF).split('\n').map(diffLine)}</pre></details>`}</li>`;
}

function dimensionTable(rows: readonly DimensionRow[]): Markup {
  return html`<div class="wide"><table class="figures"><thead><tr><th scope="col">dimension</th><th scope="col">outcome</th><th scope="col">base</th><th scope="col">head</th><th scope="col">difference</th><th scope="col">90 % interval</th><th scope="col">margin</th><th scope="col">p, scenarios like these</th><th scope="col">p, these</th><th scope="col">q</th><th scope="col">scenarios</th></tr></thead><tbody>${rows.map(
    (
      row,
    ) => html`<tr><th scope="row">${dimensionName(row.id)}</th><td class="${row.outcome === null ? '' : classOf(row.outcome)}">${row.outcome === null ? '' : outcomeSigns[row.outcome]}</td><td>${valueText(row, row.base)}</td><td>${valueText(row, row.head)}</td><td>${differenceText(row, row.difference)}</td><td>${intervalText(row)}</td><td>${marginText(row)}</td><td>${row.gated ? pText(row.pPopulation) : ''}</td><td>${row.gated ? pText(row.pSuite) : ''}</td><td>${pText(row.q)}</td><td>${row.scenarios}</td></tr>
`,
  )}</tbody></table></div>`;
}

function dimensionsSection({ dimensions, pass, passK, mcnemar }: Comparison): Markup {
  const ordered = [...dimensions.filter(({ gated }) => gated), ...dimensions.filter(({ gated }) => !gated)];
  const plots = (['share', 'ratio'] as const).map((unit) => forest(ordered.filter((row) => row.unit === unit)));
  return html`<section aria-labelledby="dimensions"><h2 id="dimensions">Dimension by dimension</h2>
<p class="quiet">A diamond: the gate looks at it, and the band is what still counts as no worse. A square: only shown, the gate does not look at it. Lines are 90 % intervals.</p>
${plots}
${dimensionTable(ordered)}
<p>Passed: base ${rateText(pass.base)}, head ${rateText(pass.head)}.${mcnemar === null ? null : html` One answer a scenario: ${mcnemar.lost} lost, ${mcnemar.gained} gained (exact McNemar, two-sided: p ${pText(mcnemar.p)}).`}</p>
${passK.length < 2 ? null : html`<table class="figures"><thead><tr><th scope="col">k</th><th scope="col">pass@k base</th><th scope="col">pass@k head</th><th scope="col">pass^k base</th><th scope="col">pass^k head</th></tr></thead><tbody>${passK.map(({ k, base, head }) => html`<tr><th scope="row">${k}</th><td>${base.any.toFixed(3)}</td><td>${head.any.toFixed(3)}</td><td>${base.all.toFixed(3)}</td><td>${head.all.toFixed(3)}</td></tr>`)}</tbody></table>`}
</section>`;
}

function hardSection({ hard }: Comparison): Markup | null {
  if (hard.length === 0) return null;
  return html`<section aria-labelledby="hard"><h2 id="hard">Hard invariants</h2><table class="figures"><thead><tr><th scope="col">invariant</th><th scope="col">scenario</th><th scope="col">base</th><th scope="col">head</th><th scope="col"></th></tr></thead><tbody>${hard.map(
    ({ invariant, scenario, base, head, fresh }) =>
      html`<tr><th scope="row">${invariant}</th><td>${scenario}</td><td>${base.hits} of ${base.of}</td><td>${head.hits} of ${head.of}</td><td class="${fresh ? 'worse' : ''}">${fresh ? '▼ new' : ''}</td></tr>`,
  )}</tbody></table></section>`;
}

function findingTable(heading: string, rows: readonly FindingRow[], open: boolean): Markup | null {
  if (rows.length === 0) return null;
  return html`<details class="found" ${new Markup(open ? 'open' : '')}><summary>${heading} <span class="quiet">(${rows.length})</span></summary><div class="wide"><table class="figures"><thead><tr><th scope="col">finding</th><th scope="col">base</th><th scope="col">head</th><th scope="col">q</th><th scope="col">for instance</th></tr></thead><tbody>${rows
    .slice(0, MOST_FINDINGS)
    .map(
      ({
        check,
        tool,
        rule,
        severity,
        base,
        head,
        q,
        scenarios,
        example,
      }) => html`<tr><th scope="row">${check}: <code>${tool} ${rule}</code> <span class="quiet">${severity}</span></th><td>${base}</td><td>${head}</td><td>${pText(q)}</td><td class="text">${scenarios.slice(0, 3).join(', ')}${example === null ? '' : `: ${example}`}</td></tr>
`,
    )}</tbody></table></div>${rows.length > MOST_FINDINGS ? html`<p class="quiet">… and ${rows.length - MOST_FINDINGS} more (--format json).</p>` : null}</details>`;
}

function findingsSection({ findings }: Comparison): Markup {
  const { fresh, gone, shifted } = sortedFindings(findings);
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings <span class="quiet">(in how many answers; q is a hint, no verdict)</span></h2>
${fresh.length + gone.length + shifted.length === 0 ? html`<p>The same on both sides.</p>` : null}${findingTable('New', fresh, true)}${findingTable('Gone', gone, true)}${findingTable('In other numbers', shifted, false)}</section>`;
}

function scenarioItem({ scenario, base, head, difference, q }: ScenarioRow, index: number): Markup {
  const sign = difference < 0 ? '▼' : difference > 0 ? '▲' : '=';
  const kind = difference < 0 ? 'fail' : difference > 0 ? 'pass' : 'ungraded';
  return html`<details class="cell scenario ${kind}" id="s${index}" data-row="${index}" data-move="${Math.sign(difference)}" data-flag="${q <= 0.1 ? 1 : 0}" data-score="${Math.sign(head.score - base.score)}"><summary><span class="word">${sign}</span> ${dumbbell(share(base), share(head))} <h3>${scenario}</h3> <span class="score">${base.passed} of ${base.of} → ${head.passed} of ${head.of}</span> <span class="quiet">score ${base.score.toFixed(3)} → ${head.score.toFixed(3)}, q ${pText(q)}</span></summary></details>
`;
}

function controls(count: number): Markup {
  const option = (value: string, text: string): Markup => html`<option value="${value}">${text}</option>`;
  return html`<form id="controls" role="search" aria-label="Filter the scenarios">
<label class="grow">Search <input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="scenario, check, finding …"></label>
<label>Show <select id="move">${[option('', 'all'), option('moved', 'verdict or score moved'), option('-1', '▼ fewer pass'), option('1', '▲ more pass'), option('flag', 'flagged (q up to 0.1)')]}</select></label>
<button type="reset">Show all</button>
<output id="count" aria-live="polite">${count} of ${count} scenarios</output>
</form>`;
}

function help(): Markup {
  const keys = [
    ['/', 'search'],
    ['j, k (or arrows, on a scenario)', 'next, previous scenario'],
    ['Enter', 'open or close it'],
    ['Esc', 'close it; leave the search; close this help'],
    ['t', 'light, dark, or as the system says'],
    ['?', 'this help'],
  ];
  return html`<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><dl>${keys.map(([key = '', text = '']) => html`<div><dt><kbd>${key}</kbd></dt><dd>${text}</dd></div>`)}</dl><form method="dialog"><button>Close</button></form></dialog>`;
}

function dataOf(made: Comparison, answers: ReadonlyMap<string, string>): ComparisonData {
  return {
    runs: { base: made.base.run, head: made.head.run },
    scenarios: made.rows.map(({ scenario, baseCells, headCells }) => ({ scenario, base: baseCells, head: headCells })),
    findings: made.findings.map(({ check, tool, rule, base, head, example }) => ({
      text: `${check}: ${tool} ${rule}`,
      base,
      head,
      example: visible(example ?? '', 300),
    })),
    answers: Object.fromEntries([...answers].map(([key, text]) => [key, visible(text, 400_000)])),
  };
}

/**
 * A comparison as one page that needs nothing but itself. `answers` are texts by `<run>/<key>`, to be read side by
 * side.
 */
export function comparisonPage(
  made: Comparison,
  answers: ReadonlyMap<string, string>,
  { script, style }: PageAssets,
): string {
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${made.outcome}: ${title(made)}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#scenarios">Skip to the scenarios</a>
<header>
<p class="brand">Cupel <span class="quiet">compares. ${sizeText(made)}</span></p>
<p class="tools"><button type="button" id="theme">Theme: auto</button> <button type="button" id="keys">Keys ?</button></p>
</header>
<main>
<section aria-labelledby="headline"><p class="quiet">${title(made)}</p>
<h1 id="headline" class="${classOf(made.outcome)}">${outcomeSigns[made.outcome]}</h1>
<ul class="why">${made.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
<p class="gate ${made.gate.met ? 'met' : 'unmet'}">${made.gate.met ? '✓' : '✗'} ${gateText(made)}</p></section>
<section aria-labelledby="changes"><h2 id="changes">What changed</h2>
${made.changes.length + made.regradings.length === 0 ? html`<p>Nothing but the answers.</p>` : html`<ul>${made.changes.map(changeItem)}${regradingTexts(made).map((text) => html`<li>${text}</li>`)}</ul>`}</section>
${dimensionsSection(made)}
${hardSection(made)}
${findingsSection(made)}
<section aria-labelledby="sight"><h2 id="sight">What this comparison can see</h2><ul>${[...made.sight, methodText(made)].map((text) => html`<li>${text}</li>`)}</ul></section>
<section id="scenarios" aria-labelledby="scenarios-title"><h2 id="scenarios-title">Scenario by scenario <span class="quiet">(the largest loss first; ring: base, disc: head)</span></h2>
${controls(made.rows.length)}
<noscript><p>The details need this page's script. Without it, use --format markdown.</p></noscript>
<p id="nothing" hidden>No scenario matches. “Show all” takes the filters away.</p>
${made.rows.map(scenarioItem)}</section>
</main>
${help()}
<script type="application/json" id="data">${scriptJson(dataOf(made, answers))}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}
