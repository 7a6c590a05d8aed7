import type { Comparison } from '../../domain/runs/comparison.ts';
import type { CodeExcerpt, Turned, Upgrade } from '../../domain/runs/upgrade.ts';
import { forest } from '../comparison/plot.ts';
import { dimensionCells, dimensionHead } from '../comparison/words.ts';
import type { PageAssets } from '../html/assets.ts';
import { pageText } from '../html/document.ts';
import { html, scriptJson } from '../html/markup.ts';
import type { Markup, Part } from '../html/markup.ts';
import { blockRows, differing, kindSigns, pairRows, rankHead, rankNote, rankRows, turnedTitle } from './words.ts';

const keys = [
  ['t', 'light, dark, or as the system says'],
  ['?', 'this help'],
] as const;

const classes = { change: 'better', choose: 'better', stay: 'no-worse', open: 'not-enough-data' } as const;

function table(head: readonly string[], rows: readonly (readonly string[])[], kind = 'figures'): Markup {
  const cells = (row: readonly string[]): Part[] =>
    row.map((text, index) =>
      index === 0 ? html`<th scope="row">${text}</th>` : html`<td data-of="${head[index] ?? ''}">${text}</td>`,
    );
  return html`<div class="wide"><table class="${kind}"><thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody></table></div>`;
}

function rankingSection(upgrade: Upgrade): Markup | null {
  const ranks = rankRows(upgrade);
  if (ranks === null) return null;
  return html`<section aria-labelledby="ranking"><h2 id="ranking">Ranking</h2>
${table(rankHead, ranks, 'figures block')}
<p class="quiet">${rankNote}</p>
${table(['pair', 'points', 'interval', ''], pairRows(upgrade), 'figures block')}</section>`;
}

function dimensionsOf(comparison: Comparison, index: number): Markup {
  const { rows, equal } = differing(comparison);
  const plots = (['share', 'ratio'] as const).map((unit) => forest(rows.filter((row) => row.unit === unit)));
  const reasons = comparison.reasons.map((reason) => html`<li>${reason}</li>`);
  return html`<section aria-labelledby="d${index}"><h2 id="d${index}">${comparison.base.name} → ${comparison.head.name}</h2>
<ul class="why">${reasons}</ul>
<div class="wide">${plots}</div>
${rows.length === 0 ? null : table(dimensionHead, rows.map(dimensionCells))}
<p class="quiet">${equal} dimensions are the same on both sides.</p></section>`;
}

function code({ run, key, file, from, lines, verdict, reasons }: CodeExcerpt, title: string): Markup {
  const numbered = lines.map(
    (line, index) => html`<span class="at">${from + index}</span>${line === '' ? ' ' : line}
`,
  );
  return html`<div><h4>${title}: ${verdict}</h4>
<p class="quiet">${file ?? 'no file'}, answer ${key} of ${run}</p>
${reasons.length === 0 ? null : html`<ul class="why">${reasons.slice(0, 3).map((reason) => html`<li>${reason}</li>`)}</ul>`}
${lines.length === 0 ? null : html`<pre tabindex="0">${numbered}</pre>`}</div>`;
}

function turnedItem(turned: Turned, index: number): Markup {
  const open =
    index < 3
      ? html`<details class="cell ${turned.kind === 'breaks' ? 'fail' : 'pass'}" open>`
      : html`<details class="cell ${turned.kind === 'breaks' ? 'fail' : 'pass'}">`;
  return html`${open}<summary><h3>${turnedTitle(turned)}</h3></summary>
<div class="body pair">${code(turned.before, 'today')}${code(turned.after, turned.model)}</div></details>
`;
}

function mainPart(upgrade: Upgrade): Markup {
  const { recommendation, sides, comparisons, turned, restsOn, settles } = upgrade;
  const list = (texts: readonly string[]): Markup => html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
  return html`<section aria-labelledby="headline" class="decision">
<h1 id="headline" class="${classes[recommendation.kind]}">${kindSigns[recommendation.kind]} ${recommendation.headline}</h1>
${list(recommendation.why)}
${table(['', ...sides.map(({ model }) => model)], blockRows(upgrade), 'figures block')}
<p class="quiet">Accepted: the verdict is pass, and where the scenario has a contract it was measured. Ungraded answers are
not accepted, and what they cost is counted.</p></section>
${rankingSection(upgrade)}
${comparisons.map(dimensionsOf)}
<section id="turned" aria-labelledby="turned-title"><h2 id="turned-title">What breaks and what is mended</h2>
${turned.length === 0 ? html`<p>No scenario turned from passing to failing, or the other way.</p>` : turned.map(turnedItem)}</section>
<section aria-labelledby="rests"><h2 id="rests">What it rests on</h2>${list(restsOn)}</section>
${settles.length === 0 ? null : html`<section aria-labelledby="settles"><h2 id="settles">What would settle what is open</h2>${list(settles)}</section>`}`;
}

/** The decision about a model as one page that needs nothing but itself. */
export function upgradePage(upgrade: Upgrade, assets: PageAssets): string {
  return pageText(
    {
      title: upgrade.recommendation.headline,
      skipTo: { id: 'turned', name: 'what breaks and what is mended' },
      brand: 'compares models',
      main: mainPart(upgrade),
      keys,
      data: scriptJson({}),
    },
    assets,
  );
}
