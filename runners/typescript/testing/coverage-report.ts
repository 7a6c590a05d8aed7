import { z } from 'zod';
import type { FileCoverage } from '../../shared/coverage.ts';
import { count, mapOf, readReport } from '../../shared/report.ts';

/** What Istanbul knows of one file: statements and functions by number, and how often each ran. */
const fileSchema = z.object({
  statementMap: mapOf(z.object({ start: z.object({ line: z.int().positive() }) })),
  s: mapOf(count),
  fnMap: mapOf(z.object({ name: z.string(), line: z.int().nullish() })),
  f: mapOf(count),
});

/** A report of Istanbul's (coverage-final.json): files by absolute path. */
const reportSchema = mapOf(fileSchema);

export type IstanbulFile = z.infer<typeof fileSchema>;
export type IstanbulReport = z.infer<typeof reportSchema>;

/** Reads a report of Istanbul's; null when it is none. */
export const readIstanbul = (text: string): IstanbulReport | null => readReport(reportSchema, text);

/** Lines of one file as Istanbul counts them: a line is covered when a statement that starts on it ran. */
export function linesOf(path: string, { statementMap, s }: IstanbulFile): FileCoverage {
  const counts = new Map<number, number>();
  for (const [id, { start }] of statementMap)
    counts.set(start.line, Math.max(counts.get(start.line) ?? 0, s.get(id) ?? 0));
  const missing = [...counts].filter(([, runs]) => runs === 0).map(([line]) => line);
  return {
    path,
    total: counts.size,
    covered: counts.size - missing.length,
    missing: missing.toSorted((a, b) => a - b),
  };
}
