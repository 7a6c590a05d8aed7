import type { DependencyPolicy } from '../../src/domain/scenario.ts';
import type { Finding } from '../../src/domain/finding.ts';
import { finding } from './job.ts';

/** Findings for the declared packages that a scenario does not allow. */
export function notAllowed(
  policy: DependencyPolicy,
  declared: readonly { name: string; file: string; line: number | null }[],
): Finding[] {
  const { allow, violation } = policy;
  if (allow === 'any') return [];
  return declared
    .filter(({ name }) => !allow.includes(name))
    .map(({ name, file, line }) =>
      finding({
        tool: 'cupel',
        rule: 'package-not-allowed',
        severity: violation === 'fail' ? 'error' : 'warning',
        message: `${name} is not among the packages that the scenario allows`,
        file,
        line,
      }),
    );
}
