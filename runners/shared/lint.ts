import { failed, passed } from '../../src/domain/grading/check.ts';
import type { Evidence, Facts, Outcome } from '../../src/domain/grading/check.ts';
import { counted } from '../../src/formats/words.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';

/** How many suppressions a set of files holds. */
export function suppressions(files: readonly { text: string }[], pattern: RegExp): number {
  return files.reduce((sum, { text }) => sum + (text.match(pattern)?.length ?? 0), 0);
}

/**
 * The verdict on a linter's or type checker's findings: errors fail, warnings are counted. A failure's score falls with
 * errors per file.
 */
export function judgeFindings(findings: Finding[], facts: Facts, files: number, evidence: Evidence[]): Outcome {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const details = { facts: { ...facts, errors, warnings: findings.length - errors }, findings, evidence };
  if (errors === 0) return passed(details);
  const affected = new Set(findings.filter(({ severity }) => severity === 'error').map(({ file }) => file)).size;
  return failed(
    { ...details, reason: `${counted(errors, 'error')} in ${counted(affected, 'file')}` },
    1 - affected / Math.max(1, files),
  );
}
