import type { CheckResult } from './check.ts';

/** Why an answer did not pass: one check, and what it says. */
export interface Reason {
  readonly check: CheckResult;
  /** `failed: 2 of 7 tests failed` */
  readonly text: string;
}

/**
 * Why an answer did not pass: the checks that are our failure, where there are any; else the required checks that did
 * not pass. Empty for a pass.
 */
export function reasonsOf({
  checks,
  required,
}: {
  checks: readonly CheckResult[];
  required: readonly string[];
}): Reason[] {
  const errored = checks.filter(({ status }) => status === 'errored');
  const decisive =
    errored.length > 0 ? errored : checks.filter(({ id, status }) => required.includes(id) && status !== 'passed');
  return decisive.map((check) => ({
    check,
    text: `${check.status}${check.reason === null ? '' : `: ${check.reason}`}`,
  }));
}

/** The reason as one sentence, as it stands in results. */
export const reasonText = ({ check, text }: Reason): string => `${check.id} ${text}`;
