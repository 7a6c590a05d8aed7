/** Another program with the tests of an answer. */
import type { AnswerFile, Extraction } from '../../domain/grading/extraction.ts';
import { fromProject, withinProject } from '../../domain/grading/project.ts';
import type { Project } from '../../domain/grading/project.ts';
import type { Runner } from '../../ports/runner.ts';
import { extract } from '../../stages/3-extract/extract.ts';
import { projectsOf } from '../../stages/4-projects/projects.ts';
import type { TestFile } from './speaking.ts';

/** A program with the tests of another answer, ready to be checked. */
export interface Hybrid {
  extraction: Extraction;
  projects: Project[];
}

const fileOf = ({ path, text }: TestFile): AnswerFile => ({
  path,
  text,
  line: 1,
  lines: text.split('\n').map(() => 0),
  namedBy: 'inferred',
});

/**
 * The program of a text in one language, without its own tests and with these. Null where the text has no project of
 * that language, or several, so that nobody can say to which the tests belong.
 */
export function hybridOf(
  text: string,
  runners: readonly Runner[],
  runner: Runner,
  tests: readonly TestFile[],
): Hybrid | null {
  const { files } = extract(text);
  const all = projectsOf(files, runners);
  const [project, ...others] = all.filter(({ language }) => language === runner.language);
  if (project === undefined || others.length > 0) return null;
  const foreign = all.filter(({ language }) => language !== null && language !== runner.language);
  const left = new Set(foreign.flatMap((other) => other.files.map(({ path }) => path)));
  for (const { path } of project.files) if (runner.isTest(withinProject(project, path))) left.add(path);
  const added = tests.map((test) => fileOf({ ...test, path: fromProject(project, test.path) }));
  const kept = files.filter(({ path }) => !left.has(path) && !added.some((one) => one.path === path));
  const together = [...kept, ...added];
  return { extraction: { blocks: [], files: together, flags: [] }, projects: projectsOf(together, runners) };
}
