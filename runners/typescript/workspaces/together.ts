import { posix } from 'node:path';
import { z } from 'zod';
import { mapOf, readReport } from '../../shared/report.ts';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';

/** Packages by name; none where an answer has something else in their place, of which the dependencies check speaks. */
const packages = mapOf(z.unknown()).catch(() => new Map<string, unknown>());

/** What a package.json says of other packages. */
const manifestSchema = z.object({
  name: z.unknown().optional(),
  dependencies: packages,
  devDependencies: packages,
  optionalDependencies: packages,
  peerDependencies: packages,
});

interface Manifest {
  path: string;
  name: unknown;
  /** Names of the packages that it asks for. */
  asked: string[];
}

/** A package.json; none where it cannot be read, of which the dependencies check of its project speaks. */
function manifestOf(path: string, text: string): Manifest[] {
  const json = readReport(manifestSchema, text);
  if (json === null) return [];
  const { name, ...kinds } = json;
  const requested = Object.values(kinds).flatMap((names) => [...names.keys()]);
  return [{ path, name, asked: requested }];
}

/** Why the project can't be installed without other projects of the answer; null when it can. */
export function installedTogether({ project, files }: Pick<CheckContext, 'project' | 'files'>): string | null {
  const manifests = files
    .filter(({ path }) => posix.basename(path) === 'package.json')
    .flatMap(({ path, text }) => manifestOf(path, text));
  const own = new Set(project.files.map(({ path }) => path));
  const others = manifests.filter(({ path }) => !own.has(path));
  const manifest = manifests.find(({ path }) => withinProject(project, path) === 'package.json');
  const linked = manifest?.asked.filter((name) => others.some((other) => other.name === name)) ?? [];
  return linked.length === 0 ? null : `it depends on packages of the answer (${linked.join(', ')})`;
}
