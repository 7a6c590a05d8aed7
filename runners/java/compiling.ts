import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution } from '../../src/ports/sandbox.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import { answerPath, finding, inSandbox } from '../shared/job.ts';
import { lineIn } from '../shared/report.ts';
import type { Environment } from './environment.ts';
import { sourcesOf } from './files.ts';
import type { Sources } from './files.ts';
import { compilePath, coordinatesOf, hasPlatform, testPath } from './packages.ts';
import type { Pom } from './pom.ts';
import { javaEnvironment, JAVA } from './toolchain.ts';

/** What compiling left, for as long as it is used. */
export interface Compiled {
  execution: Execution;
  /** Host folder with the classes: `main` and `test`. */
  folder: string;
  /** What javac said of the program, and of its tests; null where it was not started. */
  said: { main: string | null; test: string | null };
}

/** Annotation processors that are often at hand: only with one of them javac looks for any. */
const processing =
  /^(?:lombok|mapstruct-processor|spring-boot-configuration-processor|immutables|value|auto-value|auto-service|record-builder-processor|jmh-generator-annprocess|hibernate-jpamodelgen|picocli-codegen|dagger-compiler|micronaut-inject-java|error_prone_core|log4j-core)$/;

/** The release of the language that the answer asks for, as its number; null where it says none. */
export function releaseOf(pom: Pom | null): string | null {
  if (pom === null) return null;
  const compiler = pom.plugins.find(({ artifact }) => artifact === 'maven-compiler-plugin');
  const { properties } = pom;
  const written =
    compiler?.release ??
    properties['maven.compiler.release'] ??
    compiler?.source ??
    properties['maven.compiler.source'] ??
    properties['java.version'];
  const number = /^(?:1\.)?(\d+)$/.exec(written?.trim() ?? '')?.[1];
  return number ?? null;
}

/** Options of javac that an answer may choose: how names are kept, and what is preview. No path and no program. */
const harmlessOption = /^(?:-parameters|-Xlint(?::[\w,-]+)?|-Werror)$/;

function optionsOf(pom: Pom | null): string[] {
  const release = releaseOf(pom);
  const compiler = pom?.plugins.find(({ artifact }) => artifact === 'maven-compiler-plugin');
  const written = (compiler?.arguments ?? []).filter((argument) => harmlessOption.test(argument));
  return [...(release === null || Number(release) >= Number(JAVA) ? [] : ['--release', release]), ...written];
}

const escaped = (text: string): string => text.replaceAll(/[\\&|]/g, String.raw`\$&`).replaceAll('\n', ' ');

/** What resources refer to (`@project.version@`), where the parent of the answer's pom has it filled in. */
function filterOf(pom: Pom | null): string {
  if (pom?.parent?.artifact !== 'spring-boot-starter-parent' && pom?.filtered !== true) return '';
  return Object.entries(pom.properties)
    .filter(([name, value]) => /^[\w.-]+$/.test(name) && value !== null)
    .map(([name, value]) => `s|@${name.replaceAll('.', String.raw`\.`)}@|${escaped(value ?? '')}|g`)
    .join('; ');
}

interface Wanted {
  sources: Sources;
  workspace: string;
  /** Sources that are added to those of the program. */
  added?: readonly string[];
}

function requestOf(environment: Environment, { sources, added = [] }: Wanted): string {
  const { declared, packages, toolchain } = environment;
  const processors = packages.some((one) => processing.test(coordinatesOf(one).artifact)) ? testPath(packages) : [];
  const junit4 = hasPlatform(packages) ? [] : [toolchain.classPath('vintage')];
  const lines = [
    ...[...sources.main, ...added].map((path) => `main ${path}`),
    ...sources.test.map((path) => `test ${path}`),
    `mainpath ${compilePath(packages).join(':')}`,
    `testpath ${[...testPath(packages), ...junit4].join(':')}`,
    ...(processors.length === 0 ? [] : [`processors ${processors.join(':')}`]),
    ...optionsOf(declared).map((option) => `option ${option}`),
    'resources src/main/resources',
    'testresources src/test/resources',
    ...(filterOf(declared) === '' ? [] : [`filter ${filterOf(declared)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

// compile.sh: 0 compiled, 3 the program does not compile, 4 its tests do not
/** Compiles the program and its tests. No code of the answer is run, but annotation processors of packages are. */
export function compile<T>(
  context: CheckContext,
  environment: Environment,
  wanted: Wanted,
  use: (compiled: Compiled) => Promise<T>,
): Promise<T> {
  const program = {
    command: ['sh', '/cupel/grader/compile.sh'],
    mounts: environment.mounts,
    env: javaEnvironment,
    input: requestOf(environment, wanted),
    results: true,
    workspace: wanted.workspace,
  };
  return inSandbox(context, program, async ({ execution, result, results }) =>
    use({
      execution,
      folder: results,
      said: { main: await result('main.txt'), test: await result('test.txt') },
    }),
  );
}

/** The sources of a project as they are laid out, for `compile`. */
export const asAnswered = (context: CheckContext): Wanted => ({
  sources: sourcesOf(context.project),
  workspace: context.workspace,
});

/** What javac says of lines (`path.java:12: error: text`, `path.java:12: warning: [rule] text`) as findings. */
export function parseJavac(context: Pick<CheckContext, 'project'>, said: string): Finding[] {
  const lines = said.split('\n');
  return lines.flatMap((line, index) => {
    const match = /^(\S.*\.java):(\d+): (error|warning): (?:\[([\w-]+)\] )?(.*)$/.exec(line);
    if (match === null) return [];
    const [, path = '', number, kind, rule, message = ''] = match;
    const details = lines
      .slice(index + 1, index + 6)
      .filter((next) => /^\s+(?:symbol|location|required|found|reason):/.test(next))
      .map((next) => next.trim().replaceAll(/\s+/g, ' '));
    return [
      finding({
        tool: 'javac',
        rule: rule ?? 'compile',
        severity: kind === 'error' ? 'error' : 'warning',
        message: [message, ...details].join('; '),
        file: answerPath(context.project, path),
        line: lineIn(number),
      }),
    ];
  });
}

/** The paths of the files, relative to the project's root, that javac has errors in. */
export function filesWithErrors(context: Pick<CheckContext, 'project'>, said: string): string[] {
  return parseJavac(context, said)
    .filter(({ severity, file }) => severity === 'error' && file !== null)
    .map(({ file }) => withinProject(context.project, file ?? ''));
}
