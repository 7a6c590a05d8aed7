import { passed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { findingsSummary } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { suppressions } from '../../shared/lint.ts';
import { installed } from '../environment.ts';
import { javaFiles, spotbugs } from '../linters.ts';

async function run(context: CheckContext): Promise<Outcome> {
  const { findings, evidence } = await spotbugs(context, await installed(context), 'security');
  const facts = {
    files: javaFiles(context).length,
    errors: 0,
    warnings: findings.length,
    suppressions: suppressions(context.project.files, /@SuppressFBWarnings/g),
  };
  return passed({ facts, findings, evidence: [evidence] });
}

/** Which lines are known to be dangerous? It only warns, so nobody must pass it and it never counts. */
export const securityLint: Check = {
  name: 'security-lint',
  question: 'Which lines are known to be dangerous?',
  weight: 0,
  required: false,
  standards: ['find-sec-bugs'],
  needs: ['dependencies', 'build'],
  packages: 'uses',
  cost: 5,
  reads: readsCode,
  summary: findingsSummary,
  run,
};
