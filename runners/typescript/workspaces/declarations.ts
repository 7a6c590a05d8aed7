/** Types of a workspace's packages, which others look up in what is built of them. */
import { quote } from 'shell-quote';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { compilerOf, hasFile } from '../compiler.ts';
import type { Environment } from '../environment.ts';
import { inside } from '../toolchain.ts';

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** Names of the packages that a manifest asks for. */
const asked = (manifest: Readonly<Record<string, unknown>>): string[] =>
  kinds.flatMap((kind) => {
    const packages = manifest[kind];
    return typeof packages === 'object' && packages !== null ? Object.keys(packages) : [];
  });

/** The folders of a workspace's packages, each after those that it asks for; in a circle as they stand. */
export function inOrder(members: Environment['declared']['members']): string[] {
  const folderOf = new Map(Object.entries(members).map(([folder, { name }]) => [name, folder]));
  const ordered = new Set<string>();
  const visit = (folder: string, above: readonly string[]): void => {
    if (ordered.has(folder) || above.includes(folder)) return;
    for (const name of asked(members[folder] ?? {})) {
      const other = folderOf.get(name);
      if (other !== undefined) visit(other, [...above, folder]);
    }
    ordered.add(folder);
  };
  for (const folder of Object.keys(members)) visit(folder, []);
  return [...ordered];
}

/**
 * A command after another one that has the compiler write the types of a workspace's packages; as it is in other
 * projects. No script of the answer is run for it, and what goes wrong in it is for the checks to say.
 */
export function withDeclarations(
  context: Pick<CheckContext, 'project'>,
  environment: Environment,
  command: readonly string[],
): string[] {
  const { members } = environment.declared;
  const compiler = [inside.node, compilerOf(environment)];
  const folders = inOrder(members).filter((folder) => hasFile(context, `${folder}/tsconfig.json`));
  if (folders.length === 0) return [...command];
  const together = hasFile(context, 'tsconfig.json') ? [[...compiler, '--build', '--force']] : [];
  const apart = folders.map((folder) => [...compiler, '-p', folder, '--declaration', '--noEmit', 'false']);
  const builds = [...together, ...apart].map((words) => `${quote(words)} > /dev/null 2>&1; `);
  return ['sh', '-c', `${builds.join('')}exec "$@"`, 'sh', ...command];
}
