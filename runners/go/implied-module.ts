import { posix } from 'node:path';
import type { Project } from '../../src/domain/grading/project.ts';
import { withinProject } from '../../src/domain/grading/project.ts';

const importing = /^\s*(?:import\s+)?(?:[\w.]+\s+)?"([\w.~/-]+)"\s*(?:\/\/.*)?$/;

/** What a file imports, by the look of its lines; a string on a line of its own looks so, too. */
export function importsIn(text: string): { path: string; line: number }[] {
  return text.split('\n').flatMap((line, index) => {
    const path = importing.exec(line)?.[1];
    return path === undefined ? [] : [{ path, line: index + 1 }];
  });
}

/** First parts of the standard library's paths: a folder `json` is not what `encoding/json` means. */
const standard = new Set(
  (
    'archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go hash html image index io iter log ' +
    'maps math mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync syscall testing text time unicode unique unsafe weak'
  ).split(' '),
);

/**
 * The module that the code of a project without a go.mod takes itself for: what its imports put before the project's
 * own folders (`myapp/internal/sums` in an answer with `internal/sums`: `myapp`). Null when they say nothing, or
 * several things.
 */
export function impliedModule(project: Project): string | null {
  const sources = project.files
    .filter(({ path }) => path.endsWith('.go'))
    .map(({ path, text }) => ({ folder: posix.dirname(withinProject(project, path)), text }));
  const folders = [...new Set(sources.map(({ folder }) => folder))].filter((folder) => folder !== '.');
  const imports = [...new Set(sources.flatMap(({ text }) => importsIn(text).map(({ path }) => path)))].filter(
    (path) => !standard.has(path.split('/')[0] ?? ''),
  );
  const names = new Set(
    imports.flatMap((path) =>
      folders.filter((folder) => path.endsWith(`/${folder}`)).map((folder) => path.slice(0, -folder.length - 1)),
    ),
  );
  // Where folders end alike (`a/b` and `b`), the name that explains more is right.
  const explained = [...names].map((name) => ({
    name,
    count: imports.filter((path) => folders.some((folder) => path === `${name}/${folder}`)).length,
  }));
  const [first, second] = explained.toSorted((a, b) => b.count - a.count);
  return first === undefined || first.count === second?.count ? null : first.name;
}
