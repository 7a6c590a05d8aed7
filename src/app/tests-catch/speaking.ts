/** Which tests of an answer talk to its program as the contract of the scenario does, and so to any other program. */
import { posix } from 'node:path';
import type { Run } from '../../domain/grading/contract/start.ts';
import type { AnswerFile } from '../../domain/grading/extraction.ts';
import { withinProject } from '../../domain/grading/project.ts';
import type { Project } from '../../domain/grading/project.ts';
import type { Runner } from '../../ports/runner.ts';
import { importsOf } from './imports.ts';
import type { Import } from './imports.ts';

/** A file of tests, or one that tests need. */
export interface TestFile {
  /** Relative to the root of the project. */
  path: string;
  text: string;
}

const interpreters = /^(?:python[\d.]*|node|npx|uv|poetry|run)$/;

/** The words by which a text that starts the program can be told: all of them stand in it. */
export function wordsOfCommand({ command, package: main }: Run): string[] {
  if (main !== undefined) return [posix.basename(main)];
  return (command ?? []).filter((word, index, all) => {
    if (word.includes('{{') || word.startsWith('--') || all[index - 1]?.startsWith('--') === true) return false;
    return index > 0 || !interpreters.test(word);
  });
}

/** The object that the contract names as the program, for languages where tests can import it: `app.main`, `app`. */
function namedObject({ command = [] }: Run): { module: string; name: string } | null {
  for (const word of command) {
    const [, module, name] = /^([\w.]+):(\w+)$/.exec(word) ?? [];
    if (module !== undefined && name !== undefined) return { module, name };
  }
  return null;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

function startsProgram(text: string, run: Run): boolean {
  const starters =
    /\b(?:subprocess|Popen|spawn|spawnSync|exec|execFile|execa|fork|create_subprocess_exec|exec\.Command)\b/;
  const words = wordsOfCommand(run);
  return (
    starters.test(text) &&
    words.length > 0 &&
    words.every((word) => new RegExp(`(?<![\\w.-])${escaped(word)}(?![\\w-])`).test(text))
  );
}

/** The module that a Go project calls itself; empty for others. */
const moduleOf = (project: Project): string =>
  /^module\s+(\S+)/m.exec(project.files.find(({ path }) => posix.basename(path) === 'go.mod')?.text ?? '')?.[1] ?? '';

/** The files of tests of one project, and what of them belongs to the program. */
class Tests {
  readonly #project: Project;
  readonly #run: Run;
  readonly #tests: ReadonlyMap<string, AnswerFile>;
  readonly #program: readonly string[];

  constructor(project: Project, run: Run, { isTest }: Pick<Runner, 'isTest'>) {
    const all = project.files.map((file) => ({ file, path: withinProject(project, file.path) }));
    this.#project = project;
    this.#run = run;
    this.#tests = new Map(all.filter(({ path }) => isTest(path)).map(({ file, path }) => [path, file]));
    this.#program = all.filter(({ path }) => !isTest(path)).map(({ path }) => path);
  }

  /** Whether an import is the object that the contract names. */
  #isNamed({ module, name }: Import): boolean {
    const named = namedObject(this.#run);
    return named !== null && module === named.module && name === named.name;
  }

  /** The file of tests that an import means; `program` where it is the answer's own code, null for anything else. */
  #meaning(wanted: Import): { test: string } | 'program' | null {
    const test = wanted.paths.find((path) => this.#tests.has(path));
    if (test !== undefined) return { test };
    const isProgram = wanted.paths.some((path) =>
      this.#program.some((one) => one === path || one.startsWith(`${path}/`)),
    );
    return isProgram && !this.#isNamed(wanted) ? 'program' : null;
  }

  #text(path: string): string {
    return this.#tests.get(path)?.text ?? '';
  }

  /** What pytest reads for a file without being told to. */
  #around(path: string): string[] {
    const folders = posix.dirname(path).split('/');
    return [
      'conftest.py',
      ...folders.flatMap((_, index) =>
        ['conftest.py', '__init__.py'].map((name) => posix.join(...folders.slice(0, index + 1), name)),
      ),
    ].filter((one) => one !== path && this.#tests.has(one));
  }

  /** A file with all files of tests that it needs; null where one of them needs the answer's own program code. */
  #closure(path: string, seen: ReadonlySet<string> = new Set()): Set<string> | null {
    if (seen.has(path)) return new Set(seen);
    const imports = importsOf(this.#project.language ?? '', this.#text(path), path, moduleOf(this.#project));
    const meanings = imports.map((one) => this.#meaning(one)).filter((one) => one !== null);
    let all = new Set([...seen, path]);
    for (const one of [...meanings, ...this.#around(path).map((test) => ({ test }))]) {
      const more = one === 'program' ? null : this.#closure(one.test, all);
      if (more === null) return null;
      all = more;
    }
    return all;
  }

  /** Go compiles a file of tests together with the program beside it, unless its package has a name of its own. */
  #isInside(path: string): boolean {
    if (this.#project.language !== 'go' || !path.endsWith('.go')) return false;
    const isBeside = this.#program.some((one) => one.endsWith('.go') && posix.dirname(one) === posix.dirname(path));
    return isBeside && !/^package\s+\w+_test\b/m.test(this.#text(path));
  }

  #talks(path: string): boolean {
    const text = this.#text(path);
    const imports = importsOf(this.#project.language ?? '', text, path);
    return startsProgram(text, this.#run) || imports.some((one) => this.#isNamed(one));
  }

  speaking(): Map<string, TestFile[]> {
    const speaking = new Map<string, TestFile[]>();
    for (const path of this.#tests.keys()) {
      const files = this.#isInside(path) ? null : this.#closure(path);
      if (files === null || ![...files].some((one) => this.#talks(one)) || /(^|\/)(conftest|__init__)\.py$/.test(path))
        continue;
      speaking.set(
        path,
        [...files].map((one) => ({ path: one, text: this.#text(one) })),
      );
    }
    return speaking;
  }
}

/**
 * The files of a project's tests that need nothing of the answer's program but what the contract names, and that start
 * it or import the object that it names; each with all that it needs. What they only seem to need nothing of is told by
 * the reference, with which they must pass.
 */
export function speakingTests(project: Project, run: Run, runner: Pick<Runner, 'isTest'>): Map<string, TestFile[]> {
  return new Tests(project, run, runner).speaking();
}
