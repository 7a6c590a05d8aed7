import { posix } from 'node:path';
import { withinProject } from '../../src/domain/grading/project.ts';
import type { Project } from '../../src/domain/grading/project.ts';

/** Whether a path (relative to the project's root) is test code. */
export const isTest = (path: string): boolean =>
  /(?:^|\/)src\/(?:test|it|integrationTest|testFixtures)\//.test(path) ||
  (!/(?:^|\/)src\/main\//.test(path) &&
    /(?:^|\/)(?:tests?\/.*|Test\w*|\w*(?:Test|Tests|TestCase|IT))\.java$/.test(path));

/** The sources of a project, as paths relative to its root. */
export interface Sources {
  main: readonly string[];
  test: readonly string[];
}

/** Files that say something of a package or a module, and hold no code. */
const isDeclaration = (path: string): boolean => /(?:^|\/)(?:module|package)-info\.java$/.test(path);

/** Which files are compiled, as the program and as its tests. All is one class path: a module says nothing. */
export function sourcesOf(project: Project): Sources {
  const all = project.files
    .map(({ path }) => withinProject(project, path))
    .filter((path) => path.endsWith('.java') && !path.endsWith('module-info.java'))
    .toSorted();
  return { main: all.filter((path) => !isTest(path)), test: all.filter((path) => isTest(path)) };
}

/** The package that a source file says it is in; empty for none. */
const packageOf = (text: string): string => /^\s*package\s+([\w.]+)\s*;/m.exec(text)?.[1] ?? '';

/** Files of some paths by the class that each is named after (`com.example.App`). */
export function classesOf(project: Project, paths: readonly string[]): Map<string, string> {
  const texts = new Map(project.files.map(({ path, text }) => [withinProject(project, path), text]));
  return new Map(
    paths
      .filter((path) => !isDeclaration(path))
      .map((path) => {
        const name = packageOf(texts.get(path) ?? '');
        const type = posix.basename(path, '.java');
        return [name === '' ? type : `${name}.${type}`, path];
      }),
  );
}
