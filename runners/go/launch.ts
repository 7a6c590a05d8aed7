import { join } from 'node:path';
import type { Runner } from '../../src/ports/runner.ts';
import { evidenceOf } from '../shared/evidence.ts';
import { insideRoot, temporary } from '../shared/job.ts';
import { installed } from './environment.ts';

/**
 * The main package of a Go program is built, and its binary started beside the answer, without compiler and packages.
 */
export const launch: NonNullable<Runner['launch']> = async (context, run, use) => {
  const { package: main, command } = run;
  if (main === undefined && command === undefined)
    return use({ problem: 'the contract names no package for Go', evidence: [] });
  const environment = await installed(context);
  return temporary(async (_, out) => {
    const execution = await context.sandbox.run({
      ...environment.compiling(['go', 'build', '-o', '/out/program', main ?? '.']),
      workspace: context.workspace,
      cwd: insideRoot(context.project),
      out,
      network: 'none',
      limits: context.limits,
      signal: context.signal,
    });
    if (execution.exitCode !== 0)
      return use({
        problem: `${main ?? '.'} does not build: ${execution.stderr.trim().slice(0, 1000)}`,
        evidence: [evidenceOf(execution)],
      });
    return use({
      command: ['/program'],
      workspace: context.workspace,
      cwd: insideRoot(context.project),
      env: {},
      mounts: [{ source: join(out, 'program'), target: '/program' }],
    });
  });
};
