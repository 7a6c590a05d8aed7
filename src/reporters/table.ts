import { visible } from './harmless.ts';

/** Lays rows out in columns for a terminal; the first row is the heading. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(rows[0] ?? []), rule, ...rows.slice(1).map(line)].join('\n');
}

/** A Markdown table; the first row is the heading. Cells are made safe for it. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.map(inline).join(' | ')} |`;
  return [line(rows[0] ?? []), `|${'---|'.repeat(rows[0]?.length ?? 0)}`, ...rows.slice(1).map(line)].join('\n');
}

/** Text of an answer or a tool as plain text in Markdown: one line, nothing in it is markup or invisible. */
export function inline(text: string): string {
  return visible(text, Infinity)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_<>|[\]#~]/g, '\\$&')
    .trim();
}
