import { z } from 'zod';
import { errored, failed, notApplicable } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { coverageKind } from '../../shared/check-kinds.ts';
import {
  forgedCoverage,
  impossibleCoverage,
  judgeCoverage,
  unmeasured,
  UNREADABLE_COVERAGE,
  whereAsked,
} from '../../shared/coverage.ts';
import type { FileCoverage } from '../../shared/coverage.ts';
import { readsCode } from '../../shared/documentation.ts';
import { answerPath, finding, inSandbox, insideRoot } from '../../shared/job.ts';
import { listOf, mapOf, readReport } from '../../shared/report.ts';
import { toolCrashed, toolReport } from '../../shared/tools.ts';
import { installed } from '../environment.ts';
import type { Environment } from '../environment.ts';
import { isProgram } from '../files.ts';
import { selectedBy } from '../patterns.ts';
import type { Patterns } from '../patterns.ts';
import { vitestProvider } from '../frameworks/vitest.ts';
import { frameworks } from '../frameworks/frameworks.ts';
import { holdsFramework } from '../framework-choice.ts';
import { JEST } from '../frameworks/jest.ts';
import { asksNotToCount, testsOf, unhintedCoverage } from '../test-run.ts';
import { readTestScript } from '../test-script.ts';
import type { Framework } from '../test-script.ts';
import { controlIsMeasured } from '../testing/control.ts';
import { linesOf, readIstanbul } from '../testing/coverage-report.ts';
import type { IstanbulFile, IstanbulReport } from '../testing/coverage-report.ts';
import { inside } from '../toolchain.ts';

/** What `uncovered.cjs` prints: lines with a statement, by path. */
const linesSchema = mapOf(listOf(z.int().positive()));

/** Files that no test loaded: every statement line counts, none ran. */
async function neverLoaded(
  context: CheckContext,
  environment: Environment,
  paths: readonly string[],
): Promise<FileCoverage[]> {
  if (paths.length === 0) return [];
  const command = [
    inside.node,
    '/cupel/grader/uncovered.cjs',
    ...paths.map((path) => withinProject(context.project, path)),
  ];
  return inSandbox(context, { command, mounts: environment.mounts }, ({ execution }) => {
    if (execution.exitCode !== 0) toolCrashed('counting lines', execution);
    const lines = toolReport('counting lines', linesSchema, execution);
    return paths.map((path) => {
      const missing = lines.get(withinProject(context.project, path)) ?? [];
      return { path, total: missing.length, covered: 0, missing };
    });
  });
}

/** What `jest --showConfig` prints: the answer's configuration has run by then, and may have printed anything. */
const shownSchema = z.object({
  globalConfig: z.object({ collectCoverageFrom: listOf(z.string()).nullish() }),
  configs: listOf(z.object({ rootDir: z.string(), coveragePathIgnorePatterns: listOf(z.string()).nullish() })),
});

/** Patterns as regular expressions; null when one is none. */
function expressions(patterns: readonly string[]): RegExp[] | null {
  try {
    return patterns.map((pattern) => new RegExp(pattern));
  } catch {
    return null;
  }
}

/** What the answer's own Jest configuration counts; null when it names no files (then: those that a test loaded). */
async function ownPatterns(context: CheckContext, environment: Environment): Promise<Patterns | null> {
  const script = readTestScript(environment.declared.scripts);
  const ownOptions = script.arguments.filter((word) => /^(--config|-c)\b/.test(word) || !word.startsWith('-'));
  const command = [inside.node, ...script.node, JEST, ...ownOptions, '--showConfig', '--cacheDirectory=/tmp/jest'];
  return inSandbox(
    context,
    { command, mounts: environment.mounts, env: { ...environment.env, ...script.env } },
    ({ execution }) => {
      const shown = readReport(shownSchema, execution.stdout);
      const [first] = shown?.configs ?? [];
      const from = shown?.globalConfig.collectCoverageFrom ?? [];
      const ignored = expressions(first?.coveragePathIgnorePatterns ?? []);
      return ignored === null || (from.length === 0 && ignored.length <= 1)
        ? null
        : { root: first?.rootDir ?? insideRoot(context.project), from, ignored };
    },
  );
}

/**
 * The program's files in a report of Istanbul's, by path; what it says of files that are not in the answer has no part
 * in the count.
 */
function programIn(context: CheckContext, report: IstanbulReport): [string, IstanbulFile][] {
  const answer = new Set(context.files.map(({ path }) => path));
  return [...report].flatMap(([file, data]) => {
    const path = answerPath(context.project, file);
    const counts = path !== null && answer.has(path) && isProgram(withinProject(context.project, path));
    return counts ? [[path, data]] : [];
  });
}

/**
 * Findings for a copy's coverage that somebody else has made: it knows nothing of the lines that nothing runs, or has
 * them run.
 */
