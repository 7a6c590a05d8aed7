import type { CheckContext } from '../../src/ports/runner.ts';
import { errored } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import { fromProject, isBelow, withinProject } from '../../src/domain/grading/project.ts';
import { inSandbox } from '../shared/job.ts';
import type { Program } from '../shared/job.ts';
import { withReplaced } from '../shared/replaced.ts';
import { judgeTests } from '../shared/testing/judge.ts';
import { hasLoopback } from '../shared/testing/run.ts';
import type { Interrupted, TestAttempt, TestReport } from '../shared/testing/report.ts';
import { installed } from './environment.ts';
import type { Environment } from './environment.ts';
import { isProgram, isSource } from './files.ts';
import { foreignFramework, frameworkOf, testFiles, undeclaredFramework } from './framework-choice.ts';
import { frameworks } from './frameworks/frameworks.ts';
import { programOf } from './test-command.ts';
import { readTestScript } from './test-script.ts';
import type { Framework } from './test-script.ts';
import { controlPasses } from './testing/control.ts';
import { hasCoverageHint, withoutCoverageHints } from './testing/coverage-hints.ts';
import { prepare } from './testing/prepare.ts';
import type { Prepared } from './testing/prepare.ts';
import { readNodeReport } from './testing/report.ts';
import { NodeRounds } from './testing/rounds.ts';
import { traceOf } from './testing/trace.ts';
import { testedMembers } from './workspaces/tests.ts';
import type { AttemptOptions } from './testing/rounds.ts';

/** What came of a test run. */
export interface NodeTests {
  outcome: Outcome;
  framework: Framework;
  /** Istanbul's coverage-final.json, null when the run left none. */
  coverage: string | null;
  /**
   * The same of a copy with lines that nothing runs, by path relative to the answer's root; null when there was none.
   */
  counter: { coverage: string; never: ReadonlyMap<string, number> } | null;
}

// jest, vitest, node --test, our runner of scripts: 0 all passed or no test was found (only so is there a report that
// says it), 1 something failed; mocha: 0 the same, else how many failed
async function attemptTests(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  options: AttemptOptions = { workspace: context.workspace, variables: {}, files: null, measured: true, apart: false },
  limits: Pick<Program, 'wallSeconds' | 'endsAfter'> = {},
): Promise<TestAttempt & { coverage: string | null }> {
  const program = programOf(context, environment, framework, options);
  return inSandbox(
    context,
    { ...program, env: { ...program.env, ...options.variables }, workspace: options.workspace, ...limits },
    async ({ execution, result }) => {
      const report = readNodeReport(context.project, await result('report.json'));
      const coverage = await result('coverage/coverage-final.json');
      return { execution: { ...execution, stdout: '' }, report, accepted: [0], coverage };
    },
  );
}

/** Whether some code asks not to be counted. */
export function asksNotToCount({ project }: CheckContext): boolean {
  return project.files.some(({ path, text }) => isProgram(withinProject(project, path)) && hasCoverageHint(text));
}

/** Coverage (as `NodeTests.coverage`) of another run in which no code asks not to be counted. */
export async function unhintedCoverage(context: CheckContext): Promise<string | null> {
  const environment = await installed(context);
  const program = programOf(context, environment, frameworkOf(context, environment));
  const replaced = context.files
    .filter(({ path, text }) => isBelow(context.project.root, path) && isSource(path) && hasCoverageHint(text))
    .map(({ path, text }): [string, string] => [withinProject(context.project, path), withoutCoverageHints(text)]);
  return withReplaced(context, new Map(replaced), (workspace) =>
    inSandbox(context, { ...program, workspace }, ({ result }) => result('coverage/coverage-final.json')),
  );
}

/** Rounds, with the copy of the answer that they are performed on. */
interface PreparedRounds {
  rounds: NodeRounds;
  prepared: Prepared;
}

/** The coverage of a copy with lines that nothing runs. */
function counterOf(context: CheckContext, performed: PreparedRounds | null): NodeTests['counter'] {
  const coverage = performed?.rounds.coverage ?? null;
  if (performed === null || coverage === null) return null;
  const lines = performed.prepared.parts.map(({ file, neverLine }): [string, number] => [
    fromProject(context.project, file),
    neverLine,
  ]);
  return { coverage, never: new Map(lines) };
}

