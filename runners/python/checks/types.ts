import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import type { Project } from '../../../src/domain/grading/project.ts';
import { typesKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { inSandbox } from '../../shared/job.ts';
import type { Program } from '../../shared/job.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { judgeFindings, suppressions } from '../../shared/lint.ts';
import { toolCrashed, toolMissing } from '../../shared/tools.ts';
import { installed } from '../environment.ts';
import { ownPackage } from '../own-package.ts';
import { searchPaths } from '../settings.ts';
import { typeCheckerFor } from '../type-checkers.ts';
import type { TypeChecker } from '../type-checkers.ts';

/** Stubs (`app.pyi`) that would take the module beside them from the type checker, relative to the project's root. */
function stubsBesideModules(project: Project): string[] {
  const paths = project.files.map(({ path }) => withinProject(project, path));
  return paths.filter((path) => path.endsWith('.pyi') && paths.includes(path.slice(0, -1)));
}

/** A command that first removes files from its copy of the project. */
function withoutFiles(paths: readonly string[], command: readonly string[]): readonly string[] {
  if (paths.length === 0) return command;
  const remove = 'while [ "$1" != -- ]; do rm -f "./$1"; shift; done; shift; exec "$@"';
  return ['sh', '-c', remove, 'sh', ...paths, '--', ...command];
}

/**
 * How many findings the answer's own configuration yields: reported, never decisive. Null when it has none or when it
 * does not work.
 */
async function ownFindings(
  context: CheckContext,
  checker: TypeChecker,
  program: Omit<Program, 'command'>,
): Promise<number | null> {
  if (!checker.configuredBy(context.project)) return null;
  return inSandbox(
    context,
    { ...program, command: checker.command('own') },
    ({ execution }) => checker.parse(context, execution)?.length ?? null,
  );
}

async function run(context: CheckContext): Promise<Outcome> {
  const environment = await installed(context);
  const checker = typeCheckerFor(context);
  const mounts = [...environment.mounts, ...(await checker.mounts(context))];
  const program = {
    mounts,
    env: { MYPYPATH: [...new Set([...ownPackage(context).roots, ...searchPaths(context.project)])].join(':') },
  };
  const byOwnConfiguration = await ownFindings(context, checker, program);
  const command = withoutFiles(stubsBesideModules(context.project), checker.command('ours'));
  return inSandbox(context, { ...program, command }, ({ execution }) => {
    toolMissing(checker.name, execution);
    const findings = checker.parse(context, execution) ?? toolCrashed(checker.name, execution);
    const files = context.project.files.filter((file) => /\.pyi?$/.test(file.path));
    const facts = {
      checker: checker.name,
      files: files.length,
      own_findings: byOwnConfiguration,
      suppressions: suppressions(files, /#\s*(?:type:\s*ignore|pyright:)/g),
    };
    return judgeFindings(findings, facts, files.length, [
      { ...evidenceOf(execution), ...(checker.name === 'pyright' ? { output: execution.stderr } : {}) },
    ]);
  });
}

/** Do the types hold? */
export const types: Check = {
  ...typesKind,
  question: 'Do the types hold?',
  standards: ['types', 'mypy', 'pyright'],
  configurations: ['mypy.ini', 'pyrightconfig.json'],
  needs: ['dependencies'],
  packages: 'uses',
  cost: 4,
  reads: readsCode,
  run,
};
