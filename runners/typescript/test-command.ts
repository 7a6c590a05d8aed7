import { quote } from 'shell-quote';
import { fromProject } from '../../src/domain/grading/project.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Program } from '../shared/job.ts';
import type { Environment } from './environment.ts';
import type { StartOptions } from './frameworks/framework.ts';
import { frameworks } from './frameworks/frameworks.ts';
import { programFiles } from './frameworks/patterns.ts';
import { readTestScript } from './test-script.ts';
import type { Framework, TestScript } from './test-script.ts';
import { inside } from './toolchain.ts';

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

/** Runs the project's tests as its own script does, with a report for us. */
export function programOf(
  context: CheckContext,
  environment: Environment,
  name: Framework,
  options: StartOptions = { files: null, measured: true, apart: false },
): Program & { command: string[] } {
  const framework = frameworks[name];
  const script = readTestScript(environment.declared.scripts);
  const node = [...settingsOptions(context, script), ...script.node];
  const words = framework.words(
    context,
    environment,
    { ...script, node },
    { ...options, files: onlyFiles(script, options.files) },
  );
  const started = [inside.node, ...(name === 'node' ? [] : node), ...words];
  const command = framework.countedByNode && options.measured ? countedByNode(started, programFiles(context)) : started;
  const builds = script.builds.map((build) => `${quote([inside.node, 'node_modules/typescript/bin/tsc', ...build])}; `);
  return {
    command: builds.length === 0 ? command : ['sh', '-c', `${builds.join('')}exec "$@"`, 'sh', ...command],
    mounts: environment.mounts,
    env: { ...environment.env, CI: '', ...script.env }, // where CI is set, they write no snapshots, and a new one fails
    results: true,
  };
}
