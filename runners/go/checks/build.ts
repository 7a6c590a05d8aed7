import { failed, passed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { counted } from '../../../src/formats/words.ts';
import { buildKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { endOf, evidenceOf } from '../../shared/evidence.ts';
import { finding, inSandbox } from '../../shared/job.ts';
import { orNeedsC } from '../cgo.ts';
import { installed } from '../environment.ts';
import { parseGo } from '../packages.ts';

// go build: 0 built, 1 errors
async function run(context: CheckContext): Promise<Outcome> {
  const environment = await installed(context);
  const program = environment.compiling(['go', 'build', '-o', '/dev/null', './...']);
  return inSandbox(context, program, async ({ execution }) => {
    const details = { evidence: [evidenceOf(execution)] };
    if (execution.exitCode === 0 && execution.limit === null) return passed(details);
    const errors = parseGo(context, 'go', 'compile', execution.stderr);
    const findings =
      errors.length > 0
        ? errors
        : [finding({ tool: 'go', rule: 'build-failed', message: execution.stderr.trim().slice(-1500) })];
    return orNeedsC(
      context,
      environment,
      failed({
        ...details,
        findings,
        reason: errors.length > 0 ? counted(errors.length, 'error') : `go build ${endOf(execution)}`,
      }),
    );
  });
}

/** Do all packages build? */
export const build: Check = {
  ...buildKind,
  question: 'Do all packages build?',
  needs: ['dependencies'],
  packages: 'uses',
  cost: 6,
  reads: readsCode,
  run,
};
