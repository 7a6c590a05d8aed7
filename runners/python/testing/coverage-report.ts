import { z } from 'zod';
import type { FileCoverage } from '../../shared/coverage.ts';
import { count, listOf, readReport } from '../../shared/report.ts';

const fileSchema = z
  .object({
    path: z.string(),
    total: count,
    covered: count,
    missing: listOf(z.int().positive()),
    statements: listOf(z.int().positive()),
  })
  .refine(({ total, covered, missing }) => covered + missing.length === total);

const reportSchema = z.object({ all: listOf(fileSchema), own: listOf(fileSchema) });

/**
 * What `coverage_report.py` prints: all lines, and those that the answer's own configuration counts; paths relative to
 * the project's root.
 */
export interface PythonCoverage {
  /** With the lines on which statements stand. */
  all: (FileCoverage & { statements: number[] })[];
  own: FileCoverage[];
}

/** Reads what `coverage_report.py` printed of data that the answer's process left; null when it is no such report. */
export const readPythonCoverage = (text: string): PythonCoverage | null => readReport(reportSchema, text);
