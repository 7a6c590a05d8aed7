import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution } from '../../src/ports/sandbox.ts';
import { errored, failed } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import { fromProject, withinProject } from '../../src/domain/grading/project.ts';
import { counted } from '../../src/formats/words.ts';
import { evidenceOf } from '../shared/evidence.ts';
import { finding, inSandbox, temporary } from '../shared/job.ts';
import { judgeTests } from '../shared/testing/judge.ts';
import { hasLoopback } from '../shared/testing/run.ts';
import { orNeedsC } from './cgo.ts';
import { installed } from './environment.ts';
import type { Environment } from './environment.ts';
import { parseGo } from './packages.ts';
import { attemptTests, TEST2JSON } from './testing/attempt.ts';
import { compileTests } from './testing/compile.ts';
import type { CompiledTests } from './testing/compile.ts';
import { prepare } from './testing/prepare.ts';
import { GoRounds } from './testing/rounds.ts';
import { goEnvironment } from './compiling.ts';

/** What came of a test run. */
export interface GoTests {
  outcome: Outcome;
  /** Coverage profiles, one a test program: by code of the answer. */
  profiles: string[];
  /** Coverage profile of the packages without a test, by the compiler alone; null when every package has one. */
  untested: string | null;
  /**
   * The same of the counter-run, with the lines that nothing runs by path relative to the answer's root; null when
   * there was none.
   */
  counter: { profiles: string[]; never: ReadonlyMap<string, number> } | null;
}

function notCompiled(context: CheckContext, execution: Execution): Outcome {
  const errors = parseGo(context, 'go', 'compile', execution.stderr);
  const findings =
    errors.length > 0
      ? errors
      : [finding({ tool: 'go', rule: 'build-failed', message: execution.stderr.trim().slice(-1500) })];
  return failed({
    reason: `the tests do not compile: ${counted(errors.length, 'error')}`,
    facts: { passed: 0, failed: 0, skipped: 0 },
    findings,
    evidence: [evidenceOf(execution)],
  });
}

/** The counter-run's coverage, by path relative to the answer's root. */
async function counterOf(context: CheckContext, rounds: GoRounds | null): Promise<GoTests['counter']> {
  const never = await rounds?.neverLines();
  const profiles = rounds?.profiles ?? null;
  if (profiles === null || never === null || never === undefined) return null;
  const lines = [...never].map(([path, line]): [string, number] => [fromProject(context.project, path), line]);
  return { profiles, never: new Map(lines) };
}

async function run(context: CheckContext, environment: Environment, tests: CompiledTests): Promise<GoTests> {
  const seed = context.draw('go-tests');
  const found = await prepare(context, environment, { seed, untouched: [], constants: [] });
  let profiles: string[] = [];
  const rounds = new GoRounds({ context, environment, tests, found });
  try {
    const outcome = await judgeTests({
      tool: 'go test',
      attempt: async () => {
        const { workspace } = context;
        // The variable is there in each run, so that it says nothing.
        const attempt = await attemptTests(context, environment, {
          workspace,
          tests,
          found,
          words: [seed.slice(0, 12)],
        });
        ({ profiles } = attempt);
        return attempt;
      },
      control: () => control(context, environment),
      measuresAgain: context.asked.coverage !== null,
      rounds: () => rounds,
      alone: (work) => context.alone(work),
      loopback: () => hasLoopback(context),
      draw: (purpose) => context.draw(purpose),
    });
    return { outcome, profiles, untested: tests.untested, counter: await counterOf(context, rounds) };
  } finally {
    await rounds.close();
  }
}

/** What a test program prints whose one test passes. */
const CONTROL = '=== RUN   TestControl\n--- PASS: TestControl (0.00s)\nPASS\n';

/** Whether the sandbox runs programs of the pinned Go at all: the command itself, and what reads the tests' output. */
async function control(context: CheckContext, environment: Environment): Promise<boolean> {
  const read = `printf '%s' "$0" | ${TEST2JSON} | grep -q '"pass","Test":"TestControl"'`;
  for (const command of [
    ['/golang/go/bin/go', 'version'],
    ['sh', '-c', read, CONTROL],
  ]) {
    const program = { command, mounts: environment.mounts, env: goEnvironment, cwd: '/w' };
    if ((await inSandbox(context, program, ({ execution }) => execution.exitCode)) !== 0) return false;
  }
  return runsTestPrograms(context, environment);
}

/** Whether what runs test programs runs one of ours, and keeps what it prints. */
function runsTestPrograms(context: CheckContext, environment: Environment): Promise<boolean> {
  return temporary(async (folder) => {
    await writeFile(join(folder, 'packages'), 'control\t/w\t1\n');
    await writeFile(join(folder, '1.test'), `#!/bin/sh\nprintf '%s' '${CONTROL}'\n`, { mode: 0o755 });
    const program = {
      command: environment.command(['sh', '/cupel/grader/run_tests.sh']),
      mounts: [...environment.mounts, { source: folder, target: '/tests' }],
      env: goEnvironment,
      results: true,
      cwd: '/w',
    };
    return inSandbox(context, program, async ({ result }) => (await result('1.txt')) === CONTROL);
  });
}

async function runTests(context: CheckContext): Promise<GoTests> {
  const environment = await installed(context);
  const only = (outcome: Outcome): GoTests => ({ outcome, profiles: [], untested: null, counter: null });
  return compileTests(context, environment, context.workspace, async (execution, tests): Promise<GoTests> => {
    const tested = context.project.files.some(({ path }) => withinProject(context.project, path).endsWith('_test.go'));
    if (execution.exitCode !== 0) {
      if (execution.limit === null && !(await control(context, environment)))
        return only(errored({ reason: 'go does not run in the sandbox', evidence: [evidenceOf(execution)] }));
      return only(notCompiled(context, execution));
    }
    if (tests.programs.length > 0) return run(context, environment, tests);
    const reason = tested ? 'no test was collected' : 'there is no test file';
    return only(failed({ reason, facts: { passed: 0, failed: 0, skipped: 0 }, evidence: [evidenceOf(execution)] }));
  });
}

/** Runs the project's tests once, for the checks that ask about them. */
export function testsOf(context: CheckContext): Promise<GoTests> {
  return context.once('go-tests', async () => {
    const tests = await runTests(context);
    return { ...tests, outcome: await orNeedsC(context, await installed(context), tests.outcome) };
  });
}
