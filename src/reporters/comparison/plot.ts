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

/** What still counts as no worse. */
function bandMark(low: number, high: number, y: number): Markup {
  const width = fixed(Math.max(1, high - low));
  return html`<rect class="margin" x="${fixed(low)}" y="${fixed(y - ROW / 2 + 2)}" width="${width}" height="${ROW - 4}"/>`;
}

/** A line with ends. */
function intervalMark(low: number, high: number, y: number): Markup {
  const end = (at: number): string => `M${fixed(at)} ${fixed(y - 4)}v8`;
  return html`<path class="interval" d="M${fixed(low)} ${fixed(y)}H${fixed(high)}${end(low)}${end(high)}"/>`;
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
  const name = dimensionName(row.id);
  const title = `${name}: ${differenceText(row, difference)}, 90 % interval ${intervalText(row)}`;
  return html`<g class="${tone(row)}">${band === null ? null : bandMark(x(band[0]), x(band[1]), y)}
<text class="name" x="${LABEL - 10}" y="${fixed(y + 4)}">${name}</text>
${interval === null ? null : intervalMark(x(interval[0]), x(interval[1]), y)}
<path class="point" d="${shape}"><title>${title}</title></path></g>
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
  const [less, unit, more] = share
    ? (['← worse', 'points of difference', 'better →'] as const)
    : (['← less, better', 'times the base', 'more, worse →'] as const);
  const bottom = height - BOTTOM;
  const line = (kind: string, at: string): Markup =>
    html`<line class="${kind}" x1="${at}" x2="${at}" y1="${TOP}" y2="${bottom}"/>`;
  const tickMark = (tick: number): Markup => {
    const at = fixed(x(tick));
    const text = share ? String(Math.round(tick * 1000) / 10) : `×${tick}`;
    return html`${line('grid', at)}<text class="tick" x="${at}" y="${bottom + 16}">${text}</text>`;
  };
  const axis = (at: number, anchor: string, text: string): Markup =>
    html`<text class="axis" x="${at}" y="${height - 6}" text-anchor="${anchor}">${text}</text>`;
  return html`<svg class="forest" viewBox="0 0 ${WIDTH} ${height}" role="img"
 aria-label="Differences with their 90 % intervals; the table below has the numbers">
${ticks.map(tickMark)}
${line('zero', fixed(zero))}
${rows.map((row, index) => mark(row, index, x))}
${axis(LABEL, 'start', less)}${axis((LABEL + WIDTH - 20) / 2, 'middle', unit)}${axis(WIDTH - 20, 'end', more)}
</svg>`;
}

/** A scenario's pass rates: a ring for the base, a disc for the head, a line between. */
export function dumbbell(base: number, head: number): Markup {
  const x = scaleLinear().domain([0, 1]).range([6, 114]);
  const kind = head < base ? 'worse' : head > base ? 'gain' : 'plain';
  const [atBase, atHead] = [fixed(x(base)), fixed(x(head))];
  return html`<svg class="dumbbell ${kind}" viewBox="0 0 120 16" aria-hidden="true">
<line class="grid" x1="6" x2="114" y1="8" y2="8"/>
<line class="interval" x1="${atBase}" x2="${atHead}" y1="8" y2="8"/>
<circle class="ring" cx="${atBase}" cy="8" r="5"/><circle class="disc" cx="${atHead}" cy="8" r="3.4"/></svg>`;
}
