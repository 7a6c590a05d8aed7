import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { inSandbox, temporary } from '../../shared/job.ts';
import { listOf, mapOf } from '../../shared/report.ts';
import type { TestCase } from '../../shared/testing/report.ts';
import type { Round } from '../../shared/testing/rounds.ts';
import { toolCrashed, toolReport } from '../../shared/tools.ts';
import type { Environment } from '../environment.ts';
import { inside } from '../toolchain.ts';
import { entryPointsOf } from './coverage-run.ts';

const roundSchema = z.object({
  files: mapOf(z.string()),
  file: z.string(),
  /** Phases in which a test was made to fail, by its name. */
  phases: mapOf(listOf(z.enum(['setup', 'call', 'teardown']))),
  /** Names of tests whose decorators may hide that they fail. */
  unsure: listOf(z.string()).transform((names) => new Set(names)),
  watched: listOf(z.object({ what: z.string(), begin: z.string(), end: z.string(), names: listOf(z.string()) })),
  silent: mapOf(z.string()),
  blocks: mapOf(mapOf(listOf(z.int()))),
});

/** What `rounds/prepare.py` prints. */
const preparedSchema = z.object({
  located: mapOf(z.boolean()),
  program: listOf(z.string()),
  parts: listOf(z.string()),
  rounds: listOf(roundSchema),
});

/** How the answer's files look in a round, and what they will say. */
export type PreparedRound = z.infer<typeof roundSchema>;
export type Prepared = z.infer<typeof preparedSchema>;

const nameOf = ({ name }: TestCase): string => name;

function requestFor(round: Round, blocks: boolean): Record<string, unknown> {
  const { kind, seed } = round;
  const nothing = { kind, seed, failing: [], tests: [], how: null, parts: null, blocks: false };
  if (round.kind === 'some-fail')
    return { ...nothing, blocks, failing: round.failing.map(({ test, phase }) => ({ name: test.name, phase })) };
  if (round.kind === 'unchanged') return nothing;
  if (round.kind === 'all-fail') return { ...nothing, tests: round.tests.map(nameOf) };
  return { ...nothing, how: round.how, parts: round.parts, tests: round.tests.map(nameOf) };
}

/**
 * Has our own program read the answer's files, and say how they must look. `blocks` is the index of the round in which
 * blocks are marked.
 */
export function prepare(
  context: CheckContext,
  { mounts }: Environment,
  reported: readonly TestCase[],
  rounds: readonly Round[],
  blocks: number | null,
): Promise<Prepared> {
  const request = {
    reported: reported.map(nameOf),
    entryPoints: entryPointsOf(context),
    rounds: rounds.map((round, index) => requestFor(round, index === blocks)),
  };
  return temporary(async (folder) => {
    await writeFile(join(folder, 'request.json'), JSON.stringify(request));
    const script = `${inside.assets}/grader/rounds/prepare.py`;
    const program = {
      command: [inside.toolsPython, '-I', '-B', script, '/request/request.json'],
      mounts: [...mounts, { source: folder, target: '/request' }],
    };
    return inSandbox(context, program, ({ execution }) => {
      if (execution.exitCode !== 0) toolCrashed('preparing the tests for rounds', execution);
      return toolReport('preparing the tests for rounds', preparedSchema, execution);
    });
  });
}
