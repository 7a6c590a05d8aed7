import { errored } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { inSandbox } from '../shared/job.ts';
import type { Environment } from './environment.ts';
import { goEnvironment } from './compiling.ts';

/** How it is put where code that needs cgo was left out. */
const traces = /\bcgo\b|CGO_ENABLED|build constraints exclude all Go files|undefined: /i;

/** Packages that have code in C, of the answer's and of those that it uses. */
async function packagesInC(context: CheckContext, environment: Environment): Promise<string[]> {
  const command = environment.command([
    'go',
    'list',
    '-e',
    '-deps',
    '-test',
    '-f',
    '{{if and (not .Standard) .CgoFiles}}{{.ImportPath}}{{end}}',
    './...',
  ]);
  const program = {
    command,
    mounts: environment.mounts,
    env: { ...goEnvironment, GOMODCACHE: '/env/mod', CGO_ENABLED: '1' },
  };
  return inSandbox(context, program, ({ execution }) => execution.stdout.split('\n').filter((line) => line !== ''));
}

/**
 * The outcome, unless it is a failure for want of a C compiler: there is none beside the pinned Go, which is not the
 * answer's fault.
 */
export async function orNeedsC(context: CheckContext, environment: Environment, outcome: Outcome): Promise<Outcome> {
  if (outcome.status !== 'failed' || !outcome.findings.some(({ message }) => traces.test(message))) return outcome;
  const packages = await packagesInC(context, environment);
  if (packages.length === 0) return outcome;
  return errored({
    reason: `not measurable here: ${packages.join(', ')} must be compiled with a C compiler (cgo)`,
    evidence: outcome.evidence,
    findings: outcome.findings,
  });
}
