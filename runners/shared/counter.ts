import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CheckContext } from '../../src/ports/runner.ts';
import { fromProject } from '../../src/domain/grading/project.ts';
import { temporary } from './job.ts';

/**
 * The counter-run: the same tests, by the same command, on a copy of the answer in which each test fails at its end and each file of
 * the program has a function that nothing calls. A test that is reported as passed there, or a function as run, is a report that
 * somebody else than the test framework has made.
 */

/** The name of the function that nothing calls. */
export const NEVER = 'cupelNeverRuns';

/** Lays the answer out with some files of the project replaced (paths relative to its root), for as long as `use` takes. */
export function withReplaced<T>(
  context: Pick<CheckContext, 'files' | 'project'>,
  replaced: ReadonlyMap<string, string>,
  use: (workspace: string) => Promise<T>,
): Promise<T> {
  const all = new Map(context.files.map(({ path, text }) => [path, text]));
  for (const [path, text] of replaced) all.set(fromProject(context.project, path), text);
  return temporary(async (workspace) => {
    for (const [path, text] of all) {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), text);
    }
    return use(workspace);
  });
}
