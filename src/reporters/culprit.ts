import type { CheckResult } from '../domain/grading/check.ts';
import type { Finding } from '../domain/grading/finding.ts';
import type { Grade } from '../domain/grading/grade.ts';
import { reasonsOf } from '../domain/grading/reason.ts';

const ranks: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** Findings, the gravest first; of equally grave ones those with a line first, otherwise as the tool gave them. */
export function gravestFirst(findings: readonly Finding[]): Finding[] {
  const rank = ({ severity, line }: Finding): number => ranks[severity] * 2 + (line === null ? 1 : 0);
  return findings.toSorted((one, other) => rank(one) - rank(other));
}

/** The check of a grade's first reason; null when nothing kept it from a pass. */
export function culprit(grade: Grade): CheckResult | null {
  return reasonsOf(grade)[0]?.check ?? null;
}

/** Where a finding is, in words; empty when it is about no place. */
export function placeOf({ file, line, answer_line }: Finding): string {
  const inFile = file === null ? '' : `${file}${line === null ? '' : `:${line}`}`;
  const inAnswer = answer_line === null ? '' : `answer line ${answer_line}`;
  return [inFile, inAnswer].filter((part) => part !== '').join(', ');
}