function forgedIn(
  context: CheckContext,
  framework: Framework,
  report: IstanbulReport,
  never: ReadonlyMap<string, number>,
): Finding[] {
  const files = programIn(context, report);
  const knows = files.some(([path, { statementMap }]) =>
    [...statementMap.values()].some(({ start }) => start.line === never.get(path)),
  );
  if (files.length > 0 && !knows)
    return [finding({ tool: framework, rule: 'forged', message: 'it does not know of lines that nothing runs' })];
  const lines = files.map(([path, data]) => linesOf(path, data));
  const named = files.filter(([path, data]) => {
    const functions = [...data.fnMap].filter(([, { line }]) => line === (never.get(path) ?? 0) - 1);
    return functions.some(([id]) => (data.f.get(id) ?? 0) > 0);
  });
  return [
    ...forgedCoverage(framework, lines, never),
    ...named.map(([path]) =>
      finding({
        tool: framework,
        rule: 'forged',
        file: path,
        message: 'a function that nothing calls is reported as run',
      }),
    ),
  ];
}

/**
 * The program's lines by a coverage report that the answer's process left; a sentence where the report is none, or
 * cannot be true.
 */
function linesIn(context: CheckContext, text: string): FileCoverage[] | string {
  const report = readIstanbul(text);
  if (report === null) return UNREADABLE_COVERAGE;
  const files = programIn(context, report);
  if (new Set(files.map(([path]) => path)).size < files.length) return UNREADABLE_COVERAGE;
  const places = files.flatMap(([path, { statementMap }]) =>
    [...statementMap.values()].map(({ start: { line } }) => ({ path, line })),
  );
  return impossibleCoverage(context.files, places) ?? files.map(([path, data]) => linesOf(path, data));
}

/**
 * All lines of the program, and those that the answer's own count knows: a sentence where the reports on them are none.
 */
async function measure(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  coverage: string,
): Promise<{ all: FileCoverage[]; counted: FileCoverage[] } | string> {
  const hinted = linesIn(context, coverage);
  if (typeof hinted === 'string') return hinted;
  const reruns = !frameworks[framework].countedByNode && asksNotToCount(context); // Node.js counts it all
  const measured = reruns ? linesIn(context, (await unhintedCoverage(context)) ?? '') : hinted;
  if (typeof measured === 'string') return measured;
  const missing = context.project.files
    .map(({ path }) => path)
    .filter((path) => isProgram(withinProject(context.project, path)) && !measured.some((file) => file.path === path));
  const all = [...measured, ...(await neverLoaded(context, environment, missing))];
  // The answer's own count leaves out what its comments leave out.
  return { all, counted: all.map((file) => hinted.find(({ path }) => path === file.path) ?? file) };
}

/** What the answer's own configuration counts of some files. */
async function ownCount(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  counted: readonly FileCoverage[],
): Promise<FileCoverage[]> {
  const patterns = framework === 'jest' ? await ownPatterns(context, environment) : null;
  const paths = counted.map(({ path }) => withinProject(context.project, path));
  const selected = patterns === null ? null : selectedBy(patterns, paths, insideRoot(context.project));
  return counted.filter(({ path, covered }) => selected?.includes(withinProject(context.project, path)) ?? covered > 0);
}

async function judge(context: CheckContext): Promise<Outcome> {
  const { outcome, framework, coverage, counter } = await testsOf(context);
  if (outcome.status === 'errored') return errored({ reason: 'the tests could not be run' });
  const environment = await installed(context);
  // Where the answer declares no framework, no test can be measured, ours as little as its own.
  const works = async (): Promise<boolean> =>
    !holdsFramework(environment, framework) ||
    controlIsMeasured(context, environment, { framework, provider: vitestProvider(environment) });
  if (coverage === null) {
    const measurable = framework !== 'vitest' || vitestProvider(environment) !== undefined;
    if (!measurable && context.asked.coverage === null)
      return notApplicable('no target was set, and the answer installs no coverage for Vitest');
    if (!measurable) return failed({ reason: 'Vitest has no coverage package to measure with' });
    return unmeasured('the test run left no coverage data', works);
  }
  const measured = await measure(context, environment, framework, coverage);
  if (typeof measured === 'string') return unmeasured(measured, works);
  const counterReport = counter === null ? null : readIstanbul(counter.coverage);
  if (counter !== null && counterReport === null) return unmeasured(UNREADABLE_COVERAGE, works);
  const countedByAnswer = await ownCount(context, environment, framework, measured.counted);
  const forged =
    counter === null || counterReport === null ? [] : forgedIn(context, framework, counterReport, counter.never);
  return judgeCoverage(
    framework,
    { all: measured.all, own: countedByAnswer, unit: 'lines' },
    context.asked.coverage,
    forged,
  );
}

/** Do the tests reach the scenario's share of the code's lines? */
export const coverage: Check = {
  ...coverageKind,
  question: "Do the tests reach the scenario's share of the code's lines?",
  needs: ['dependencies'],
  packages: 'uses',
  after: ['tests'],
  cost: 15,
  reads: readsCode,
  run: async (context) => whereAsked(context.asked.coverage, await judge(context)),
};
