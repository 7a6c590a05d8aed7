import { z } from 'zod';
import type { Finding } from '../../src/domain/grading/finding.ts';
import { lineNumber, listOf, readReport, wordsOrNone } from '../shared/report.ts';
import { MOST_FINDINGS, reported } from './report.ts';
import type { CommandReport } from './report.ts';

const locationSchema = z.object({
  physicalLocation: z
    .object({
      artifactLocation: z.object({ uri: wordsOrNone.optional() }).optional(),
      region: z.object({ startLine: lineNumber.optional() }).optional(),
    })
    .optional(),
});

const resultSchema = z.object({
  ruleId: wordsOrNone.optional(),
  level: z.enum(['none', 'note', 'warning', 'error']).optional(),
  message: z.object({ text: wordsOrNone.optional() }),
  locations: listOf(locationSchema).optional(),
  suppressions: z.array(z.unknown()).nullish(),
});

/** The parts of SARIF 2.1.0 that are read: the results of each run, each with its first location. */
const sarifSchema = z.object({
  version: z.literal('2.1.0'),
  runs: listOf(
    z.object({
      tool: z.object({ driver: z.object({ name: z.string() }) }),
      results: listOf(resultSchema).nullish(),
    }),
  ),
});

type Result = z.infer<typeof resultSchema>;

/** A level that is left out is `warning`, as the standard says. */
const severityOf = (level: Result['level']): Finding['severity'] =>
  level === 'error' ? 'error' : level === 'none' || level === 'note' ? 'info' : 'warning';

function findingOf(tool: string, { ruleId, level, message, locations }: Result): Finding {
  const place = locations?.[0]?.physicalLocation;
  return reported({
    tool,
    rule: ruleId ?? '',
    severity: severityOf(level),
    message: message.text ?? '',
    file: place?.artifactLocation?.uri ?? null,
    line: place?.region?.startLine ?? null,
  });
}

/** Reads SARIF 2.1.0; null for what is none. It passes when no result that is not suppressed is an error. */
export function readSarif(text: string | null): CommandReport | null {
  const report = readReport(sarifSchema, text);
  if (report === null) return null;
  const results = report.runs.flatMap(({ tool, results: all }) =>
    (all ?? [])
      .filter(({ suppressions }) => (suppressions ?? []).length === 0)
      .map((result) => ({ tool: tool.driver.name, result })),
  );
  const errors = results.filter(({ result }) => result.level === 'error').length;
  return {
    passes: errors === 0,
    score: null,
    reason: null,
    facts: { findings: results.length, errors },
    findings: results.slice(0, MOST_FINDINGS).map(({ tool, result }) => findingOf(tool, result)),
  };
}
