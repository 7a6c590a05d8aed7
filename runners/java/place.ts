import { withinProject } from '../../src/domain/grading/project.ts';
import type { CheckContext } from '../../src/ports/runner.ts';

/** A place in the answer: path relative to its root, line from 1; null where unknown. */
export interface Place {
  file: string | null;
  line: number | null;
}

/** The first line of pom.xml that holds a text; no line when there is none. */
export function lineOf({ project }: Pick<CheckContext, 'project'>, text: string): Place {
  const file = project.files.find(({ path }) => withinProject(project, path) === 'pom.xml');
  const index = file?.text.split('\n').findIndex((line) => line.includes(text)) ?? -1;
  return { file: file?.path ?? null, line: index === -1 ? null : index + 1 };
}

/** A line of pom.xml by its number. */
export function placeAt({ project }: Pick<CheckContext, 'project'>, line: number | null): Place {
  const file = project.files.find(({ path }) => withinProject(project, path) === 'pom.xml');
  return { file: file?.path ?? null, line };
}
