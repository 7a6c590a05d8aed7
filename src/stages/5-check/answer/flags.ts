import type { Extraction, FlagCode } from '../../../domain/grading/extraction.ts';
import type { Finding } from '../../../domain/grading/finding.ts';

/** The flags of an extraction that have one of these codes, as findings of one severity. */
export function findingsFromFlags(
  { flags }: Extraction,
  codes: readonly FlagCode[],
  severity: Finding['severity'],
): Finding[] {
  return flags
    .filter(({ code }) => codes.includes(code))
    .map(({ code, detail, path, line }) => ({
      tool: 'cupel',
      rule: code,
      severity,
      message: detail,
      file: path,
      line: null,
      answer_line: line,
    }));
}
