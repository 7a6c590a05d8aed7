import type { Runner } from '../../src/ports/runner.ts';
import { insideRoot } from '../shared/job.ts';
import { installed } from './environment.ts';

/** Python programs are started as they are, with the packages that the project declares. */
export const launch: NonNullable<Runner['launch']> = async (context, run, use) => {
  if (run.command === undefined) return use({ problem: 'the contract names no command for Python', evidence: [] });
  const { mounts, env } = await installed(context);
  const { project } = context;
  const below = project.root === '.' ? '' : `${project.root}/`;
  // Who puts packages below src/ has them installed before they are run.
  const isBelowSrc = project.files.some(({ path }) => path.startsWith(`${below}src/`));
  return use({
    command: run.command,
    workspace: context.workspace,
    cwd: insideRoot(context.project),
    // What is printed must be there when the program is ended.
    env: {
      ...env,
      PYTHONUNBUFFERED: '1',
      ...(isBelowSrc ? { PYTHONPATH: `${insideRoot(project)}/src` } : {}),
    },
    mounts,
  });
};
