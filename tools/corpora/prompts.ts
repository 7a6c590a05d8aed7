/** Loads every prompt of the corpora: by dialect, what loads, what is refused and where, and what crashes. */
import { PromptError, detectDialect, loadPrompt } from '../../src/formats/prompt/index.ts';
import { markdownTable } from '../../src/reporters/table.ts';
import type { Measured, PromptText } from './corpora.ts';

interface Row {
  files: number;
  dialects: Set<string>;
  loads: number;
  refused: number;
  crashes: number;
}

/** Measures the loaders; a crash, or a refusal that names no line, is a fault. */
export function measurePrompts(prompts: PromptText[]): Measured {
  const rows = new Map<string, Row>();
  const refusals: string[][] = [];
  const remarks: string[] = [];
  for (const { file, path, text } of prompts) {
    const folder = file.split('/', 1)[0] ?? '';
    const row = rows.get(folder) ?? { files: 0, dialects: new Set(), loads: 0, refused: 0, crashes: 0 };
    rows.set(folder, row);
    row.files += 1;
    try {
      row.dialects.add(detectDialect(text, path));
      loadPrompt(text, { id: file, path });
      row.loads += 1;
    } catch (error) {
      if (!(error instanceof PromptError)) {
        row.crashes += 1;
        remarks.push(
          `prompt ${file}: a crash: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
        continue;
      }
      row.refused += 1;
      refusals.push([file, error.line === null ? '-' : String(error.line), error.code, error.expected, error.found]);
      if (error.line === null) remarks.push(`prompt ${file}: refused without a line: ${error.message}`);
    }
  }
  const total = (pick: (row: Row) => number): string =>
    String([...rows.values()].reduce((sum, row) => sum + pick(row), 0));
  const section = `## Prompts

Every file loads, or is refused with an error that names the line.

${markdownTable([
  ['folder', 'read as', 'files', 'load', 'refused, with a line', 'crash'],
  ...[...rows].map(([folder, row]) => [
    folder,
    [...row.dialects].sort().join(', '),
    String(row.files),
    String(row.loads),
    String(row.refused),
    String(row.crashes),
  ]),
  [
    'all',
    '',
    total((row) => row.files),
    total((row) => row.loads),
    total((row) => row.refused),
    total((row) => row.crashes),
  ],
])}

What is refused:

${markdownTable([['file', 'line', 'why', 'expected', 'found'], ...refusals])}`;
  return { holds: remarks.length === 0, remarks, section };
}
