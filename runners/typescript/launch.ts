import type { Runner } from '../../src/ports/runner.ts';
import { evidenceOf } from '../shared/evidence.ts';
import { insideRoot, temporary } from '../shared/job.ts';
import { installed } from './environment.ts';
import { inside } from './toolchain.ts';

/**
 * Builds, and hands out everything but the installed packages. What a failed build leaves is handed out, too: it may
 * start.
 */
const buildScript = `"$@"; status=$?; tar -C /w -cf - --exclude=node_modules . | tar -C /out -xf - || exit 125; exit $status`;

/** Programs for Node.js are started after their build script, where they have one. */
export const launch: NonNullable<Runner['launch']> = async (context, run, use) => {
  const { command } = run;
  if (command === undefined) return use({ problem: 'the contract names no command for TypeScript', evidence: [] });
  const { declared, mounts, env } = await installed(context);
  const start = { command, cwd: insideRoot(context.project), env, mounts };
  if (declared.scripts['build'] === undefined) return use({ ...start, workspace: context.workspace });
  return temporary(async (_, out) => {
    const execution = await context.sandbox.run({
      command: ['sh', '-c', buildScript, 'sh', inside.node, inside.npm, 'run', '--silent', 'build'],
      workspace: context.workspace,
      cwd: insideRoot(context.project),
      env,
      mounts,
      out,
      network: 'none',
      limits: context.limits,
      signal: context.signal,
    });
    if (execution.limit === null) return use({ ...start, workspace: out });
    return use({
      problem: `the build was ended at its limit of ${execution.limit}`,
      evidence: [evidenceOf(execution)],
    });
  });
};
