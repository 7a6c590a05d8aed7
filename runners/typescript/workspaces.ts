import { posix } from 'node:path';
import type { CheckContext } from '../../src/contract/runner.ts';
import { withinProject } from '../../src/domain/project.ts';

interface Manifest {
  path: string;
  name: unknown;
  workspaces: boolean;
  /** Names of the packages that it asks for. */
  asked: string[];
}

function manifestOf(path: string, text: string): Manifest[] {
  try {
    const json = JSON.parse(text) as Record<string, unknown>;
    const asked = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) => Object.keys(json[kind] ?? {}));
    return [{ path, name: json['name'], workspaces: json['workspaces'] !== undefined, asked }];
  } catch {
    return []; // said by the dependencies check of its project
  }
}

/**
 * Packages of the answer itself that the project's package.json asks for, or those below it where it is the root of workspaces:
 * a package manager would link them from their folders.
 */
export function linkedPackages({ project, files }: Pick<CheckContext, 'project' | 'files'>): string[] {
  const manifests = files.filter(({ path }) => posix.basename(path) === 'package.json').flatMap(({ path, text }) => manifestOf(path, text));
  const own = manifests.find(({ path }) => withinProject(project, path) === 'package.json');
  const asking = own?.workspaces === true ? manifests : manifests.filter((manifest) => manifest === own);
  return [...new Set(asking.flatMap(({ asked }) => asked))].filter((name) => manifests.some((manifest) => manifest.name === name));
}
