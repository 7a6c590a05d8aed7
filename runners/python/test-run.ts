import type { CheckContext } from '../../src/ports/runner.ts';
import { errored } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import { judgeTests } from '../shared/testing/judge.ts';
import type { TestAttempt } from '../shared/testing/report.ts';
import { hasLoopback } from '../shared/testing/run.ts';
import { installed } from './environment.ts';
import type { Environment } from './environment.ts';
import { isTest } from './files.ts';
import { coverageReports } from './testing/coverage-run.ts';
import { readPythonCoverage } from './testing/coverage-report.ts';
import { controlPasses, runPytest, withControl } from './testing/pytest.ts';
import { pytestRounds } from './testing/rounds.ts';
import type { Unentered } from './testing/rounds.ts';

/** What came of a test run. */
export interface PythonTests {
  outcome: Outcome;
  /** JSON of `coverage_report.py`, null when the run left no data. */
  coverage: string | null;
  /** What a later run of the same tests did not enter; null when there was none. */
  unentered: Unentered | null;
}

function attempt(
  context: CheckContext,
  environment: Environment,
  keepCoverage: (report: string | null) => void,
): Promise<TestAttempt> {
  const run = { coverage: true, seconds: null, files: null, told: true };
  return runPytest(context, environment, run, async (execution, { whole, interrupted }, { results }) => {
    keepCoverage(whole === null ? null : await coverageReports(context, environment, results));
    // A status that the framework did not end with was forced by somebody else: only the true one is accepted.
    return { execution, report: whole, accepted: whole?.exit === 0 ? [0] : [], interrupted };
  });
}

/** Whether coverage of a test of ours is measured: where it is not, nothing can be said of the answer's. */
export async function controlIsMeasured(context: CheckContext): Promise<boolean> {
  const environment = await installed(context);
  return withControl(context, environment, async ({ results }, workspace) => {
    const coverage = await coverageReports(context, environment, results, workspace);
    return coverage !== null && readPythonCoverage(coverage) !== null;
  });
}

/**
 * Whether the tests are Django's own (`manage.py test`): pytest knows how to set that up only by a plugin, or when it
 * is told.
 */
function isForDjango({ project }: CheckContext, { declared }: Environment): boolean {
  const manages = project.files.some(
    ({ path, text }) => withinProject(project, path) === 'manage.py' && text.includes('DJANGO_SETTINGS_MODULE'),
  );
  return (
    manages &&
    !declared.requirements.some(({ name }) => name === 'pytest-django') &&
    !project.files.some(({ path, text }) => isTest(withinProject(project, path)) && text.includes('django.setup('))
  );
}

/** Runs the project's tests once, for the checks that ask about them. */
export function testsOf(context: CheckContext): Promise<PythonTests> {
  return context.once('python-tests', async () => {
    const environment = await installed(context);
    const fromRounds: Omit<PythonTests, 'outcome'> = { coverage: null, unentered: null };
    if (isForDjango(context, environment))
      return {
        outcome: errored({ reason: "the tests are written for Django's own runner, and Cupel runs pytest" }),
        ...fromRounds,
      };
    const outcome = await judgeTests({
      tool: 'pytest',
      attempt: () => attempt(context, environment, (report) => (fromRounds.coverage = report)),
      control: () => controlPasses(context, environment),
      rounds: pytestRounds(context, environment, (unentered) => (fromRounds.unentered = unentered)),
      alone: (run) => context.alone(run),
      loopback: () => hasLoopback(context),
      draw: (purpose) => context.draw(purpose),
    });
    return { outcome, ...fromRounds };
  });
}
