import { errored, failed } from '../../../src/domain/check.ts';
import type { Outcome } from '../../../src/domain/check.ts';
import type { Check, CheckContext } from '../../../src/contract/runner.ts';
import { fromProject } from '../../../src/domain/project.ts';
import { judgeCoverage } from '../../common/coverage.ts';
import type { FileCoverage } from '../../common/coverage.ts';
import { readsCode } from '../files.ts';
import { testsOf } from '../test-run.ts';

async function run(context: CheckContext): Promise<Outcome> {
  const { outcome, coverage } = await testsOf(context);
  if (outcome.status === 'errored') return errored({ reason: 'the tests could not be run' });
  if (coverage === null) return failed({ reason: 'the test run left no coverage data' });
  const reports = JSON.parse(coverage) as { all: FileCoverage[]; own: FileCoverage[] };
  const inAnswer = (files: FileCoverage[]): FileCoverage[] => files.map((file) => ({ ...file, path: fromProject(context.project, file.path) }));
  return judgeCoverage('coverage', { all: inAnswer(reports.all), own: inAnswer(reports.own), unit: 'lines' }, context.asked.coverage, []);
}

/** Do the tests reach the scenario's share of the code's lines? */
export const coverage: Check = {
  name: 'coverage',
  question: "Do the tests reach the scenario's share of the code's lines?",
  needs: ['dependencies', 'build'],
  after: ['tests'],
  cost: 10,
  reads: readsCode,
  run,
};
