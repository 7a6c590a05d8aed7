import { errored, failed, passed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { counted } from '../../../src/formats/words.ts';
import { buildKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { endOf, evidenceOf } from '../../shared/evidence.ts';
import { finding, inSandbox } from '../../shared/job.ts';
import { compilerOf, configurationsOf, hasFile, parseTsc, withoutConfig } from '../compiler.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import { readDeclared } from '../declared.ts';
import { isTypeScript } from '../files.ts';
import { installed } from '../environment.ts';
import type { Environment } from '../environment.ts';
import { inside } from '../toolchain.ts';

/** What the compiler is told where there is no build script. */
async function compilerWords(context: CheckContext, environment: Environment): Promise<string[]> {
  const output = ['--outDir', '/tmp/built'];
  if (!hasFile(context, 'tsconfig.json')) return [...output, ...withoutConfig(context)];
  const [first] = await configurationsOf(context, environment);
  return first === 'tsconfig.json' ? [...output, '-p', first] : ['--build', '--force'];
}

/** How a shell says that a package manager is not there. */
const noManager = /\b(pnpm|pnpx|yarn|bunx?): (?:command )?not found/;

// npm run: the script's own status (127: a program is not there); tsc: 0 built, 1 and 2 errors
async function run(context: CheckContext): Promise<Outcome> {
  const environment = await installed(context);
  const { scripts, memberScripts } = environment.declared;
  // A workspace may leave it to its packages.
  const [ofMember] = Object.values(memberScripts).flatMap((of) => of['build'] ?? []);
  const script = scripts['build'] ?? ofMember;
  const inEach = scripts['build'] === undefined;
  const command =
    script === undefined
      ? [inside.node, compilerOf(environment), ...(await compilerWords(context, environment)), '--pretty', 'false']
      : [inside.node, inside.npm, 'run', '--silent', 'build', ...(inEach ? ['--workspaces', '--if-present'] : [])];
  return inSandbox(context, { command, mounts: environment.mounts, env: environment.env }, ({ execution }) => {
    const details = { facts: { script: script ?? 'tsc' }, evidence: [evidenceOf(execution)] };
    if (execution.exitCode === 0 && execution.limit === null) return passed(details);
    const manager = execution.exitCode === 127 ? noManager.exec(execution.stderr)?.[1] : undefined;
    if (manager !== undefined)
      return errored({ ...details, reason: `the build is started by ${manager}, and Cupel has npm` });
    const errors = parseTsc(context, execution.stdout);
    const output = (execution.stderr.trim() || execution.stdout.trim()).slice(-1500);
    const findings = errors.length > 0 ? errors : [finding({ tool: 'build', rule: 'build-failed', message: output })];
    return failed({
      ...details,
      findings,
      reason: errors.length > 0 ? counted(errors.length, 'error') : `the build ${endOf(execution)}`,
    });
  });
}

/** Does it build, by its own build script where it has one? */
export const build: Check = {
  ...buildKind,
  question: 'Does it build, by its own build script where it has one?',
  notAsked: ({ project }) => {
    const { scripts, memberScripts } = readDeclared(project);
    const hasScript = [scripts, ...Object.values(memberScripts)].some((of) => of['build'] !== undefined);
    const compiled = project.files.some(({ path }) => isTypeScript(withinProject(project, path)));
    return hasScript || compiled || project.files.length === 0 ? null : 'plain JavaScript without a build script';
  },
  needs: ['dependencies'],
  packages: 'uses',
  cost: 5,
  reads: readsCode,
  run,
};
