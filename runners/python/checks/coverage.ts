import { errored } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import { coverageKind } from '../../shared/check-kinds.ts';
import {
  impossibleCoverage,
  judgeCoverage,
  share,
  unmeasured,
  UNREADABLE_COVERAGE,
  whereAsked,
} from '../../shared/coverage.ts';
import type { FileCoverage } from '../../shared/coverage.ts';
import { readsCode } from '../../shared/documentation.ts';
import { answerPath, finding } from '../../shared/job.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { counted } from '../../../src/formats/words.ts';
import { controlIsMeasured, testsOf } from '../test-run.ts';
import { readPythonCoverage } from '../testing/coverage-report.ts';
import type { Unentered } from '../testing/rounds.ts';

/**
 * Files with their paths from the answer's root; what a report says of files that are not in the answer has no part in
 * the count.
 */
function inAnswer<T extends FileCoverage>({ project, files }: CheckContext, measured: readonly T[]): T[] {
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

/** Reported coverage without the lines of blocks that a later run of the same tests did not enter. */
function heldAgainst(
  { project }: CheckContext,
  measured: readonly (FileCoverage & { statements: readonly number[] })[],
  unentered: Unentered,
): { corrected: FileCoverage[]; contradictions: Finding[] } {
  const contradictions: Finding[] = [];
  const corrected = measured.map((file) => {
    const missing = new Set(file.missing);
    const lines = unentered.get(withinProject(project, file.path)) ?? new Set<number>();
    const claimed = file.statements.filter((line) => lines.has(line) && !missing.has(line));
    if (claimed.length === 0) return file;
    const message =
      `${counted(claimed.length, 'line')} reported as run, ` +
      'in code that is not entered when the same tests run again';
    contradictions.push(
      finding({ tool: 'coverage', rule: 'forged', file: file.path, line: claimed[0] ?? null, message }),
    );
    return { ...file, covered: file.covered - claimed.length, missing: [...file.missing, ...claimed] };
  });
  return { corrected, contradictions };
}

async function judge(context: CheckContext): Promise<Outcome> {
  const { outcome, coverage, unentered } = await testsOf(context);
  if (outcome.status === 'errored') return errored({ reason: 'the tests could not be run' });
  const works = (): Promise<boolean> => controlIsMeasured(context);
  if (coverage === null) return unmeasured('the test run left no coverage data', works);
  const report = readPythonCoverage(coverage);
  if (report === null) return unmeasured(UNREADABLE_COVERAGE, works);
  const [all, own] = [inAnswer(context, report.all), inAnswer(context, report.own)];
  const impossible = impossibleCoverage(context.files, placesIn([...all, ...own]));
  if (impossible !== null) return unmeasured(impossible, works);
  const target = context.asked.coverage;
  const { corrected, contradictions } = heldAgainst(context, all, unentered ?? new Map());
  // Tests that draw at random may enter a line less another time: it is a forgery where the verdict rests on it.
  const forged = target !== null && share(corrected) < target && share(all) >= target ? contradictions : [];
  return judgeCoverage('coverage', { all, own, unit: 'lines' }, target, forged);
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
  run: async (context) => whereAsked(context.asked.coverage, await judge(context)),
};
