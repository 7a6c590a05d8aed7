import { posix } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { mapOf, readReport } from '../shared/report.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { isBelow, withinProject } from '../../src/domain/grading/project.ts';

/** Packages by name; none where an answer has something else in their place, of which the dependencies check speaks. */
const packages = mapOf(z.unknown()).catch(() => new Map<string, unknown>());

/** What a package.json says of other packages. */
const manifestSchema = z.object({
  name: z.unknown().optional(),
  workspaces: z.unknown().optional(),
  dependencies: packages,
  devDependencies: packages,
  optionalDependencies: packages,
  peerDependencies: packages,
});

interface Manifest {
  path: string;
  name: unknown;
  workspaces: boolean;
  /** Names of the packages that it asks for. */
  asked: string[];
}

/** A package.json; none where it cannot be read, of which the dependencies check of its project speaks. */
function manifestOf(path: string, text: string): Manifest[] {
  const json = readReport(manifestSchema, text);
  if (json === null) return [];
  const { name, workspaces, ...kinds } = json;
  const requested = Object.values(kinds).flatMap((names) => [...names.keys()]);
  return [{ path, name, workspaces: workspaces !== undefined, asked: requested }];
}

/**
 * Whether a pnpm-workspace.yaml names packages; without any, it holds pnpm's settings. One that can't be read might.
 */
function namesPackages(text: string): boolean {
  try {
    const settings: unknown = parseYaml(text);
    return typeof settings === 'object' && settings !== null && 'packages' in settings;
  } catch {
    return true;
  }
}

/** Folders of a project, relative to its root, that are packages of their own. */
export function packagesWithin({ project, files }: Pick<CheckContext, 'project' | 'files'>): string[] {
  const manifests = files
    .map(({ path }) => path)
    .filter((path) => posix.basename(path) === 'package.json' && isBelow(project.root, path));
  return manifests.map((path) => posix.dirname(withinProject(project, path))).filter((folder) => folder !== '.');
}

/** Why the project can't be installed without other packages of the answer; null when it can. */
export function installedTogether({ project, files }: Pick<CheckContext, 'project' | 'files'>): string | null {
  const manifests = files
    .filter(({ path }) => posix.basename(path) === 'package.json')
    .flatMap(({ path, text }) => manifestOf(path, text));
  const pnpm = files.filter(({ path, text }) => posix.basename(path) === 'pnpm-workspace.yaml' && namesPackages(text));
  const roots = [...manifests.filter(({ workspaces }) => workspaces), ...pnpm];
  const root = roots
    .map(({ path }) => path)
    .find((path) => isBelow(posix.dirname(path), posix.join(project.root, 'package.json')));
  if (root !== undefined) return `${root} makes workspaces of the answer's packages`;
  const manifest = manifests.find(({ path }) => withinProject(project, path) === 'package.json');
  const linked = manifest?.asked.filter((name) => manifests.some((other) => other.name === name)) ?? [];
  return linked.length === 0 ? null : `it depends on packages of the answer (${linked.join(', ')})`;
}
