import type { CheckContext } from '../../../src/ports/runner.ts';
import type { Execution } from '../../../src/ports/sandbox.ts';
import { answerPath, inSandbox } from '../../shared/job.ts';
import type { Environment } from '../environment.ts';
import type { TestProgram } from './report.ts';

/** What compiling the tests left. */
export interface CompiledTests {
  /** Host folder with the programs. */
  folder: string;
  programs: readonly TestProgram[];
  /** Test files in the programs, relative to the answer's root; build constraints keep others out. */
  collected: readonly string[];
  /** Coverage profile of the packages without a test, null when every package has one. */
  untested: string | null;
}

function programsOf(list: string): TestProgram[] {
  return list
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', folder = '', number = ''] = line.split('\t');
      return { package: name, folder, number };
    });
}

/** Compiles the tests; no code of the answer runs. */
export async function compileTests<T>(
  context: CheckContext,
  environment: Environment,
  workspace: string,
  use: (execution: Execution, tests: CompiledTests) => Promise<T>,
): Promise<T> {
  const program = {
    ...environment.compiling(['sh', '/cupel/grader/compile_tests.sh']),
    results: true,
    workspace,
  };
  return inSandbox(context, program, async ({ execution, result, results }) => {
    const collected = ((await result('collected')) ?? '')
      .split('\n')
      .map((path) => answerPath(context.project, path))
      .filter((path) => path !== null);
    return use(execution, {
      folder: results,
      programs: programsOf((await result('packages')) ?? ''),
      collected,
      untested: await result('untested.cov'),
    });
  });
}
