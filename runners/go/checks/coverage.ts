import { errored, failed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { coverageKind } from '../../shared/check-kinds.ts';
import {
  forgedCoverage,
  impossibleCoverage,
  judgeCoverage,
  UNREADABLE_COVERAGE,
  whereAsked,
} from '../../shared/coverage.ts';
import type { FileCoverage } from '../../shared/coverage.ts';
import { readsCode } from '../../shared/documentation.ts';
import { installed } from '../environment.ts';
import { testsOf } from '../test-run.ts';
import { readProfiles } from '../testing/coverage-report.ts';
import type { Block } from '../testing/coverage-report.ts';

function coverageOf(path: string, blocks: readonly Block[]): FileCoverage {
  const sum = (of: readonly Block[]): number => of.reduce((total, { statements }) => total + statements, 0);
  const missed = blocks.filter(({ count, statements }) => count === 0 && statements > 0);
  const lines = new Set(
    missed.flatMap(({ start, end }) => Array.from({ length: end - start + 1 }, (_, offset) => start + offset)),
  );
  return {
    path,
    total: sum(blocks),
    covered: sum(blocks) - sum(missed),
    missing: [...lines].toSorted((a, b) => a - b),
  };
}

/** The files of the answer in some blocks; what a report says of other files has no part in the count. */
function filesIn(context: CheckContext, module: string, blocks: readonly Block[]): FileCoverage[] {
  const answer = new Set(context.files.map(({ path }) => path));
  return [...Map.groupBy(blocks, ({ file }) => pathOf(context, module, file))]
    .filter(([path]) => answer.has(path))
    .map(([path, own]) => coverageOf(path, own));
}

/** The path, relative to the answer's root, of a file as profiles name it: by its package's import path. */
function pathOf({ project }: CheckContext, module: string, file: string): string {
  return fromProject(project, file.startsWith(`${module}/`) ? file.slice(module.length + 1) : file);
}

/**
 * Why blocks cannot be the answer's: some end where the file has no line. By `//line` a file may give its code lines of
 * another file.
 */
function impossibleBlocks(context: CheckContext, module: string, blocks: readonly Block[]): string | null {
  const files = context.files.filter(({ text }) => !/^\/\/line /m.test(text));
  const paths = new Set(files.map(({ path }) => path));
  const places = blocks.map(({ file, end }) => ({ path: pathOf(context, module, file), line: end }));
  return impossibleCoverage(
    files,
    places.filter(({ path }) => paths.has(path)),
  );
}

async function judge(context: CheckContext): Promise<Outcome> {
  const { outcome, profiles, untested, counter } = await testsOf(context);
  if (outcome.status === 'errored') return errored({ reason: 'the tests could not be run' });
  if (profiles.length === 0) return failed({ reason: 'the test run left no coverage data' });
  const module = (await installed(context)).resolved.Module?.Path ?? '';
  const compiled = untested === null ? [] : [untested];
  if (readProfiles(compiled) === null)
    throw new Error(`the coverage profile of packages without a test cannot be read: ${compiled[0]?.slice(0, 200)}`);
  const [blocks, counterBlocks] = [readProfiles([...profiles, ...compiled]), readProfiles(counter?.profiles ?? [])];
  if (blocks === null || counterBlocks === null) return failed({ reason: UNREADABLE_COVERAGE });
  const impossible = impossibleBlocks(context, module, blocks);
  if (impossible !== null) return failed({ reason: impossible });
  const all = filesIn(context, module, blocks);
  const forged =
    counter === null ? [] : forgedCoverage('go test', filesIn(context, module, counterBlocks), counter.never);
  return judgeCoverage('go test', { all, own: all, unit: 'statements' }, context.asked.coverage, forged);
}

/**
 * Do the tests reach the scenario's share of the code's statements? Go counts statements, over all packages together.
 */
export const coverage: Check = {
  ...coverageKind,
  question: "Do the tests reach the scenario's share of the code's statements?",
  needs: ['dependencies', 'build'],
  packages: 'uses',
  after: ['tests'],
  cost: 10,
  reads: readsCode,
  run: async (context) => whereAsked(context.asked.coverage, await judge(context)),
};
