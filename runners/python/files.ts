import { posix } from 'node:path';
import type { Project } from '../../src/domain/grading/project.ts';
import { withinProject } from '../../src/domain/grading/project.ts';

/** Whether a path below the project's root is test code. */
export function isTest(path: string): boolean {
  return /(^|\/)tests?\//.test(path) || /^(tests|test_.*|.*_test|conftest)\.py$/.test(posix.basename(path));
}

/** Whether pytest would collect a file by its usual names. */
export function isTestModule(path: string): boolean {
  return /^(test_.*|.*_test)\.py$/.test(posix.basename(path));
}

/** The project's Python files, relative to its root, sorted. */
export function modulesOf(project: Project): string[] {
  return project.files
    .map(({ path }) => withinProject(project, path))
    .filter((path) => path.endsWith('.py'))
    .sort();
}
