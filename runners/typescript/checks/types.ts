import { quote } from 'shell-quote';
import { notApplicable } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { typesKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { judgeFindings, suppressions } from '../../shared/lint.ts';
import { toolCrashed } from '../../shared/tools.ts';
import { checkingOptions, compilerOf, configurationsOf, hasFile, parseTsc, withoutConfig } from '../compiler.ts';
import { installed } from '../environment.ts';
import { isProgram } from '../files.ts';
import { inside } from '../toolchain.ts';
import { withDeclarations } from '../workspaces/declarations.ts';

/** Program files that the answer's configuration keeps from the compiler: nobody has checked them. */
function unchecked(context: CheckContext, output: string): Finding[] {
  const listed = new Set(output.split('\n').map((line) => answerPath(context.project, line.trim())));
  return context.project.files
    .filter(
      ({ path }) => /\.[cm]?tsx?$/.test(path) && isProgram(withinProject(context.project, path)) && !listed.has(path),
    )
    .map(({ path }) =>
      finding({ tool: 'tsc', rule: 'not-checked', message: 'tsconfig.json leaves this file out', file: path }),
    );
}

/** Nothing is written; nor does the answer ask for what is only about writing, and at odds with that. */
const withoutOutput = [
  '--noEmit',
  ...['incremental', 'composite', 'declarationMap', 'emitDeclarationOnly'].flatMap((name) => [`--${name}`, 'false']),
  '--tsBuildInfoFile',
  'null',
];

/** One command that runs them all, and ends with the status of the last that failed. */
function allOf(commands: readonly string[][]): string[] {
  const [only = []] = commands;
  return commands.length === 1
    ? only
    : ['sh', '-c', `status=0; ${commands.map((words) => `${quote(words)} || status=$?; `).join('')}exit $status`];
}

// tsc: 0 clean, 1 and 2 errors (2: something was emitted all the same)
async function run(context: CheckContext): Promise<Outcome> {
  const files = context.project.files.filter(({ path }) => /\.[cm]?tsx?$/.test(path));
  if (files.length === 0) return notApplicable('no TypeScript file');
  const environment = await installed(context);
  const strict = context.asked.standards.includes('strict') ? ['--strict'] : [];
  const options = [...withoutOutput, '--listFiles', ...checkingOptions(environment), ...strict];
  const ofMembers = Object.keys(environment.declared.members)
    .map((folder) => `${folder}/tsconfig.json`)
    .filter((path) => hasFile(context, path));
  const configurations = hasFile(context, 'tsconfig.json')
    ? (await configurationsOf(context, environment)).map((path) => ['-p', path])
    : ofMembers.length > 0
      ? ofMembers.map((path) => ['-p', path])
      : [withoutConfig(context)];
  const commands = configurations.map((words) => [
    inside.node,
    compilerOf(environment),
    '--pretty',
    'false',
    ...words,
    ...options,
  ]);
  const program = { mounts: environment.mounts, env: environment.env };
  const command = withDeclarations(context, environment, allOf(commands));
  const apart = await inSandbox(context, { ...program, command }, ({ execution }) => execution);
  // TS6305: what one configuration has of another must be built first.
  const together = [
    inside.node,
    compilerOf(environment),
    '--build',
    '--force',
    '--pretty',
    'false',
    '--listFiles',
    ...checkingOptions(environment),
  ];
  const built = parseTsc(context, apart.stdout).some(({ rule }) => rule === 'TS6305');
  const execution = built ? await inSandbox(context, { ...program, command: together }, (ran) => ran.execution) : apart;
  const errors = parseTsc(context, execution.stdout);
  if (execution.exitCode !== 0 && errors.length === 0) toolCrashed('tsc', execution);
  const findings = [...errors, ...(hasFile(context, 'tsconfig.json') ? unchecked(context, execution.stdout) : [])];
  const facts = { files: files.length, suppressions: suppressions(files, /@ts-(?:ignore|nocheck|expect-error)/g) };
  const evidence = {
    ...evidenceOf(execution),
    output: errors.map(({ file, line, rule, message }) => `${file}(${line}): ${rule}: ${message}`).join('\n'),
  };
  return judgeFindings(findings, facts, files.length, [evidence]);
}

/** Do the types hold, for the compiler that the answer chose? */
export const types: Check = {
  ...typesKind,
  question: 'Do the types hold, for the compiler that the answer chose?',
  refinedBy: ['strict'],
  needs: ['dependencies'],
  packages: 'uses',
  cost: 4,
  reads: readsCode,
  run,
};
