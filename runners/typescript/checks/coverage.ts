import { errored, failed, notApplicable } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { coverageKind } from '../../shared/check-kinds.ts';
import { NEVER } from '../../shared/counter.ts';
import { judgeCoverage } from '../../shared/coverage.ts';
import type { FileCoverage } from '../../shared/coverage.ts';
import { readsCode } from '../../shared/documentation.ts';
import { answerPath, finding, inSandbox, insideRoot } from '../../shared/job.ts';
import { installed } from '../environment.ts';
import type { Environment } from '../environment.ts';
import { isProgram } from '../files.ts';
import { selectedBy } from '../patterns.ts';
import type { Patterns } from '../patterns.ts';
import { startWith, testsOf, unhintedCoverage, vitestProvider } from '../test-run.ts';
import { readTestScript } from '../test-script.ts';
import { inside } from '../toolchain.ts';

interface Istanbul {
  statementMap: Record<string, { start: { line: number } }>;
  s: Record<string, number>;
  fnMap: Record<string, { name: string }>;
  f: Record<string, number>;
}

/** Lines of one file as Istanbul counts them: a line is covered when a statement that starts on it ran. */
function linesOf(path: string, { statementMap, s }: Istanbul): FileCoverage {
  const counts = new Map<number, number>();
  for (const [id, { start }] of Object.entries(statementMap))
    counts.set(start.line, Math.max(counts.get(start.line) ?? 0, s[id] ?? 0));
  const missing = [...counts].filter(([, count]) => count === 0).map(([line]) => line);
  return {
    path,
    total: counts.size,
    covered: counts.size - missing.length,
    missing: missing.toSorted((a, b) => a - b),
  };
}

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
    if (execution.exitCode !== 0) throw new Error(`counting lines failed: ${execution.stderr}`);
    const lines = JSON.parse(execution.stdout) as Record<string, number[]>;
    return paths.map((path) => {
      const missing = lines[withinProject(context.project, path)] ?? [];
      return { path, total: missing.length, covered: 0, missing };
    });
  });
}

/** What the answer's own Jest configuration counts; null when it names no files (then: those that a test loaded). */
async function ownPatterns(context: CheckContext, environment: Environment): Promise<Patterns | null> {
  const script = readTestScript(environment.declared.scripts);
  const own = script.arguments.filter((word) => /^(--config|-c)\b/.test(word) || !word.startsWith('-'));
  const command = [...startWith(script, 'jest'), ...own, '--showConfig', '--cacheDirectory=/tmp/jest'];
  return inSandbox(
    context,
    { command, mounts: environment.mounts, env: { ...environment.env, ...script.env } },
    ({ execution }) => {
      try {
        const { globalConfig, configs } = JSON.parse(execution.stdout) as {
          globalConfig: { collectCoverageFrom?: string[] };
          configs: { rootDir: string; coveragePathIgnorePatterns?: string[] }[];
        };
        const from = globalConfig.collectCoverageFrom ?? [];
        const ignored = (configs[0]?.coveragePathIgnorePatterns ?? []).map((pattern) => new RegExp(pattern));
        return from.length === 0 && ignored.length <= 1
          ? null
          : { root: configs[0]?.rootDir ?? insideRoot(context.project), from, ignored };
      } catch {
        return null;
      }
    },
  );
}

/** The program's files in a report of Istanbul's. */
function measuredIn(context: CheckContext, report: string): FileCoverage[] {
  return Object.entries(JSON.parse(report) as Record<string, Istanbul>).flatMap(([file, data]) => {
    const path = answerPath(context.project, file);
    return path !== null && isProgram(withinProject(context.project, path)) ? [linesOf(path, data)] : [];
  });
}

/** Whether a counter-run's coverage was made by somebody else: it knows nothing of the functions that nothing calls, or has them run. */
function isForged(context: CheckContext, counter: string): boolean {
  const files = Object.entries(JSON.parse(counter) as Record<string, Istanbul>).filter(([file]) =>
    isProgram(withinProject(context.project, answerPath(context.project, file) ?? '')),
  );
  const runs = files.flatMap(([, { fnMap, f }]) =>
    Object.entries(fnMap)
      .filter(([, { name }]) => name === NEVER)
      .map(([id]) => f[id] ?? 0),
  );
  return files.length > 0 && (runs.length === 0 || runs.some((count) => count > 0));
}

async function run(context: CheckContext): Promise<Outcome> {
  const { outcome, framework, coverage, counterCoverage } = await testsOf(context);
  if (outcome.status === 'errored') return errored({ reason: 'the tests could not be run' });
  const environment = await installed(context);
  if (coverage === null) {
    const measurable = framework === 'jest' || vitestProvider(environment) !== undefined;
    if (!measurable && context.asked.coverage === null)
      return notApplicable('no target was set, and the answer installs no coverage for Vitest');
    return failed({
      reason: measurable ? 'the test run left no coverage data' : 'Vitest has no coverage package to measure with',
    });
  }
  const hinted = measuredIn(context, coverage);
  const unhinted = await unhintedCoverage(context);
  const measured = unhinted === null ? hinted : measuredIn(context, unhinted);
  const missing = context.project.files
    .map(({ path }) => path)
    .filter((path) => isProgram(withinProject(context.project, path)) && !measured.some((file) => file.path === path));
  const all = [...measured, ...(await neverLoaded(context, environment, missing))];
  const patterns = framework === 'jest' ? await ownPatterns(context, environment) : null;
  // The answer's own count leaves out what its comments leave out, and what its configuration does.
  const counted = all.map((file) => hinted.find(({ path }) => path === file.path) ?? file);
  const paths = counted.map(({ path }) => withinProject(context.project, path));
  const selected = patterns === null ? null : selectedBy(patterns, paths, insideRoot(context.project));
  const own = counted.filter(
    ({ path, covered }) => selected?.includes(withinProject(context.project, path)) ?? covered > 0,
  );
  const message = 'it does not know of functions that nothing calls, or reports them as run';
  const forged =
    counterCoverage !== null && isForged(context, counterCoverage)
      ? [finding({ tool: framework, rule: 'forged', message })]
      : [];
  return judgeCoverage(framework, { all, own, unit: 'lines' }, context.asked.coverage, forged);
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
  run,
};
