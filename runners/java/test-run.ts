import type { CheckContext } from '../../src/ports/runner.ts';
import { errored, failed } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import { fromProject } from '../../src/domain/grading/project.ts';
import { counted } from '../../src/formats/words.ts';
import { evidenceOf } from '../shared/evidence.ts';
import { finding } from '../shared/job.ts';
import { withReplaced } from '../shared/replaced.ts';
import { judgeTests } from '../shared/testing/judge.ts';
import { hasLoopback } from '../shared/testing/run.ts';
import { asAnswered, compile, parseJavac } from './compiling.ts';
import type { Compiled } from './compiling.ts';
import { installed } from './environment.ts';
import type { Environment } from './environment.ts';
import { sourcesOf } from './files.ts';
import { hasJunit4, hasPlatform, hasTestNg } from './packages.ts';
import { attemptTests } from './testing/attempt.ts';
import type { CoverageData } from './testing/attempt.ts';
import { runsControl } from './testing/control.ts';
import { prepare } from './testing/prepare.ts';
import type { Prepared } from './testing/prepare.ts';
import { JavaRounds } from './testing/rounds.ts';
import { selected } from './testing/selection.ts';

/** What came of a test run. */
export interface JavaTests {
  outcome: Outcome;
  /** What JaCoCo measured: of data that code of the answer left. Null where there is none. */
  coverage: CoverageData | null;
  /**
   * The same of the counter-run, with the lines that nothing runs; null when none was measured. Its coverage is null
   * where it left none that can be read.
   */
  counter: { coverage: CoverageData | null; never: ReadonlyMap<string, number> } | null;
}

const none = { passed: 0, failed: 0, skipped: 0 };
const only = (outcome: Outcome): JavaTests => ({ outcome, coverage: null, counter: null });

function notCompiled(context: CheckContext, { execution, said }: Compiled): Outcome {
  const text = `${said.main ?? ''}\n${said.test ?? ''}`;
  const errors = parseJavac(context, text).filter(({ severity }) => severity === 'error');
  const findings =
    errors.length > 0 ? errors : [finding({ tool: 'javac', rule: 'build-failed', message: text.trim().slice(-1500) })];
  return failed({
    reason: `the tests do not compile: ${counted(errors.length, 'error')}`,
    facts: none,
    findings,
    evidence: [evidenceOf(execution)],
  });
}

async function counterOf(context: CheckContext, rounds: JavaRounds | null): Promise<JavaTests['counter']> {
  const never = (await rounds?.neverLines()) ?? null;
  const coverage = rounds?.coverage ?? null;
  if (context.asked.coverage === null || never === null) return null;
  const lines = [...never].map(([path, line]): [string, number] => [fromProject(context.project, path), line]);
  return { coverage, never: new Map(lines) };
}

interface Ready {
  environment: Environment;
  found: Prepared;
  compiled: Compiled;
  workspace: string;
}

async function run(context: CheckContext, { environment, found, compiled, workspace }: Ready): Promise<JavaTests> {
  const left: { coverage: CoverageData | null; rounds: JavaRounds | null } = { coverage: null, rounds: null };
  let declared = new Map<string, string>();
  // The variable is there in each run, so that it says nothing.
  const words = [context.draw('java-tests').slice(0, 12)];
  try {
    const outcome = await judgeTests({
      tool: 'JUnit',
      attempt: async () => {
        const attempt = await attemptTests(context, environment, {
          workspace,
          classes: compiled.folder,
          found,
          words,
          measures: true,
        });
        left.coverage = attempt.coverage;
        declared = new Map(attempt.cases.map(({ name, declared: where }) => [name, where]));
        return attempt;
      },
      control: () => runsControl(context, environment),
      measuresAgain: context.asked.coverage !== null,
      rounds: () => (left.rounds = new JavaRounds({ context, environment, classes: compiled.folder, found, declared })),
      alone: (work) => context.alone(work),
      loopback: () => hasLoopback(context),
      draw: (purpose) => context.draw(purpose),
    });
    return { outcome, coverage: left.coverage, counter: await counterOf(context, left.rounds) };
  } finally {
    await left.rounds?.close();
  }
}

/** Why there is nothing to run, before anything is compiled; null when there is. */
function withoutTests(context: CheckContext, environment: Environment, found: Prepared): Outcome | null {
  const { declared, packages } = environment;
  if (sourcesOf(context.project).test.length === 0 && found.tests.length === 0)
    return failed({ reason: 'there is no test file', facts: none });
  if (!hasPlatform(packages) && !hasJunit4(packages)) {
    if (hasTestNg(packages))
      return errored({ reason: 'not measurable here: the tests are run by TestNG, which Cupel does not run' });
    return failed({ reason: 'no framework that could run the tests is among the declared packages', facts: none });
  }
  const { run: chosen, notRun } = selected(context.project, declared, found);
  if (chosen.length > 0) return null;
  const reason = 'no test was collected';
  return failed({ reason, facts: { ...none, files_not_run: notRun } });
}

async function runTests(context: CheckContext): Promise<JavaTests> {
  const environment = await installed(context);
  const found = await prepare(context, environment, context.draw('java-found'));
  const missing = withoutTests(context, environment, found);
  if (missing !== null) return only(missing);
  const measured = new Map(Object.entries(found.measured));
  const inWorkspace = (workspace: string): Promise<JavaTests> =>
    compile(context, environment, { ...asAnswered(context), workspace }, async (compiled) => {
      if (compiled.execution.exitCode === 0) return run(context, { environment, found, compiled, workspace });
      if (compiled.execution.exitCode !== 3 && compiled.execution.exitCode !== 4) {
        const evidence = [evidenceOf(compiled.execution)];
        if (compiled.execution.limit === null)
          return only(errored({ reason: 'javac does not run in the sandbox', evidence }));
      }
      return only(notCompiled(context, compiled));
    });
  return measured.size === 0 ? inWorkspace(context.workspace) : withReplaced(context, measured, inWorkspace);
}

/** Runs the project's tests once, for the checks that ask about them. */
export function testsOf(context: CheckContext): Promise<JavaTests> {
  return context.once('java-tests', () => runTests(context));
}
