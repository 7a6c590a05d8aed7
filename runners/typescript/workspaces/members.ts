/** Packages of a workspace: npm, yarn and pnpm install them together. */
import { posix } from 'node:path';
import picomatch from 'picomatch';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import { fromProject, isBelow, withinProject } from '../../../src/domain/grading/project.ts';
import type { Project } from '../../../src/domain/grading/project.ts';
import { listOf, mapOf, readReport } from '../../shared/report.ts';

type Files = readonly Pick<AnswerFile, 'path' | 'text'>[];

const patternsSchema = z.union([
  listOf(z.string()),
  z.object({ packages: listOf(z.string()) }).transform((of) => of.packages),
]);
const rootSchema = z.object({ workspaces: patternsSchema.optional().catch(undefined) });

const versions = mapOf(z.string()).catch(() => new Map<string, string>());

/** What a pnpm-workspace.yaml says of packages and of versions that they share. */
const pnpmSchema = z.object({
  packages: listOf(z.string()).catch([]).default([]),
  catalog: versions.optional(),
  catalogs: mapOf(versions)
    .catch(() => new Map<string, Map<string, string>>())
    .optional(),
});
type Pnpm = z.infer<typeof pnpmSchema>;

/** The pnpm-workspace.yaml in a folder; null where there is none that can be read. */
export function pnpmWorkspace(files: Files, folder: string): Pnpm | null {
  const file = files.find(({ path }) => path === posix.join(folder, 'pnpm-workspace.yaml'));
  if (file === undefined) return null;
  try {
    return pnpmSchema.safeParse(parseYaml(file.text, { mapAsMap: false })).data ?? null;
  } catch {
    return null;
  }
}

/** Patterns for the folders of packages that a folder makes a workspace of. */
function patternsIn(files: Files, folder: string): string[] {
  const manifest = files.find(({ path }) => path === posix.join(folder, 'package.json'));
  const own = readReport(rootSchema, manifest?.text ?? null)?.workspaces ?? [];
  return [...own, ...(pnpmWorkspace(files, folder)?.packages ?? [])].map((pattern) =>
    pattern.replace(/^\.\/|\/$/g, ''),
  );
}

/** Whether a folder, relative to that of the workspace, is one of its packages: a pattern with `!` takes one out. */
function isSelected(patterns: readonly string[], folder: string): boolean {
  const [out, taken] = [patterns.filter((one) => one.startsWith('!')), patterns.filter((one) => !one.startsWith('!'))];
  return (
    picomatch.isMatch(folder, taken) &&
    !(
      out.length > 0 &&
      picomatch.isMatch(
        folder,
        out.map((one) => one.slice(1)),
      )
    )
  );
}

/** The folders above a path, the nearest first. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let at = posix.dirname(path); at !== '.'; at = posix.dirname(at)) folders.push(posix.dirname(at));
  return folders;
}

/** Whether a package.json (path relative to the answer's root) is that of a package of a workspace above it. */
export function isMember(path: string, files: Files): boolean {
  return foldersAbove(path).some((folder) => {
    const patterns = patternsIn(files, folder);
    return patterns.length > 0 && isSelected(patterns, withinProject({ root: folder }, posix.dirname(path)));
  });
}

const nameSchema = z.object({ name: z.string().optional(), version: z.string().optional() });

/** One package of a workspace. */
export interface Member {
  /** Relative to the project's root. */
  folder: string;
  name: string;
  version: string;
  file: AnswerFile;
}

/** The packages of a project that is a workspace. A package without a name has its folder's. */
export function membersOf(project: Project): Member[] {
  return project.files
    .filter(({ path }) => posix.basename(path) === 'package.json' && path !== fromProject(project, 'package.json'))
    .map((file) => {
      const folder = posix.dirname(withinProject(project, file.path));
      const { name = posix.basename(folder), version = '0.0.0' } = readReport(nameSchema, file.text) ?? {};
      return { folder, name, version, file };
    });
}

/** Folders of a project, relative to its root, that are projects of their own. */
export function packagesWithin({ project, files }: { project: Project; files: readonly AnswerFile[] }): string[] {
  const own = new Set(project.files.map(({ path }) => path));
  return files
    .map(({ path }) => path)
    .filter((path) => posix.basename(path) === 'package.json' && isBelow(project.root, path) && !own.has(path))
    .map((path) => posix.dirname(withinProject(project, path)))
    .filter((folder) => folder !== '.');
}
