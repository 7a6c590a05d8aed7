import type { CheckContext } from '../../src/ports/runner.ts';
import { withinProject } from '../../src/domain/grading/project.ts';

/** A place in the answer: path relative to its root, line from 1; null where unknown. */
export interface Place {
  file: string | null;
  line: number | null;
}

/** The first line of a file of the project that is meant; no line when there is none. */
function lineIn(
  { project }: Pick<CheckContext, 'project'>,
  name: 'go.mod' | 'go.sum',
  isMeant: (line: string) => boolean,
): Place {
  const file = project.files.find(({ path }) => withinProject(project, path) === name);
  const index = file?.text.split('\n').findIndex(isMeant) ?? -1;
  return { file: file?.path ?? null, line: index === -1 ? null : index + 1 };
}

/** The first line of go.mod that holds a text. */
export const lineOf = (context: Pick<CheckContext, 'project'>, text: string): Place =>
  lineIn(context, 'go.mod', (line) => line.includes(text));

/**
 * Where the cause of a message of the resolver's stands: a hash in go.sum, or the module that it names (`path@version`)
 * in go.mod, else the first that is required.
 */
export function placeOf(context: Pick<CheckContext, 'project'>, message: string): Place {
  const hash = /^\s*go\.sum:\s+(\S+)/m.exec(message)?.[1];
  const modules = new Set([...message.matchAll(/(\S+)@v\d/g)].map(([, path = '']) => path));
  const places = [
    ...(hash === undefined ? [] : [lineIn(context, 'go.sum', (line) => line.endsWith(` ${hash}`))]),
    lineIn(
      context,
      'go.mod',
      (line) =>
        line
          .trim()
          .split(/\s+/)
          .some((word) => modules.has(word)) && /\sv\d/.test(line),
    ),
  ];
  return places.find(({ line }) => line !== null) ?? lineOf(context, 'require');
}
