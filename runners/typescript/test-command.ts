import { quote } from 'shell-quote';
import { fromProject } from '../../src/domain/grading/project.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { insideRoot } from '../shared/job.ts';
import type { Program } from '../shared/job.ts';
import type { Environment } from './environment.ts';
import type { StartOptions } from './frameworks/framework.ts';
import { frameworks } from './frameworks/frameworks.ts';
import { frameworkOf } from './framework-choice.ts';
import { programFiles } from './frameworks/patterns.ts';
import { readTestScript } from './test-script.ts';
import type { Framework, TestScript } from './test-script.ts';
import { inside } from './toolchain.ts';
import { testedMembers } from './workspaces/tests.ts';
import type { TestedMember } from './workspaces/tests.ts';

/** Where Node.js writes what it counted, in the sandbox's own /tmp. */
const COUNTED = '/tmp/counted';

/** Test files to run, where the script itself names none and runs what is in the answer; else all are. */
function onlyFiles(script: TestScript, files: readonly string[] | null): readonly string[] | null {
  return files === null || script.arguments.length > 0 || script.builds.length > 0 ? null : files;
}

/** Options of Node for the files of settings that the script names and the answer has; the last one decides. */
function settingsOptions(context: CheckContext, script: TestScript): string[] {
  const isThere = (file: string): boolean =>
    context.files.some(({ path }) => path === fromProject(context.project, file));
  return script.envFiles
    .filter(isThere)
    .toReversed()
    .map((file) => `--env-file=${file}`);
}

/** A command that Node.js counts the lines of, followed by what makes a report of it; its status is the command's. */
export function countedByNode(command: readonly string[], files: readonly string[]): string[] {
  const report = [inside.node, `${inside.assets}/grader/reports/v8-coverage.cjs`, COUNTED, JSON.stringify(files)];
  const script = `NODE_V8_COVERAGE=${COUNTED} "$@"; status=$?; NODE_OPTIONS= ${quote(report)} || exit 70; exit $status`;
  return ['sh', '-c', script, 'sh', ...command];
}

/** Programs of the toolchain that builds start, by the names that scripts have for them. */
const own: Readonly<Record<string, string[]>> = {
  tsc: [inside.node, 'node_modules/typescript/bin/tsc'],
  node: [inside.node],
  npm: [inside.node, inside.npm],
};

/** What builds before the tests, in the words of a shell; how it ends is for `build` to say. */
function buildsOf({ builds }: TestScript): string {
  // Lines of what was compiled are told from maps.
  const maps = (program: string, words: readonly string[]): string[] =>
    program === 'tsc' && !words.some((word) => /^(?:-b|--build)$/.test(word)) ? ['--sourceMap'] : [];
  return builds
    .map(([program = '', ...rest]) => quote([...(own[program] ?? [program]), ...rest, ...maps(program, rest)]))
    .map((command) => `${command}; `)
    .join('');
}

/** What a project's script starts in the folder of its package.json, in words that a shell reads. */
function startedBy(context: CheckContext, environment: Environment, name: Framework, options: StartOptions): string[] {
  const framework = frameworks[name];
  const script = readTestScript(environment.declared.scripts);
  const node = [...settingsOptions(context, script), ...script.node];
  const given = { ...options, files: onlyFiles(script, options.files) };
  const words = framework.words(context, environment, { ...script, node }, given);
  const started = [inside.node, ...(name === 'node' ? [] : node), ...words];
  const command = framework.countedByNode && options.measured ? countedByNode(started, programFiles(context)) : started;
  return script.builds.length === 0 ? command : ['sh', '-c', `${buildsOf(script)}exec "$@"`, 'sh', ...command];
}

/** The tests of each package of a workspace, one after another, and their reports put together. */
function startedInEach(
  context: CheckContext,
  environment: Environment,
  members: readonly TestedMember[],
  options: StartOptions,
): string[] {
  const modules = `${insideRoot(context.project)}/node_modules/`;
  const parts = members.map((member, index) => {
    const { folder } = member;
    const { env } = readTestScript(member.environment.declared.scripts);
    const framework = frameworkOf(member.context, member.environment);
    const words = startedBy(member.context, member.environment, framework, { ...options, files: null });
    // What is installed is installed once, at the root.
    const placed = words.map((word) => word.replaceAll(/(^| |')node_modules\//g, `$1${modules}`));
    const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`);
    const moved = `mkdir /out/${index}; mv /out/report.json /out/coverage /out/${index}/ 2> /dev/null;`;
    return `(cd ${quote([folder])} && ${quote(['env', ...settings, ...placed])}) || status=1; ${moved}`;
  });
  const together = quote([inside.node, `${inside.assets}/grader/reports/together.cjs`, String(members.length)]);
  const builds = buildsOf(readTestScript(environment.declared.scripts));
  return ['sh', '-c', `${builds}status=0; ${parts.join(' ')} ${together} || exit 70; exit $status`];
}

/** Runs the project's tests as its own script does, with a report for us. */
export function programOf(
  context: CheckContext,
  environment: Environment,
  name: Framework,
  options: StartOptions = { files: null, measured: true, apart: false },
): Program & { command: string[] } {
  const members = testedMembers(context, environment);
  const command =
    members.length === 0
      ? startedBy(context, environment, name, options)
      : startedInEach(context, environment, members, options);
  const { env } = readTestScript(environment.declared.scripts);
  return {
    command,
    mounts: environment.mounts,
    env: { ...environment.env, CI: '', ...env }, // where CI is set, they write no snapshots, and a new one fails
    results: true,
  };
}
