/** What a setup.py asks for, read by Python's own parser: it is never run. */
import { z } from 'zod';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import { inSandbox } from '../../shared/job.ts';
import { listOf, readReport } from '../../shared/report.ts';
import { inside } from '../toolchain.ts';
import type { Toolchain } from '../toolchain.ts';

/** What `read_setup.py` prints. */
export const setupPySchema = z.object({ requirements: listOf(z.string()), python: z.string().nullable() });

/** Requirements of the package, of its tests and of its extras, and its versions of Python; what else it says. */
export type SetupPy = z.infer<typeof setupPySchema> | { unreadable: string };

/** Reads the setup.py of a project; null when there is none. */
export async function readSetupPy(
  context: CheckContext,
  { interpreter, mounts }: Pick<Toolchain, 'interpreter' | 'mounts'>,
): Promise<SetupPy | null> {
  if (!context.project.files.some(({ path }) => withinProject(context.project, path) === 'setup.py')) return null;
  const command = [interpreter.path, '-I', `${inside.assets}/grader/read_setup.py`, 'setup.py'];
  // read_setup.py: 0 it was read, 1 it is no Python
  return inSandbox(context, { command, mounts }, ({ execution }): SetupPy => {
    const read = execution.exitCode === 0 ? readReport(setupPySchema, execution.stdout) : null;
    return read ?? { unreadable: execution.stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? '' };
  });
}
