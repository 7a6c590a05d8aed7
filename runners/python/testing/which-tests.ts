import { posix } from 'node:path';
import type { CheckContext } from '../../../src/ports/runner.ts';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import { isTestModule } from '../files.ts';

const hasUnittestCases = (text: string): boolean =>
  text.split('\n').some((line) => line.startsWith('class ') && line.includes('TestCase')) &&
  /^[ \t]+(?:async )?def test/m.test(text);

const hasTests = ({ path, text }: AnswerFile): boolean =>
  path.endsWith('.py') &&
  (hasUnittestCases(text) || (posix.basename(path) === 'tests.py' && /^(?:async )?def test/m.test(text)));

/** Whether a file holds tests, by its name or by what stands in it. */
export const isTestFile = (file: AnswerFile): boolean => isTestModule(file.path) || hasTests(file);

/** Test files below the project that belong to another one, which runs them. */
export function testsOfOthers({ files, project }: CheckContext): string[] {
  const paths = new Set(project.files.map(({ path }) => path));
  const below = project.root === '.' ? '' : `${project.root}/`;
  return files
    .map(({ path }) => path)
    .filter((path) => path.startsWith(below) && !paths.has(path) && isTestModule(path))
    .map((path) => withinProject(project, path));
}

/**
 * What pytest is to be told where no file is named as it wants it, nor does a configuration say how they are: files
 * with tests, or that doctests are meant.
 */
export function unnamedTests({ project, files }: CheckContext): string[] {
  if (
    project.files.some(({ path, text }) => isTestModule(withinProject(project, path)) || /\bpython_files\b/.test(text))
  )
    return [];
  const withTests = project.files.filter(hasTests).map(({ path }) => withinProject(project, path));
  const saysDoctest =
    files.some(({ path, text }) => !path.endsWith('.py') && /\bdoctest\b/.test(text)) &&
    project.files.some(({ text }) => /^\s*>>> /m.test(text));
  return withTests.length === 0 && saysDoctest ? ['--doctest-modules'] : withTests;
}
