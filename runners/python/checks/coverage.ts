import { errored, failed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import { coverageKind } from '../../shared/check-kinds.ts';
import { forgedCoverage, judgeCoverage } from '../../shared/coverage.ts';
import type { FileCoverage } from '../../shared/coverage.ts';
import { readsCode } from '../../shared/documentation.ts';
import { testsOf } from '../test-run.ts';

interface Reports {
  all: FileCoverage[];
  own: FileCoverage[];
}

async function run(context: CheckContext): Promise<Outcome> {
  const { outcome, coverage, counter } = await testsOf(context);
  if (outcome.status === 'errored') return errored({ reason: 'the tests could not be run' });
  if (coverage === null) return failed({ reason: 'the test run left no coverage data' });
  const reportsIn = (text: string): Reports => JSON.parse(text) as Reports;
  const reports = reportsIn(coverage);
  const inAnswer = (files: FileCoverage[]): FileCoverage[] =>
    files.map((file) => ({ ...file, path: fromProject(context.project, file.path) }));
  const never = new Map(
    Object.entries(counter?.never ?? {}).map(([path, line]) => [fromProject(context.project, path), line]),
  );
  const forged = counter === null ? [] : forgedCoverage('coverage', inAnswer(reportsIn(counter.coverage).all), never);
  return judgeCoverage(
    'coverage',
    { all: inAnswer(reports.all), own: inAnswer(reports.own), unit: 'lines' },
    context.asked.coverage,
    forged,
  );
}

/** Do the tests reach the scenario's share of the code's lines? */
export const coverage: Check = {
  ...coverageKind,
  question: "Do the tests reach the scenario's share of the code's lines?",
  needs: ['dependencies', 'build'],
  packages: 'uses',
  after: ['tests'],
  cost: 10,
  reads: readsCode,
  run,
};
