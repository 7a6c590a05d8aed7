import { errored } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import { coverageKind } from '../../shared/check-kinds.ts';
import {
  forgedCoverage,
  impossibleCoverage,
  judgeCoverage,
  unmeasured,
  UNREADABLE_COVERAGE,
} from '../../shared/coverage.ts';
import type { FileCoverage } from '../../shared/coverage.ts';
import { readsCode } from '../../shared/documentation.ts';
import { answerPath } from '../../shared/job.ts';
import { controlIsMeasured, testsOf } from '../test-run.ts';
import { readPythonCoverage } from '../testing/coverage-report.ts';

/**
 * Files with their paths from the answer's root; what a report says of files that are not in the answer has no part in
 * the count.
 */
function inAnswer({ project, files }: CheckContext, measured: readonly FileCoverage[]): FileCoverage[] {
  const answer = new Set(files.map(({ path }) => path));
  return measured.flatMap((file) => {
    const path = answerPath(project, file.path);
    return path !== null && answer.has(path) ? [{ ...file, path }] : [];
  });
}

/** Lines of which a report speaks; a file has no more lines that count than lines. */
function placesIn(measured: readonly FileCoverage[]): { path: string; line: number }[] {
  return measured.flatMap(({ path, total, missing }) => [total, ...missing].map((line) => ({ path, line })));
}

async function run(context: CheckContext): Promise<Outcome> {
  const { outcome, coverage, counter } = await testsOf(context);
  if (outcome.status === 'errored') return errored({ reason: 'the tests could not be run' });
  const works = (): Promise<boolean> => controlIsMeasured(context);
  if (coverage === null) return unmeasured('the test run left no coverage data', works);
  const report = readPythonCoverage(coverage);
  const counterReport = readPythonCoverage(counter?.coverage ?? coverage);
  if (report === null || counterReport === null) return unmeasured(UNREADABLE_COVERAGE, works);
  const [all, own] = [inAnswer(context, report.all), inAnswer(context, report.own)];
  const impossible = impossibleCoverage(context.files, placesIn([...all, ...own]));
  if (impossible !== null) return unmeasured(impossible, works);
  const never = new Map([...(counter?.never ?? [])].map(([path, line]) => [fromProject(context.project, path), line]));
  const forged = forgedCoverage('coverage', counter === null ? [] : inAnswer(context, counterReport.all), never);
  return judgeCoverage('coverage', { all, own, unit: 'lines' }, context.asked.coverage, forged);
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
