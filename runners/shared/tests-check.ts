import { notApplicable } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import type { Check, CheckContext } from '../../src/ports/runner.ts';
import { testsKind } from './check-kinds.ts';
import { readsCode } from './documentation.ts';

/** How a language says what its tests are, and how its check is run. */
interface Kind extends Pick<Check, 'needs' | 'cost'> {
  /** Whether a path (relative to the project's root) is test code. */
  isTest(path: string): boolean;
}

/** Whether the run of a failed check saw no test at all. */
const sawNone = ({ status, facts }: Outcome): boolean =>
  status === 'failed' && [facts['passed'], facts['failed'], facts['skipped']].every((count) => count === 0);

/** The check of a language's tests: `testsOf` runs them once for all checks that ask about them. */
export function testsCheck(
  testsOf: (context: CheckContext) => Promise<{ outcome: Outcome }>,
  { needs, cost, isTest }: Kind,
): Check {
  return {
    ...testsKind,
    question: "Do the answer's own tests pass?",
    needs,
    packages: 'uses',
    cost,
    reads: readsCode,
    run: async (context) => {
      const { outcome } = await testsOf(context);
      const { asked, project } = context;
      const isMissed =
        asked.testsOptional !== true || project.files.some(({ path }) => isTest(withinProject(project, path)));
      return isMissed || !sawNone(outcome) ? outcome : notApplicable('nobody asked for tests, and the answer has none');
    },
  };
}
