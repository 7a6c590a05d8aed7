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

/** What came of all prompts. */
interface Loaded {
  rows: Map<string, Row>;
  /** Rows of a table: file, line, why, what was expected, what was found. */
  refusals: string[][];
  remarks: string[];
}

/** Loads one prompt, and counts what comes of it. */
function load({ file, path, text }: PromptText, row: Row, { refusals, remarks }: Loaded): void {
  row.files += 1;
  try {
    row.dialects.add(detectDialect(text, path));
    loadPrompt(text, { id: file, path });
    row.loads += 1;
  } catch (error) {
    if (!(error instanceof PromptError)) {
      row.crashes += 1;
      const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
      remarks.push(`prompt ${file}: a crash: ${trace}`);
      return;
    }
    row.refused += 1;
    refusals.push([file, error.line === null ? '-' : String(error.line), error.code, error.expected, error.found]);
    if (error.line === null) remarks.push(`prompt ${file}: refused without a line: ${error.message}`);
  }
}

function countTable(rows: ReadonlyMap<string, Row>): string {
  const numbers = ({ files, loads, refused, crashes }: Row): number[] => [files, loads, refused, crashes];
  const totals = [...rows.values()].reduce(
    (sums, row) => sums.map((sum, at) => sum + (numbers(row)[at] ?? 0)),
    [0, 0, 0, 0],
  );
  return markdownTable([
    ['folder', 'read as', 'files', 'load', 'refused, with a line', 'crash'],
    ...[...rows].map(([folder, row]) => [folder, [...row.dialects].sort().join(', '), ...numbers(row).map(String)]),
    ['all', '', ...totals.map(String)],
  ]);
}

/** Measures the loaders; a crash, or a refusal that names no line, is a fault. */
export function measurePrompts(prompts: PromptText[]): Measured {
  const loaded: Loaded = { rows: new Map(), refusals: [], remarks: [] };
  const { rows, refusals, remarks } = loaded;
  for (const prompt of prompts) {
    const folder = prompt.file.split('/', 1)[0] ?? '';
    const row = rows.get(folder) ?? { files: 0, dialects: new Set(), loads: 0, refused: 0, crashes: 0 };
    rows.set(folder, row);
    load(prompt, row, loaded);
  }
  const section = `## Prompts

Every file loads, or is refused with an error that names the line.

${countTable(rows)}

What is refused:

${markdownTable([['file', 'line', 'why', 'expected', 'found'], ...refusals])}`;
  return { holds: remarks.length === 0, remarks, section };
}
