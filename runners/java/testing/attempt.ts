import type { CheckContext } from '../../../src/ports/runner.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import { inSandbox } from '../../shared/job.ts';
import type { TestAttempt, TestReport } from '../../shared/testing/report.ts';
import type { Environment } from '../environment.ts';
import { classesOf, sourcesOf } from '../files.ts';
import { hasPlatform, testPathParts } from '../packages.ts';
import { javaEnvironment, jvm } from '../toolchain.ts';
import type { Prepared } from './prepare.ts';
import { interruptedIn, readJavaReport } from './report.ts';
import type { FileOf, JavaCase, JavaReport } from './report.ts';
import { selected } from './selection.ts';

/** Compiled tests to be run once. */
export interface JavaAttempt {
  workspace: string;
  /** Host folder with the compiled classes. */
  classes: string;
  /** What was found in the files by reading them. */
  found: Prepared;
  /** Words that make changed tests fail, and programs be broken. */
  words: readonly string[];
  /** Whether coverage is measured. */
  measures: boolean;
  /** Milliseconds of silence after which the tests are ended; absent for those that must come to their end. */
  quietMs?: number;
}

export interface JavaAttempted extends TestAttempt {
  /** Tests with what only this runner knows of them. */
  cases: readonly JavaCase[];
  /** Host-side copy of what JaCoCo left, in base64; null where there is none. */
  coverage: CoverageData | null;
}

/** What JaCoCo makes of the data that a run left: by code of the answer. */
export type CoverageData = string;

/** The file of a class by its name, of those that the project has. */
export function fileOfClass(context: CheckContext): FileOf {
  const { main, test } = sourcesOf(context.project);
  const files = classesOf(context.project, [...main, ...test]);
  return (type) => files.get(type.replace(/\$.*$/, '')) ?? null;
}

/** The class path of tests: what decides comes before the answer's classes. */
function classPathOf({ packages, toolchain }: Environment): string {
  const { before, after } = testPathParts(packages);
  const junit4 = hasPlatform(packages) ? [] : [toolchain.classPath('vintage')];
  return ['/tools/programs', ...junit4, ...before, '/classes/test', '/classes/main', ...after].join(':');
}

const AGENT = '/tools/repository/org/jacoco/org.jacoco.agent/0.8.15/org.jacoco.agent-0.8.15-runtime.jar';

/** Options for the JVM that the answer sets for its tests; none that loads a program into it. */
function ownOptions({ declared }: Environment): string[] {
  const surefire = declared?.plugins.find(({ artifact }) => artifact === 'maven-surefire-plugin');
  return (surefire?.arguments ?? [])
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => /^(?:-D[\w.]+=\S*|--enable-preview|--add-opens=\S+|-Xmx\d+[mg])$/.test(word));
}

/** Tests that stand in the files that are run, and of which the report says nothing. */
function leftOut(
  context: CheckContext,
  found: Prepared,
  notRun: readonly string[],
  { tests }: JavaReport,
): TestReport['problems'][number][] {
  const reported = new Set(tests.map(({ declared }) => declared));
  const skipped = tests.filter(({ status }) => status === 'skipped').map(({ declared }) => declared);
  // A class that is left out as a whole is reported by its name.
  const isSkipped = (name: string): boolean =>
    skipped.some((one) => name.startsWith(`${one}.`) || name.startsWith(`${one}$`));
  return found.tests
    .filter(({ file, name, runs }) => runs && !notRun.includes(file) && !reported.has(name) && !isSkipped(name))
    .map(({ name, file, line }) => ({
      name,
      file: fromProject(context.project, file),
      line,
      message: 'stands in the test file, and is not in the report: it was left out, or the tests ended before it did',
    }));
}

// RunTests: 0 nothing failed, 1 something did; whatever the answer's code says otherwise
/** Runs compiled tests. */
export function attemptTests(
  context: CheckContext,
  environment: Environment,
  wanted: JavaAttempt,
): Promise<JavaAttempted> {
  const { run, notRun } = selected(context.project, environment.declared, wanted.found);
  const agent = wanted.measures ? [`-javaagent:${AGENT}=destfile=/out/jacoco.exec,output=file`] : [];
  const program = {
    command: [
      'sh',
      '-c',
      // Maven's folder is there when tests are run: frameworks keep things in it.
      'mv /out/input /tmp/classes && mkdir -p target && exec "$@"',
      'sh',
      '/jdk/bin/java',
      ...jvm,
      ...ownOptions(environment),
      ...agent,
      '-cp',
      classPathOf(environment),
      'cupel.RunTests',
      '/out/events',
      '/tmp/classes',
    ],
    mounts: [...environment.mounts, { source: wanted.classes, target: '/classes' }],
    env: { ...javaEnvironment, [wanted.found.variable]: wanted.words.join(' ') },
    input: `${run.join('\n')}\n`,
    results: true,
    workspace: wanted.workspace,
    ...(wanted.quietMs === undefined ? {} : { endsAfter: { file: 'events', quietMs: wanted.quietMs } }),
  };
  return inSandbox(context, program, async ({ execution, result, results }) => {
    const text = await result('events');
    const fileOf = fileOfClass(context);
    const read = readJavaReport(context.project, fileOf, text);
    const interrupted = read === null ? interruptedIn(context.project, fileOf, text) : null;
    const well = read !== null && read.problems.length === 0 && read.tests.every(({ status }) => status !== 'failed');
    const problems =
      read === null ? [] : [...read.problems, ...(well ? leftOut(context, wanted.found, notRun, read) : [])];
    const files = notRun.map((path) => fromProject(context.project, path));
    return {
      execution,
      report: read === null ? null : { tests: read.tests, problems, deselected: [], notRun: files },
      interrupted,
      cases: read?.tests ?? interrupted?.tests ?? [],
      accepted: [0],
      coverage: wanted.measures ? await measured(context, environment, { results, classes: wanted.classes }) : null,
    };
  });
}

// Coverage: 0 it printed its result, 1 the data cannot be read
/** What JaCoCo says of the data of a run, as text; null where there is none that can be read. */
function measured(
  context: CheckContext,
  environment: Environment,
  { results, classes }: { results: string; classes: string },
): Promise<string | null> {
  const program = {
    command: [
      '/jdk/bin/java',
      ...jvm,
      '-cp',
      `/tools/programs:${environment.toolchain.classPath('jacoco')}`,
      'cupel.Coverage',
      '/results/jacoco.exec',
      '/classes/main',
    ],
    mounts: [...environment.mounts, { source: results, target: '/results' }, { source: classes, target: '/classes' }],
    env: javaEnvironment,
    cwd: '/w',
  };
  return inSandbox(context, program, ({ execution }) => (execution.exitCode === 0 ? execution.stdout : null));
}
