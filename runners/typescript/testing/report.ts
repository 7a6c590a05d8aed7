import { z } from 'zod';
import { withinProject } from '../../../src/domain/grading/project.ts';
import type { Project } from '../../../src/domain/grading/project.ts';
import { answerPath } from '../../shared/job.ts';
import { count, lineNumber, listOf, readReport, wordsOrNone } from '../../shared/report.ts';
import type { TestReport, TestStatus } from '../../shared/testing/report.ts';
import { isTestModule } from '../files.ts';

/**
 * A test of Jest's or Vitest's. What it failed with is what the answer threw, which need not be an error with
 * wordsOrNone.
 */
const assertionSchema = z.object({
  fullName: z.string(),
  status: z.string(),
  failureMessages: listOf(z.unknown()).nullish(),
  location: z.object({ line: lineNumber }).nullish().catch(null),
  duration: z.number().nonnegative().nullish().catch(null),
});

const suiteSchema = z.object({
  name: z.string(),
  status: z.string(),
  message: wordsOrNone,
  assertionResults: listOf(assertionSchema),
});

/** The report that Jest and Vitest write with `--json` and `--reporter=json`. */
const reportSchema = z.object({
  numTotalTests: count,
  numPassedTests: count,
  numFailedTests: count,
  testResults: listOf(suiteSchema),
});

/** Their wordsOrNone for a test that was not run: pending, skipped, todo, disabled. */
function statusOf(status: string): TestStatus {
  return status === 'passed' || status === 'failed' ? status : 'skipped';
}

/**
 * The file of the answer that a test file was compiled from (`dist/a.test.js`: `src/a.test.ts`), if that can only be
 * one.
 */
function sourceOf(project: Project, path: string): string {
  if (project.files.some((file) => file.path === path)) return path;
  const [, compiled] = /^[^/]+\/(.+)\.[cm]?js$/.exec(withinProject(project, path)) ?? [];
  const sources = project.files.filter((file) => {
    const stem = /^(.+)\.[cm]?tsx?$/.exec(withinProject(project, file.path))?.[1];
    return compiled !== undefined && stem !== undefined && `/${stem}`.endsWith(`/${compiled}`);
  });
  return sources.length === 1 ? (sources[0]?.path ?? path) : path;
}

/** The report of Jest or Vitest (they share a format); null when it is torn or at odds with itself. */
export function readNodeReport(project: Project, text: string | null): TestReport | null {
  const report = readReport(reportSchema, text);
  if (report === null) return null;
  const path = (name: string): string | null => {
    const printed = answerPath(project, name);
    return printed === null ? null : sourceOf(project, printed);
  };
  const suites = report.testResults.map((suite) => {
    const file = path(suite.name);
    return { ...suite, file, name: file === null ? suite.name : withinProject(project, file) };
  });
  const tests = suites.flatMap(({ name, file, assertionResults }) =>
    assertionResults.map(({ fullName, status, failureMessages, location, duration }) => ({
      name: `${name} › ${fullName}`,
      status: statusOf(status),
      file,
      line: location?.line ?? null,
      durationMs: duration ?? null,
      message: (failureMessages ?? [])
        .filter((message) => typeof message === 'string')
        .join('\n')
        .slice(-4000),
    })),
  );
  const countOf = (wanted: TestStatus): number => tests.filter(({ status }) => status === wanted).length;
  const agrees =
    tests.length === report.numTotalTests &&
    countOf('passed') === report.numPassedTests &&
    countOf('failed') === report.numFailedTests;
  if (!agrees) return null;
  const problems = suites
    .filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
    )
    .map(({ name, file, message }) => ({ name, file, line: null, message: message.slice(-4000) }));
  const reported = new Set(suites.map(({ file }) => file));
  const notRun = project.files
    .map((file) => file.path)
    .filter((file) => isTestModule(withinProject(project, file)) && !reported.has(file));
  return { tests, problems, deselected: [], notRun };
}
