import type { Facts } from '../../src/domain/grading/check.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import { answerPath, finding } from '../shared/job.ts';

/** What the report of a command says. */
export interface CommandReport {
  /** Whether the report by itself says that the answer passes. */
  passes: boolean;
  /** 0 to 1: the part that is good, where the report tells; null where it does not. */
  score: number | null;
  /** Why it does not pass, where the report says so; else null. */
  reason: string | null;
  facts: Facts;
  findings: readonly Finding[];
}

/** Most findings that are kept of one report; the facts say how many there were. */
export const MOST_FINDINGS = 1000;

/** Most characters of one text of a report. */
const LONGEST_TEXT = 2000;

/** A text of a report, shortened where it is too long for a page. */
export const shortened = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;

/** The path of a file as a report names it, relative to the answer's root; null where it is not in the answer. */
function pathIn(written: string): string | null {
  const plain = written.replace(/^file:\/\//, '');
  try {
    return answerPath({ root: '.' }, decodeURIComponent(plain));
  } catch {
    return answerPath({ root: '.' }, plain); // a name with a percent sign that encodes nothing
  }
}

/** A finding of a command, at a place as its report names it. */
export function reported(
  parts: Pick<Finding, 'tool' | 'rule' | 'message' | 'severity' | 'line'> & { file: string | null },
): Finding {
  const file = parts.file === null || parts.file === '' ? null : pathIn(parts.file);
  return finding({
    ...parts,
    rule: shortened(parts.rule),
    message: shortened(parts.message),
    file,
    line: file === null ? null : parts.line,
  });
}
