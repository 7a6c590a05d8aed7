import { posix } from 'node:path';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { AnswerFile } from '../../src/domain/grading/extraction.ts';
import { isBelow } from '../../src/domain/grading/project.ts';

/** A module of the answer that a go.work puts in reach of another. */
export interface WorkspaceModule {
  path: string;
  /** Its folder, from the other module's. */
  folder: string;
}

const declaredIn = (manifest: string): string | undefined => /^module\s+([\w.~/-]+)\s*$/m.exec(manifest)?.[1];

/**
 * The module that a folder of the answer (relative to its root) declares itself to be; undefined when it has no go.mod.
 */
export function moduleIn(files: readonly AnswerFile[], folder: string): string | undefined {
  return declaredIn(files.find(({ path }) => path === posix.join(folder, 'go.mod'))?.text ?? '');
}

/** The other modules of the answer, when there is a go.work above the project: Go builds them together. */
export function workspaceModules({ project, files }: Pick<CheckContext, 'project' | 'files'>): WorkspaceModule[] {
  if (
    !files.some(
      ({ path }) => posix.basename(path) === 'go.work' && isBelow(posix.dirname(path), `${project.root}/go.mod`),
    )
  )
    return [];
  return files
    .filter(({ path }) => posix.basename(path) === 'go.mod' && posix.dirname(path) !== project.root)
    .flatMap(({ path, text }) => {
      const module = declaredIn(text);
      return module === undefined
        ? []
        : [{ path: module, folder: `./${posix.relative(project.root, posix.dirname(path))}` }];
    });
}
