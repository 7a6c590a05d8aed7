import picomatch from 'picomatch';
import type { Project } from '../../../src/domain/grading/project.ts';
import { classesOf, sourcesOf } from '../files.ts';
import type { Pom } from '../pom.ts';
import type { Prepared } from './prepare.ts';

/** How Surefire finds tests by the names of their files. */
const usual = ['**/Test*.java', '**/*Test.java', '**/*Tests.java', '**/*TestCase.java'];

/** Which classes with tests a project's test command runs, and which files it keeps for another one. */
export interface Selection {
  /** Names of classes. */
  run: string[];
  /** Paths relative to the project's root. */
  notRun: string[];
}

/** A pattern of Surefire's as one of paths: `%regex[…]` and classes by name are not read, and count as all. */
const asPath = (pattern: string): string =>
  pattern.startsWith('%')
    ? '**'
    : pattern.endsWith('.java') || pattern.includes('/')
      ? pattern
      : `**/${pattern.replaceAll('.', '/')}.java`;

/** Chooses as Maven's Surefire does, by its usual patterns or by those that the answer gives it. */
export function selected(project: Project, pom: Pom | null, found: Prepared): Selection {
  const surefire = pom?.plugins.find(({ artifact }) => artifact === 'maven-surefire-plugin');
  const includes = surefire !== undefined && surefire.includes.length > 0 ? surefire.includes : usual;
  const isIn = picomatch(includes.map(asPath));
  const isOut = picomatch((surefire?.excludes ?? []).map(asPath));
  const withTests = new Set(found.tests.map(({ file }) => file));
  const classes = classesOf(project, sourcesOf(project).test);
  const chosen = [...classes].filter(([, path]) => isIn(path) && !isOut(path));
  const kept = [...withTests].filter((path) => !chosen.some(([, one]) => one === path));
  return { run: chosen.map(([name]) => name), notRun: kept };
}
