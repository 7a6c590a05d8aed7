import { withinProject } from '../../src/domain/grading/project.ts';
import type { Project } from '../../src/domain/grading/project.ts';
import { classesOf, sourcesOf } from './files.ts';
import type { Pom } from './pom.ts';

/** How a class looks that a JVM can be started with. */
const startable = /\bpublic\s+static\s+void\s+main\s*\(\s*(?:final\s+)?String\s*(?:\[\s*\]|\.\.\.)/;

/**
 * The main class of a program: the one that pom.xml names, else the only one with a main method, else the only one of
 * those that starts Spring. Null where there is none, or no telling which.
 */
export function mainClassOf(project: Project, pom: Pom | null): string | null {
  const named =
    pom?.properties['start-class'] ??
    pom?.properties['main.class'] ??
    pom?.plugins.find(({ mainClass }) => mainClass !== null)?.mainClass ??
    null;
  if (named !== null && /^[\w.$]+$/.test(named)) return named;
  const texts = new Map(project.files.map(({ path, text }) => [withinProject(project, path), text]));
  const mains = [...classesOf(project, sourcesOf(project).main)].filter(([, path]) =>
    startable.test(texts.get(path) ?? ''),
  );
  const ofSpring = mains.filter(([, path]) => /@SpringBootApplication\b/.test(texts.get(path) ?? ''));
  const [only, second] = mains.length === 1 ? mains : ofSpring;
  return second === undefined ? (only?.[0] ?? null) : null;
}
