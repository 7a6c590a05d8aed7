import { scaleLinear } from 'd3-scale';
import type { SeriesNight } from '../../domain/runs/night.ts';
import type { PageAssets } from '../html/assets.ts';
import { pageText } from '../html/document.ts';
import { html, scriptJson } from '../html/markup.ts';
import type { Markup } from '../html/markup.ts';
import { changeText, trendHead, trendRow } from './words.ts';
import type { Trend } from './words.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [900, 200, 60, 30];
const fixed = (value: number): string => value.toFixed(1);

/** A value of each night with its name; null where it is not known. */
const plots: readonly (readonly [
  name: string,
  value: (night: SeriesNight) => number | null,
  text: (value: number) => string,
])[] = [
  [
    'pass rate',
    ({ passed, answers, ungraded }) => (answers === ungraded ? null : passed / (answers - ungraded)),
    (value) => `${(value * 100).toFixed(0)} %`,
  ],
  ['score', ({ score }) => score, (value) => value.toFixed(2)],
  ['cost of an answer', ({ costUsd }) => costUsd, (value) => `$${value.toPrecision(2)}`],
  ['latency', ({ latencyMs }) => latencyMs, (value) => `${(value / 1000).toPrecision(3)} s`],
];

/** One quantity over the nights; a line ends where a new one begins, and alarms are dashed. */
function plot({ nights, alarms }: Trend, [name, value, text]: (typeof plots)[number]): Markup | null {
  const known = nights.flatMap(({ series }, index) => {
    const y = value(series);
    return y === null ? [] : [{ index, y, line: series.line }];
  });
  if (known.length === 0) return null;
  const share = name === 'pass rate' || name === 'score';
  const top = share ? 1 : Math.max(...known.map(({ y }) => y)) * 1.1 || 1;
  const x = scaleLinear()
    .domain([0, Math.max(1, nights.length - 1)])
    .range([LEFT, WIDTH - 20]);
  const y = scaleLinear()
    .domain([0, top])
    .range([HEIGHT - BOTTOM, 10]);
  const lines = [...Map.groupBy(known, ({ line }) => line).values()].map(
    (points) =>
      html`<polyline class="line" points="${points.map((point) => `${fixed(x(point.index))},${fixed(y(point.y))}`).join(' ')}"/>`,
  );
  const dots = known.map(
    (point) =>
      html`<circle class="dot" cx="${fixed(x(point.index))}" cy="${fixed(y(point.y))}" r="3"><title>${nights[point.index]?.at.slice(0, 10) ?? ''}: ${text(point.y)}, run ${nights[point.index]?.run ?? ''}</title></circle>`,
  );
  const marked = alarms.flatMap(({ at }) => {
    const index = nights.findIndex((night) => night.at === at);
    return index < 0
      ? []
      : [html`<line class="change" x1="${fixed(x(index))}" x2="${fixed(x(index))}" y1="10" y2="${HEIGHT - BOTTOM}"/>`];
  });
  const ticks = y
    .ticks(4)
    .map(
      (tick) =>
        html`<line class="grid" x1="${LEFT}" x2="${WIDTH - 20}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}"/><text x="${LEFT - 8}" y="${fixed(y(tick) + 4)}" text-anchor="end">${text(tick)}</text>`,
    );
  return html`<h3>${name}</h3><div class="wide"><svg class="trend" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}, night by night">
${ticks}${marked}${lines}${dots}
<text x="${LEFT}" y="${HEIGHT - 8}">${nights[0]?.at.slice(0, 10) ?? ''}</text><text x="${WIDTH - 20}" y="${HEIGHT - 8}" text-anchor="end">${nights.at(-1)?.at.slice(0, 10) ?? ''}</text></svg></div>`;
}

function section(trend: Trend, index: number): Markup {
  const alarms = trend.alarms.map(
    (alarm) =>
      html`<li>${alarm.at.slice(0, 10)}: ${changeText(alarm)} (p ${alarm.p.toPrecision(2)}, confirmed by fresh answers)</li>`,
  );
  return html`<section aria-labelledby="t${index}"><h2 id="t${index}">${trend.model} × ${trend.prompt}</h2>
${alarms.length === 0 ? html`<p>No alarm.</p>` : html`<ul>${alarms}</ul>`}
${plots.map((one) => plot(trend, one))}</section>`;
}

/** The history of a suite as one page that needs nothing but itself. */
export function trendPage(suite: string, trends: readonly Trend[], assets: PageAssets): string {
  const rows = trends
    .map(trendRow)
    .map(
      (row) =>
        html`<tr>${row.map((text, index) => (index === 0 ? html`<th scope="row">${text}</th>` : html`<td data-of="${trendHead[index] ?? ''}">${text}</td>`))}</tr>\n`,
    );
  return pageText(
    {
      title: `${suite}, night by night`,
      skipTo: { id: 'lines', name: 'the lines' },
      brand: 'night by night',
      main: html`<h1>${suite}, night by night</h1>
<div class="wide"><table class="figures block"><thead><tr>${trendHead.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>
<p class="quiet">A line ends where another begins: its scenarios or prompt are others, or a new grader came to other verdicts. Dashed: an alarm that fresh answers confirmed.</p>
<div id="lines">${trends.map(section)}</div>`,
      keys: [
        ['t', 'light, dark, or as the system says'],
        ['?', 'this help'],
      ],
      data: scriptJson({}),
    },
    assets,
  );
}
