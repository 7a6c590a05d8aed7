import semver from 'semver';
import { z } from 'zod';
import type { Finding } from '../../src/domain/grading/finding.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { answerPath, finding, inSandbox } from '../shared/job.ts';
import { lineIn, listOf } from '../shared/report.ts';
import { toolCrashed, toolReport } from '../shared/tools.ts';
import type { Environment } from './environment.ts';
import { inside } from './toolchain.ts';

/** The compiler's lines (`path(line,column): error TS2339: text`, or without a place) as findings. */
export function parseTsc(context: Pick<CheckContext, 'project'>, output: string): Finding[] {
  return [...output.matchAll(/^(?:(\S[^\n(]*)\((\d+),\d+\): )?error (TS\d+): (.*)$/gm)].map((match) =>
    finding({
      tool: 'tsc',
      rule: match[3] ?? 'TS',
      message: match[4] ?? '',
      file: match[1] === undefined ? null : answerPath(context.project, match[1]),
      line: lineIn(match[2]),
    }),
  );
}

/** Version of the compiler that the answer installed, null when it installed none. */
function ownVersion(environment: Environment): string | null {
  const compiler = environment.packages.find((name) => name.startsWith('typescript@'));
  return compiler === undefined ? null : compiler.slice('typescript@'.length);
}

/** The answer's compiler when it installed one, else the toolchain's. */
export function compilerOf(environment: Environment): string {
  return ownVersion(environment) === null ? inside.tsc : 'node_modules/typescript/bin/tsc';
}

/** An answer must not switch off what decides about it. Compilers before 5.6 know no `noCheck`. */
export function checkingOptions(environment: Environment): string[] {
  const version = ownVersion(environment);
  return version === null || semver.gte(version, '5.6.0') ? ['--noCheck', 'false'] : [];
}

export function hasFile(context: Pick<CheckContext, 'project'>, name: string): boolean {
  return context.project.files.some(({ path }) => withinProject(context.project, path) === name);
}

/** Paths of the configurations by which the compiler sees the project: tsconfig.json, or those that it refers to. */
export async function configurationsOf(context: CheckContext, environment: Environment): Promise<string[]> {
  const configuration = context.project.files.find(
    ({ path }) => withinProject(context.project, path) === 'tsconfig.json',
  );
  if (configuration?.text.includes('"references"') !== true) return ['tsconfig.json'];
  const command = [inside.node, `${inside.assets}/grader/configurations.cjs`];
  return inSandbox(context, { command, mounts: environment.mounts }, ({ execution }) => {
    if (execution.exitCode !== 0) toolCrashed('reading tsconfig.json', execution);
    const paths = toolReport('reading tsconfig.json', listOf(z.string()), execution);
    return paths.length === 0 ? ['tsconfig.json'] : paths;
  });
}

/** What the compiler is told when the answer has no tsconfig.json: usual options, and every source file. */
export function withoutConfig(context: Pick<CheckContext, 'project'>): string[] {
  const files = context.project.files
    .map(({ path }) => withinProject(context.project, path))
    .filter((path) => /\.[cm]?tsx?$/.test(path));
  return ['--strict', '--skipLibCheck', '--esModuleInterop', '--module', 'nodenext', '--target', 'es2022', ...files];
}
