import picomatch from 'picomatch';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import { isProgram } from '../files.ts';
import { GLOB } from '../script-commands.ts';

const globSafe = (path: string): string => path.replaceAll(/[[\](){}!*?+@]/g, '\\$&');

/**
 * A file as patterns for a framework that begins wherever the answer's configuration has its root: at the project,
 * above or below.
 */
function fromAnyRoot(path: string): string[] {
  const parts = path.split('/');
  const below = parts.map((_, depth) => parts.slice(depth).join('/'));
  return ['', '../', '../../'].flatMap((up) => below.map((rest) => globSafe(`${up}${rest}`)));
}

/** The files of the program, by paths relative to the project's root. */
export function programFiles({ project }: Pick<CheckContext, 'project'>): string[] {
  return project.files.map((file) => withinProject(project, file.path)).filter(isProgram);
}

/** The same as patterns for what coverage is measured of. */
export function programPatterns(context: Pick<CheckContext, 'project'>): string[] {
  return programFiles(context).flatMap(fromAnyRoot);
}

/** Words with files in the place of patterns, as a shell puts them there; a pattern for none stays. */
export function expanded(words: readonly string[], { project }: Pick<CheckContext, 'project'>): string[] {
  const paths = project.files.map(({ path }) => withinProject(project, path));
  return words.flatMap((word) => {
    if (!word.startsWith(GLOB)) return [word];
    const pattern = word.slice(GLOB.length);
    const fitting = paths.filter((path) => picomatch.isMatch(path, pattern.replace(/^\.\//, '')));
    return fitting.length === 0 ? [pattern] : fitting.toSorted();
  });
}
