import type { CheckContext } from '../../../src/ports/runner.ts';
import { withReplaced } from '../../shared/replaced.ts';
import type { TestCase, TestReport } from '../../shared/testing/report.ts';
import type { Performed, Round, Rounds, StartRounds } from '../../shared/testing/rounds.ts';
import type { Environment } from '../environment.ts';
import { signsOf, unenteredLines } from './marks.ts';
import { prepare } from './prepare.ts';
import type { Prepared, PreparedRound } from './prepare.ts';
import { runPytest } from './pytest.ts';
import type { PytestReport } from './report.ts';

/**
 * Lines of the program that were not entered in a run in which the tests passed, by path relative to the project's
 * root.
 */
export type Unentered = ReadonlyMap<string, ReadonlySet<number>>;

/** A test must fail in each phase in which it was made to: where one passed all the same, the test counts as passed. */
function inEachPhase(prepared: PreparedRound, { whole, outcomeOf }: PytestReport): TestReport | null {
  if (whole === null) return null;
  const tests = whole.tests.map((test): TestCase => {
    const phases = prepared.phases.get(test.name) ?? [];
    const evaded = test.status === 'failed' && phases.some((phase) => outcomeOf(test.name, phase) === 'passed');
    return evaded ? { ...test, status: 'passed' } : test;
  });
  return { ...whole, tests };
}

/** The test files of a round, where they are not all of them. */
function filesOf(round: Round, passing: readonly TestCase[]): string[] | null {
  if (round.kind === 'some-fail' || round.kind === 'unchanged') return null;
  const fileOf = ({ name }: TestCase): string => name.split('::')[0] ?? name;
  const files = new Set(round.tests.map(fileOf));
  return files.size === new Set(passing.map(fileOf)).size ? null : [...files];
}

async function performOne(
  context: CheckContext,
  environment: Environment,
  round: Round,
  prepared: PreparedRound,
  passing: readonly TestCase[],
  keepUnentered: (unentered: Unentered) => void,
): Promise<Performed> {
  const seconds = round.kind === 'broken' ? round.waitMs / 1000 : null;
  return withReplaced(context, prepared.files, (workspace) =>
    runPytest(
      context,
      environment,
      { workspace, coverage: false, seconds, files: filesOf(round, passing), told: round.kind === 'some-fail' },
      async (execution, read, { result }): Promise<Performed> => {
        const marks = round.kind === 'some-fail' ? await result(prepared.file) : null;
        const report = inEachPhase(prepared, read);
        if (prepared.blocks.size > 0) keepUnentered(unenteredLines(prepared, marks));
        return {
          attempt: { execution, report, accepted: [], interrupted: read.interrupted },
          touches: ({ name }) => prepared.phases.has(name),
          mustFail: ({ name }) => prepared.phases.has(name) && !prepared.unsure.has(name),
          signs: round.kind === 'some-fail' && report !== null ? signsOf(prepared, report, marks) : [],
        };
      },
    ),
  );
}

/** Rounds of pytest. `keepUnentered` is told once what the program did not enter, where coverage is asked for. */
export function pytestRounds(
  context: CheckContext,
  environment: Environment,
  keepUnentered: (unentered: Unentered) => void,
): StartRounds {
  return (report): Rounds => {
    const passing = report.tests.filter(({ status }) => status === 'passed');
    let preparation: Promise<Prepared> | null = null;
    const first = (): Promise<Prepared> => (preparation ??= prepare(context, environment, passing, [], null));
    let blocksWanted = context.asked.coverage !== null;
    return {
      locate: async (tests) => {
        const { located } = await first();
        return tests.flatMap((test) => {
          const asserts = located.get(test.name);
          return asserts === undefined ? [] : [{ test, asserts }];
        });
      },
      parts: async () => (await first()).parts,
      perform: async (rounds) => {
        const blocks = blocksWanted ? rounds.findIndex(({ kind }) => kind === 'some-fail') : -1;
        if (blocks >= 0) blocksWanted = false;
        const prepared = await prepare(context, environment, passing, rounds, blocks < 0 ? null : blocks);
        const performed: Performed[] = [];
        for (const [index, round] of rounds.entries()) {
          const changed = prepared.rounds[index];
          if (changed === undefined) throw new Error('a round was not prepared');
          performed.push(await performOne(context, environment, round, changed, passing, keepUnentered));
        }
        return performed;
      },
    };
  };
}