/** Prepares rounds for tests that took `seconds`. */
async function prepareRounds(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
  report: TestReport,
  seconds: number,
): Promise<PreparedRounds> {
  const prepared = await prepare(context, environment, context.draw('rounds'), report.tests);
  // Other frameworks never look types up, and a build of the answer's may refuse what is compiled without them.
  const apart = frameworks[framework].compiles && readTestScript(environment.declared.scripts).builds.length === 0;
  const rounds = new NodeRounds(
    context,
    prepared,
    report,
    (options, broken) => {
      // A broken program may keep the process from ending: it is not waited for longer than the tests need.
      const longest = Math.min(Math.max(20, Math.ceil(2 * seconds)), context.limits.wallSeconds);
      const limits = broken ? { wallSeconds: longest, endsAfter: { file: 'report.json', quietMs: 2000 } } : {};
      return attemptTests(context, environment, framework, options, limits);
    },
    apart,
  );
  return { rounds, prepared };
}

/** A test that writes nothing for so long is the one that does not end. */
const QUIET_MS = 20_000;

/** Which test was running when the tests were ended from outside, by running them once more. */
async function interruptedIn(
  context: CheckContext,
  environment: Environment,
  framework: Framework,
): Promise<Interrupted | null> {
  const prepared = await prepare(context, environment, context.draw('trace'), []);
  const options = { files: null, measured: false, apart: false };
  const program = programOf(context, environment, framework, options);
  return traceOf(context, prepared, (workspace, variables) =>
    inSandbox(
      context,
      {
        ...program,
        env: { ...program.env, ...variables },
        workspace,
        endsAfter: { file: prepared.traced, quietMs: QUIET_MS },
      },
      ({ result }) => result(prepared.traced),
    ),
  );
}

/** Runs the tests, and says what they are worth. */
async function judge(context: CheckContext, environment: Environment, framework: Framework): Promise<NodeTests> {
  let coverage: string | null = null;
  let seconds = 0;
  let performed: PreparedRounds | null = null;
  const outcome = await judgeTests({
    tool: framework,
    attempt: async () => {
      const attempt = await attemptTests(context, environment, framework);
      ({ coverage } = attempt);
      seconds = attempt.execution.durationMs / 1000;
      return attempt;
    },
    trace: () => interruptedIn(context, environment, framework),
    control: () => controlPasses(context, environment, { framework, provider: undefined }),
    measuresAgain: context.asked.coverage !== null,
    rounds: async (report) => {
      performed = await prepareRounds(context, environment, framework, report, seconds);
      return performed.rounds;
    },
    alone: (run) => context.alone(run),
    loopback: () => hasLoopback(context),
    draw: (purpose) => context.draw(purpose),
  });
  return { outcome, framework, coverage, counter: counterOf(context, performed) };
}

/** The outcome of tests that another program starts: what they miss here they may find there, so a failure is ours. */
function withoutStarter(outcome: Outcome, starter: string | null): Outcome {
  if (outcome.status !== 'failed' || starter === null) return outcome;
  const { facts, evidence, findings } = outcome;
  return errored({
    reason: `the tests are started by ${starter}, which Cupel does not run, and fail without it: ${outcome.reason}`,
    facts,
    evidence,
    findings,
  });
}

/** Runs the project's tests once, for the checks that ask about them. */
export function testsOf(context: CheckContext): Promise<NodeTests> {
  return context.once('typescript-tests', async () => {
    const environment = await installed(context);
    const [first, ...more] = testedMembers(context, environment);
    const framework = frameworkOf(first?.context ?? context, first?.environment ?? environment);
    const tests = testFiles(context);
    const parts = first === undefined ? [{ context, environment }] : [first, ...more];
    const refusal =
      parts.map((part) => foreignFramework(part.context, part.environment)).find((outcome) => outcome !== null) ??
      undeclaredFramework(environment, framework);
    if (refusal !== null) return { outcome: refusal, framework, coverage: null, counter: null };
    const judged = await judge(context, environment, framework);
    if (tests.length === 0) return judged;
    const script = readTestScript(environment.declared.scripts);
    const starter = script.framework === framework ? null : script.other;
    return { ...judged, outcome: withoutStarter(judged.outcome, starter) };
  });
}
