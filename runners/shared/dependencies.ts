import { failed, passed } from '../../src/domain/grading/check.ts';
import type { Facts, Outcome } from '../../src/domain/grading/check.ts';
import type { DependencyPolicy } from '../../src/domain/grading/scenario.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { finding } from './job.ts';

/** Something in a manifest that is not installed, or that could not be read. */
export interface Refusal {
  text: string;
  file: string;
  line: number | null;
  why: string;
}

/** Findings for what a manifest asks for from outside of the registry, and for what is wrong with it. */
export function refusals(declared: { refused: readonly Refusal[]; broken: readonly Refusal[] }): Finding[] {
  return [
    ...declared.refused.map(({ text, file, line, why }) =>
      finding({ tool: 'cupel', rule: 'outside-registry', message: `${text}: ${why} is not installed`, file, line }),
    ),
    ...declared.broken.map(({ text, file, line, why }) =>
      finding({ tool: 'cupel', rule: 'unreadable-manifest', message: `${text}: ${why}`, file, line }),
    ),
  ];
}

/** Findings for packages that only a command in the answer's text or a list in it declares: a warning for each. */
export function declaredByText(requirements: readonly { name: string; answerLine?: number | undefined }[]): Finding[] {
  return requirements.flatMap(({ name, answerLine }) =>
    answerLine === undefined
      ? []
      : finding({
          tool: 'cupel',
          rule: 'declared-by-text',
          severity: 'warning',
          message: `${name} is declared by the words around the code on line ${answerLine}, and by no manifest`,
          answer_line: answerLine,
        }),
  );
}

/** The verdict on dependencies that resolved: any finding that is an error fails. */
export function judgeDependencies(findings: Finding[], facts: Facts): Outcome {
  const first = findings.find(({ severity }) => severity === 'error');
  return first === undefined ? passed({ facts, findings }) : failed({ reason: first.message, facts, findings });
}

/** Why an answer cannot be measured that leaves code to be made from its .proto files. */
export const unbuiltProtocols = 'it needs code that is generated from its .proto files, which Cupel does not do';
export const hasProtocols = ({ files }: Pick<CheckContext, 'files'>): boolean =>
  files.some(({ path }) => path.endsWith('.proto'));

/**
 * Tools of a developer's: what builds, tests, formats or checks code. None of them is a part of the program, so that a
 * list of what it may be made of does not mean them.
 */
const tools =
  /^(?:build|twine|wheel|setuptools|coverage|pytest(?:-[\w-]+)?|tox|nox|black|ruff|flake8|isort|pylint|bandit|mypy|pyright|pre-commit|hypothesis|(?:@types|@eslint|@typescript-eslint|@vitest|@jest)\/.+|eslint(?:-.+)?|typescript(?:-eslint)?|prettier|jest|ts-jest|vitest|mocha|chai|c8|nyc|supertest|ts-node|tsx|nodemon|rimraf|husky|lint-staged|fast-check)$/;

/** Findings for the declared packages that a scenario does not allow; for tools of a developer's a warning. */
export function notAllowed(
  policy: DependencyPolicy,
  declared: readonly { name: string; file: string | null; line: number | null }[],
): Finding[] {
  const { allow, violation } = policy;
  if (allow === 'any') return [];
  return declared
    .filter(({ name }) => !allow.includes(name))
    .map(({ name, file, line }) =>
      finding({
        tool: 'cupel',
        rule: 'package-not-allowed',
        severity: violation === 'fail' && !tools.test(name) ? 'error' : 'warning',
        message: `${name} is not among the packages that the scenario allows`,
        file,
        line,
      }),
    );
}
