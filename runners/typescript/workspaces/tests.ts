/** The tests of a workspace whose packages are each tested by a script of their own. */
import { posix } from 'node:path';
import { isBelow } from '../../../src/domain/grading/project.ts';
import type { CheckContext } from '../../../src/ports/runner.ts';
import type { Environment } from '../environment.ts';
import { readTestScript } from '../test-script.ts';

/** One package of a workspace, as if it were a project of its own. */
export interface TestedMember {
  folder: string;
  context: CheckContext;
  environment: Environment;
}

/** The project that a package of a workspace would be by itself. */
function alone(context: CheckContext, environment: Environment, folder: string): TestedMember {
  const root = posix.join(context.project.root, folder);
  const files = context.project.files.filter(({ path }) => isBelow(root, path));
  const declared = { ...environment.declared, scripts: environment.declared.memberScripts[folder] ?? {} };
  return {
    folder,
    context: { ...context, project: { ...context.project, root, files } },
    environment: { ...environment, declared },
  };
}

/**
 * The packages that are tested by scripts of their own; none where the root's script starts a framework itself, which
 * runs the tests of all.
 */
export function testedMembers(context: CheckContext, environment: Environment): TestedMember[] {
  const { scripts, memberScripts } = environment.declared;
  const { framework, inEach } = readTestScript(scripts);
  if (framework !== null || (scripts['test'] !== undefined && !inEach)) return [];
  return Object.keys(memberScripts)
    .filter((folder) => memberScripts[folder]?.['test'] !== undefined)
    .map((folder) => alone(context, environment, folder));
}
