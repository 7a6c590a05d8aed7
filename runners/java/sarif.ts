import { z } from 'zod';
import { lineNumber, listOf, wordsOrNone } from '../shared/report.ts';

/** What Checkstyle and SpotBugs write as SARIF: their findings, with the places of the first location. */
export const sarifSchema = z.object({
  runs: listOf(
    z.object({
      results: listOf(
        z.object({
          ruleId: z.string(),
          level: wordsOrNone,
          message: z.object({ text: wordsOrNone }),
          locations: listOf(
            z.object({
              physicalLocation: z
                .object({
                  artifactLocation: z.object({ uri: z.string() }),
                  region: z.object({ startLine: lineNumber.optional() }).optional(),
                })
                .optional(),
            }),
          ).optional(),
        }),
      ),
    }),
  ),
});

/** One finding of a tool, with its place as the tool writes it. */
export interface SarifResult {
  rule: string;
  level: string;
  message: string;
  uri: string;
  line: number | null;
}

/** The findings of a report. */
export function resultsOf({ runs }: z.infer<typeof sarifSchema>): SarifResult[] {
  return runs.flatMap(({ results }) =>
    results.map(({ ruleId, level, message, locations }) => {
      const place = locations?.[0]?.physicalLocation;
      return {
        rule: ruleId,
        level,
        message: message.text,
        uri: place?.artifactLocation.uri ?? '',
        line: place?.region?.startLine ?? null,
      };
    }),
  );
}
