import { errored, failed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { coverageKind } from '../../shared/check-kinds.ts';
import {
  forgedCoverage,
  impossibleCoverage,
  judgeCoverage,
  UNREADABLE_COVERAGE,
  whereAsked,
} from '../../shared/coverage.ts';
import { readsCode } from '../../shared/documentation.ts';
import { testsOf } from '../test-run.ts';
import { readCoverage } from '../testing/coverage-report.ts';

async function judge(context: CheckContext): Promise<Outcome> {
  const { outcome, coverage, counter } = await testsOf(context);
  if (outcome.status === 'errored') return errored({ reason: 'the tests could not be run' });
  if (coverage === null) return failed({ reason: 'the test run left no coverage data that can be read' });
  if (counter?.coverage === null) return failed({ reason: 'the counter-run left no coverage data that can be read' });
  const all = readCoverage(context.project, coverage);
  const again = counter === null ? [] : readCoverage(context.project, counter.coverage);
  if (all === null || again === null) return failed({ reason: UNREADABLE_COVERAGE });
  const places = all.flatMap(({ path, missing }) => missing.map((line) => ({ path, line })));
  const impossible = impossibleCoverage(context.files, places);
  if (impossible !== null) return failed({ reason: impossible });
  const forged = counter === null ? [] : forgedCoverage('JaCoCo', again, counter.never);
  return judgeCoverage('JaCoCo', { all, own: all, unit: 'lines' }, context.asked.coverage, forged);
}

/** Do the tests reach the scenario's share of the program's lines? */
export const coverage: Check = {
  ...coverageKind,
  question: "Do the tests reach the scenario's share of the program's lines?",
  needs: ['dependencies', 'build'],
  packages: 'uses',
  after: ['tests'],
  cost: 14,
  reads: readsCode,
  run: async (context) => whereAsked(context.asked.coverage, await judge(context)),
};
