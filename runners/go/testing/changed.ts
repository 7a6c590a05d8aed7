import type { CheckContext } from '../../../src/ports/runner.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import { withReplaced } from '../../shared/replaced.ts';
import type { Environment } from '../environment.ts';
import { parseGo } from '../packages.ts';
import { compileTests } from './compile.ts';
import type { CompiledTests } from './compile.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';

/** Compiled tests of a changed copy, as long as `close` is not called. */
export interface ChangedTests {
  workspace: string;
  tests: CompiledTests;
  prepared: Prepared;
  close(): Promise<void>;
}

/** How often files that do not compile when they are changed are put back as they were. */
const MOST_TRIES = 4;

type Opened = { changed: ChangedTests } | { failedIn: readonly string[]; output: string };

/** Compiles a prepared copy and keeps it until it is closed; the files with errors where it does not compile. */
function open(context: CheckContext, environment: Environment, prepared: Prepared): Promise<Opened> {
  let end = (): void => {};
  const closed = new Promise<void>((resolve) => (end = resolve));
  return new Promise<Opened>((resolve, reject) => {
    const files = new Map(Object.entries(prepared.files));
    const changedCopy = withReplaced(context, files, (workspace) =>
      compileTests(context, environment, workspace, async (execution, tests) => {
        if (execution.exitCode !== 0) {
          const paths = parseGo(context, 'go', 'compile', execution.stderr).map(({ file }) => file);
          const failedIn = paths.filter((path) => path !== null).map((path) => withinProject(context.project, path));
          resolve({ failedIn, output: execution.stderr });
          return;
        }
        const close = async (): Promise<void> => {
          end();
          await changedCopy;
        };
        resolve({ changed: { workspace, tests, prepared, close } });
        await closed;
      }),
    );
    changedCopy.catch(reject);
  });
}

/**
 * Prepares and compiles a changed copy of the project. Its files compiled as they are, so whatever does not compile now
 * is our doing: such a file stays as it is. Null when the copy compiles in no way.
 */
export async function changedTests(
  context: CheckContext,
  environment: Environment,
  seed: string,
  constants: readonly string[] = [],
): Promise<ChangedTests | null> {
  const untouched = new Set<string>();
  for (let number = 0; number < MOST_TRIES; number += 1) {
    const prepared = await prepare(context, environment, { seed, untouched: [...untouched], constants });
    const opened = await open(context, environment, prepared);
    if ('changed' in opened) return opened.changed;
    const before = untouched.size;
    for (const path of opened.failedIn) untouched.add(path);
    if (untouched.size === before) return null;
  }
  return null;
}
