import type { CheckResult } from '../domain/grading/check.ts';
import type { Finding } from '../domain/grading/finding.ts';
import type { Grade } from '../domain/grading/grade.ts';

const ranks: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** Findings, the gravest first; of equally grave ones those with a line first, otherwise as the tool gave them. */
export function gravestFirst(findings: readonly Finding[]): Finding[] {
  const rank = ({ severity, line }: Finding): number => ranks[severity] * 2 + (line === null ? 1 : 0);
  return findings.toSorted((one, other) => rank(one) - rank(other));
}

/** The check that a grade's first reason speaks of; null when nothing kept it from a pass. */
export function culprit({ checks, reasons, required }: Grade): CheckResult | null {
  const [reason] = reasons;
  if (reason === undefined) return null;
  const named = checks.find(({ id }) => reason.startsWith(`${id} `));
  const holding = checks.filter(({ status }) => status === 'failed' || status === 'errored');
  return named ?? holding.find(({ id }) => required.includes(id)) ?? holding[0] ?? null;
}

/** Where a finding is, in words; empty when it is about no place. */
export function placeOf({ file, line, answer_line }: Finding): string {
  const inFile = file === null ? '' : `${file}${line === null ? '' : `:${line}`}`;
  const inAnswer = answer_line === null ? '' : `answer line ${answer_line}`;
  return [inFile, inAnswer].filter((part) => part !== '').join(', ');
}
