import { errored, failed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { coverageKind } from '../../shared/check-kinds.ts';
import { forgedCoverage, judgeCoverage } from '../../shared/coverage.ts';
import type { FileCoverage } from '../../shared/coverage.ts';
import { readsCode } from '../../shared/documentation.ts';
import { installed } from '../environment.ts';
import { testsOf } from '../test-run.ts';

interface Block {
  file: string;
  start: number;
  end: number;
  statements: number;
  count: number;
}

/** The blocks of several profiles (`path.go:1.2,3.4 statements count`), each once, with the runs of all added up. */
export function parseProfiles(profiles: readonly string[]): Block[] {
  const blocks = new Map<string, Block>();
  for (const match of profiles.join('\n').matchAll(/^(\S+\.go):((\d+)\.\d+,(\d+)\.\d+) (\d+) (\d+)$/gm)) {
    const [, file = '', place = '', start, end, statements, count] = match;
    const block = blocks.get(`${file}:${place}`) ?? {
      file,
      start: Number(start),
      end: Number(end),
      statements: Number(statements),
      count: 0,
    };
    block.count += Number(count);
    blocks.set(`${file}:${place}`, block);
  }
  return [...blocks.values()];
}

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

async function run(context: CheckContext): Promise<Outcome> {
  const { outcome, profiles, counter } = await testsOf(context);
  if (outcome.status === 'errored') return errored({ reason: 'the tests could not be run' });
  if (profiles.length === 0) return failed({ reason: 'the test run left no coverage data' });
  const module = (await installed(context)).resolved.Module?.Path ?? '';
  const filesIn = (texts: readonly string[]): FileCoverage[] =>
    [...Map.groupBy(parseProfiles(texts), ({ file }) => file)].map(([file, blocks]) =>
      coverageOf(
        fromProject(context.project, file.startsWith(`${module}/`) ? file.slice(module.length + 1) : file),
        blocks,
      ),
    );
  const all = filesIn(profiles);
  const forged = counter === null ? [] : forgedCoverage('go test', filesIn(counter.profiles), counter.never);
  return judgeCoverage('go test', { all, own: all, unit: 'statements' }, context.asked.coverage, forged);
}

/** Do the tests reach the scenario's share of the code's statements? Go counts statements, over all packages together. */
export const coverage: Check = {
  ...coverageKind,
  question: "Do the tests reach the scenario's share of the code's statements?",
  needs: ['dependencies', 'build'],
  packages: 'uses',
  after: ['tests'],
  cost: 10,
  reads: readsCode,
  run,
};
