import { errored, failed, passed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { counted } from '../../../src/formats/words.ts';
import { buildKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { endOf, evidenceOf } from '../../shared/evidence.ts';
import { finding } from '../../shared/job.ts';
import { asAnswered, compile, parseJavac } from '../compiling.ts';
import { installed } from '../environment.ts';

/** Compiles the program alone: that its tests compile is what the check of the tests says. */
async function run(context: CheckContext): Promise<Outcome> {
  const environment = await installed(context);
  const { sources, workspace } = asAnswered(context);
  const wanted = { sources: { main: sources.main, test: [] }, workspace };
  return compile(context, environment, wanted, async ({ execution, said }) => {
    const details = { evidence: [evidenceOf(execution)] };
    if (execution.exitCode === 0 && execution.limit === null) return passed(details);
    const errors = parseJavac(context, said.main ?? '').filter(({ severity }) => severity === 'error');
    if (errors.length === 0 && execution.exitCode !== 3 && execution.limit === null)
      return errored({ ...details, reason: 'javac does not run in the sandbox' });
    const message = (said.main ?? '').trim().slice(-1500);
    const findings = errors.length > 0 ? errors : [finding({ tool: 'javac', rule: 'build-failed', message })];
    const reason = errors.length > 0 ? counted(errors.length, 'error') : `javac ${endOf(execution)}`;
    return failed({ ...details, findings, reason });
  });
}

/** Does the program compile? */
export const build: Check = {
  ...buildKind,
  question: 'Does the program compile?',
  needs: ['dependencies'],
  packages: 'uses',
  cost: 5,
  reads: readsCode,
  run,
};
