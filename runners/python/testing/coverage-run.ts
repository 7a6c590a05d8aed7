import type { CheckContext } from '../../../src/ports/runner.ts';
import { inSandbox } from '../../shared/job.ts';
import type { Environment } from '../environment.ts';
import { ownPackage } from '../own-package.ts';
import { ownCoverage } from '../settings.ts';
import { inside } from '../toolchain.ts';

/** Targets of the programs and plugins of the project's package. */
export const entryPointsOf = (context: CheckContext): string[] =>
  Object.values(ownPackage(context).entryPoints).flatMap((group) => Object.values(group));

/** What `coverage_report.py` makes of the data in a folder of results; null when there is none. */
export function coverageReports(
  context: CheckContext,
  { mounts }: Environment,
  results: string,
  workspace = context.workspace,
): Promise<string | null> {
  const options = { entryPoints: entryPointsOf(context), own: ownCoverage(context.project) };
  const script = `${inside.assets}/grader/coverage_report.py`;
  const command = [inside.toolsPython, '-I', script, '/results/coverage.db', JSON.stringify(options)];
  return inSandbox(
    context,
    { command, workspace, mounts: [...mounts, { source: results, target: '/results' }] },
    ({ execution }) => (execution.exitCode === 0 ? execution.stdout : null),
  );
}
