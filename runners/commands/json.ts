import { z } from 'zod';
import { severities } from '../../src/domain/grading/finding.ts';
import { lineNumber, listOf, readReport } from '../shared/report.ts';
import { MOST_FINDINGS, reported, shortened } from './report.ts';
import type { CommandReport } from './report.ts';

/** The report of a check that was written for Cupel; docs/guides/write-a-check.md describes it. */
const ownReportSchema = z.object({
  passed: z.boolean(),
  score: z.number().min(0).max(1).optional(),
  reason: z.string().optional(),
  facts: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])).default({}),
  findings: listOf(
    z.object({
      message: z.string(),
      rule: z.string().default(''),
      severity: z.enum(severities).default('error'),
      file: z.string().nullish(),
      line: lineNumber.optional(),
    }),
  ).optional(),
});

/** Most facts that one report may state. */
const MOST_FACTS = 50;

/** Reads the report of a check that was written for Cupel; null for what is none. */
export function readOwnReport(text: string | null, tool: string): CommandReport | null {
  const report = readReport(ownReportSchema, text);
  if (report === null) return null;
  const facts = Object.entries(report.facts)
    .slice(0, MOST_FACTS)
    .map(([name, value]) => [shortened(name), typeof value === 'string' ? shortened(value) : value] as const);
  return {
    passes: report.passed,
    score: report.score ?? null,
    reason: report.reason === undefined ? null : shortened(report.reason),
    facts: Object.fromEntries(facts),
    findings: (report.findings ?? [])
      .slice(0, MOST_FINDINGS)
      .map(({ message, rule, severity, file, line }) =>
        reported({ tool, rule, severity, message, file: file ?? null, line: line ?? null }),
      ),
  };
}
