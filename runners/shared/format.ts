import { failed, passed } from '../../src/domain/grading/check.ts';
import type { Facts, Outcome } from '../../src/domain/grading/check.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import type { Execution } from '../../src/ports/sandbox.ts';
import { evidenceOf } from './evidence.ts';
import { finding } from './job.ts';

/** What a formatter says of a project's files. */
export interface FormatReport {
  execution: Execution;
  /** Findings from `wouldReformat`, and of files that the formatter cannot read. */
  findings: Finding[];
  /** How many files are not formatted. */
  unformatted: number;
  /** How many files of the project the formatter is about; 0 where nobody can tell. */
  files: number;
  /** What else was measured. */
  facts?: Facts;
}

/** The finding for a file that the formatter would write differently. */
export function wouldReformat(tool: string, file: string | null): Finding {
  return finding({ tool, rule: 'format', message: `${tool} would reformat this file`, file });
}

/** The verdict on a formatter's report. A failure's score is the share of files that are formatted. */
export function judgeFormat(report: FormatReport): Outcome {
  const { execution, findings, unformatted } = report;
  const files = report.files || unformatted;
  const details = { facts: { files, unformatted, ...report.facts }, findings, evidence: [evidenceOf(execution)] };
  if (unformatted === 0) return passed(details);
  return failed({ ...details, reason: `${unformatted} of ${files} files are not formatted` }, 1 - unformatted / files);
}
