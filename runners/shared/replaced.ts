import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CheckContext } from '../../src/ports/runner.ts';
import { fromProject } from '../../src/domain/grading/project.ts';
import { temporary } from './job.ts';

/**
 * Lays the answer out with some files of the project replaced (paths relative to its root), for as long as `use` takes.
 */
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
