import type { Outcome } from '../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../src/ports/runner.ts';
import { testsKind } from './check-kinds.ts';
import { readsCode } from './documentation.ts';

/** The check of a language's tests: `testsOf` runs them once for all checks that ask about them. */
export function testsCheck(
  testsOf: (context: CheckContext) => Promise<{ outcome: Outcome }>,
  { needs, cost }: Pick<Check, 'needs' | 'cost'>,
): Check {
  return {
    ...testsKind,
    question: "Do the answer's own tests pass?",
    needs,
    packages: 'uses',
    cost,
    reads: readsCode,
    run: async (context) => (await testsOf(context)).outcome,
  };
}
