import { scaleLinear, scaleLog } from 'd3-scale';
import type { DimensionRow } from '../../domain/runs/comparison.ts';
import { html } from '../html/markup.ts';
import type { Markup } from '../html/markup.ts';
import { differenceText, dimensionName, intervalText } from './words.ts';

const LABEL = 190;
const WIDTH = 900;
const ROW = 26;
const TOP = 8;
const BOTTOM = 40;

const fixed = (value: number): string => value.toFixed(1);

/** Where a mark's colour comes from: better, worse, or neither. */
function tone({ outcome, unit, interval }: DimensionRow): string {
  if (outcome === 'worse') return 'worse';
  if (outcome === 'better') return 'gain';
  if (outcome !== null || interval === null) return 'plain';
  const [low, high] = unit === 'share' ? interval : [1 / interval[1], 1 / interval[0]];
  const zero = unit === 'share' ? 0 : 1;
  return high < zero ? 'worse' : low > zero ? 'gain' : 'plain';
}

/**
 * One row: the interval as a line with ends, the difference as a mark (a diamond where the gate looks), the margin as a
 * band.
 */
function mark(row: DimensionRow, index: number, x: (value: number) => number): Markup {
  const y = TOP + ROW * index + ROW / 2;
  const { interval, difference, margin, unit, gated } = row;
  const band = margin === null ? null : unit === 'share' ? ([-margin, 0] as const) : ([1, margin] as const);
  const at = x(difference);
  const shape = gated ? `M${fixed(at)} ${fixed(y - 6)}l6 6l-6 6l-6 -6z` : `M${fixed(at - 4)} ${fixed(y - 4)}h8v8h-8z`;
  return html`<g class="${tone(row)}">${band === null ? null : html`<rect class="margin" x="${fixed(x(band[0]))}" y="${fixed(y - ROW / 2 + 2)}" width="${fixed(Math.max(1, x(band[1]) - x(band[0])))}" height="${ROW - 4}"/>`}
<text class="name" x="${LABEL - 10}" y="${fixed(y + 4)}">${dimensionName(row.id)}</text>${
    interval === null
      ? null
      : html`<path class="interval" d="M${fixed(x(interval[0]))} ${fixed(y)}H${fixed(x(interval[1]))}M${fixed(x(interval[0]))} ${fixed(y - 4)}v8M${fixed(x(interval[1]))} ${fixed(y - 4)}v8"/>`
  }<path class="point" d="${shape}"><title>${dimensionName(row.id)}: ${differenceText(row, difference)}, 90 % interval ${intervalText(row)}</title></path></g>
`;
}

/** Differences with their intervals, one row a dimension; shares in points around 0, quantities in times around 1. */
export function forest(rows: readonly DimensionRow[]): Markup | null {
  const [first] = rows;
  if (first === undefined) return null;
  const share = first.unit === 'share';
  const values = rows.flatMap(({ interval, difference, margin }) => [
    ...(interval ?? []),
    difference,
    ...(margin === null ? [] : [share ? -margin : margin]),
  ]);
  const height = TOP + ROW * rows.length + BOTTOM;
  const range = [LABEL, WIDTH - 20];
  const reach = Math.max(
    share ? 0.05 : 1.1,
    ...values.map((value) => (share ? Math.abs(value) : Math.max(value, 1 / value))),
  );
  const scale = share
    ? scaleLinear()
        .domain([-Math.min(1, reach), Math.min(1, reach)])
        .range(range)
        .nice()
    : scaleLog()
        .domain([1 / reach, reach])
        .range(range);
  const [low = 0, high = 1] = scale.domain();
  const x = (value: number): number => scale(Math.max(low, Math.min(high, value)));
  const ticks = share
    ? scale.ticks(9)
    : [0.1, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 10].filter((tick) => tick >= low && tick <= high);
  const zero = x(share ? 0 : 1);
  const words = share
    ? ['← worse', 'points of difference', 'better →']
    : ['← less, better', 'times the base', 'more, worse →'];
  return html`<svg class="forest" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Differences with their 90 % intervals; the table below has the numbers">
${ticks.map((tick) => html`<line class="grid" x1="${fixed(x(tick))}" x2="${fixed(x(tick))}" y1="${TOP}" y2="${height - BOTTOM}"/><text class="tick" x="${fixed(x(tick))}" y="${height - BOTTOM + 16}">${share ? String(Math.round(tick * 1000) / 10) : `×${tick}`}</text>`)}
<line class="zero" x1="${fixed(zero)}" x2="${fixed(zero)}" y1="${TOP}" y2="${height - BOTTOM}"/>
${rows.map((row, index) => mark(row, index, x))}
<text class="axis" x="${LABEL}" y="${height - 6}" text-anchor="start">${words[0] ?? ''}</text><text class="axis" x="${(LABEL + WIDTH - 20) / 2}" y="${height - 6}" text-anchor="middle">${words[1] ?? ''}</text><text class="axis" x="${WIDTH - 20}" y="${height - 6}" text-anchor="end">${words[2] ?? ''}</text>
</svg>`;
}

/** A scenario's pass rates: a ring for the base, a disc for the head, a line between. */
export function dumbbell(base: number, head: number): Markup {
  const x = scaleLinear().domain([0, 1]).range([6, 114]);
  const kind = head < base ? 'worse' : head > base ? 'gain' : 'plain';
  return html`<svg class="dumbbell ${kind}" viewBox="0 0 120 16" aria-hidden="true"><line class="grid" x1="6" x2="114" y1="8" y2="8"/><line class="interval" x1="${fixed(x(base))}" x2="${fixed(x(head))}" y1="8" y2="8"/><circle class="ring" cx="${fixed(x(base))}" cy="8" r="5"/><circle class="disc" cx="${fixed(x(head))}" cy="8" r="3.4"/></svg>`;
}
