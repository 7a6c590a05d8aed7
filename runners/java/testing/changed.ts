import type { CheckContext } from '../../../src/ports/runner.ts';
import { withReplaced } from '../../shared/replaced.ts';
import { compile, filesWithErrors } from '../compiling.ts';
import type { Environment } from '../environment.ts';
import { sourcesOf } from '../files.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';

/** Compiled classes of a changed copy, as long as `close` is not called. */
export interface ChangedTests {
  workspace: string;
  /** Host folder with the classes. */
  classes: string;
  prepared: Prepared;
  close(): Promise<void>;
}

/** How often files that do not compile when they are changed are put back as they were. */
const MOST_TRIES = 5;

type Opened = { changed: ChangedTests } | { failedIn: readonly string[] };

/** Compiles files in the place of others, and keeps what comes of it until it is closed. */
function open(context: CheckContext, environment: Environment, prepared: Prepared): Promise<Opened> {
  let end = (): void => {};
  const closed = new Promise<void>((resolve) => (end = resolve));
  return new Promise<Opened>((resolve, reject) => {
    const files = new Map([...Object.entries(prepared.files), [prepared.helperPath, prepared.helper]]);
    const changedCopy = withReplaced(context, files, (workspace) => {
      const wanted = { sources: sourcesOf(context.project), workspace, added: [prepared.helperPath] };
      return compile(context, environment, wanted, async ({ execution, folder, said }) => {
        if (execution.exitCode !== 0) {
          resolve({ failedIn: filesWithErrors(context, `${said.main ?? ''}\n${said.test ?? ''}`) });
          return;
        }
        const close = async (): Promise<void> => {
          end();
          await changedCopy;
        };
        resolve({ changed: { workspace, classes: folder, prepared, close } });
        await closed;
      });
    });
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
): Promise<ChangedTests | null> {
  const untouched = new Set<string>();
  for (let number = 0; number < MOST_TRIES; number += 1) {
    const prepared = await prepare(context, environment, seed, [...untouched]);
    const opened = await open(context, environment, prepared);
    if ('changed' in opened) return opened.changed;
    const before = untouched.size;
    for (const path of opened.failedIn) untouched.add(path);
    if (untouched.size === before) return null;
  }
  return null;
}
