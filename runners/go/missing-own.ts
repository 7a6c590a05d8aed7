import { posix } from 'node:path';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import { isBelow, withinProject } from '../../src/domain/grading/project.ts';
import { finding } from '../shared/job.ts';
import { importsIn, impliedModule } from './implied-module.ts';
import { workspaceModules } from './workspace.ts';

/**
 * Imports of packages below the project's own module for which the answer has no folder with code, unless another
 * module is required there.
 */
export function missingOwn(context: Pick<CheckContext, 'project' | 'files'>): Finding[] {
  const { project, files } = context;
  const manifest = project.files.find(({ path }) => withinProject(project, path) === 'go.mod')?.text ?? '';
  const module = /^module\s+"?([^\s"]+)/m.exec(manifest)?.[1] ?? impliedModule(project);
  if (module === null) return [];
  const otherModules = [
    ...[...manifest.matchAll(/^\s*(?:require\s+)?(\S+)\s+v\d/gm)].map(([, path = '']) => path),
    ...workspaceModules(context).map(({ path }) => path),
  ];
  const folders = new Set(
    files
      .filter(({ path }) => path.endsWith('.go') && isBelow(project.root, path))
      .map(({ path }) => posix.dirname(withinProject(project, path))),
  );
  const isGone = (path: string): boolean =>
    path.startsWith(`${module}/`) &&
    !folders.has(path.slice(module.length + 1)) &&
    !otherModules.some((other) => path === other || path.startsWith(`${other}/`));
  return project.files
    .filter(({ path }) => path.endsWith('.go'))
    .flatMap(({ path: file, text }) => importsIn(text).map((found) => ({ ...found, file })))
    .filter(({ path }) => isGone(path))
    .map(({ file, line, path }) =>
      finding({
        tool: 'cupel',
        rule: 'missing-import',
        message: `${path} is imported, and is not in the answer`,
        file,
        line,
      }),
    );
}
