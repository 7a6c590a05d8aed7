import { posix } from 'node:path';
import type { AnswerFile } from '../../domain/grading/extraction.ts';
import type { Project } from '../../domain/grading/project.ts';
import { isBelow, withinProject } from '../../domain/grading/project.ts';

/** What has to be known of a language to find its projects. */
export interface LanguageTraits {
  language: string;
  /** Endings of source files. */
  extensions: readonly string[];
  /** Names of the files whose folder is a project's root. */
  manifests: readonly string[];
  /** Those of them that only list packages, and may do so for a part of a project. */
  lists?: readonly string[];
  /** Whether a source file is test code (path relative to the project's root). */
  isTest(path: string): boolean;
  /**
   * Whether a manifest (path relative to the answer's root) belongs to the project of one above it, where there is one.
   * `files` are all of the answer.
   */
  subordinate(path: string, files: readonly AnswerFile[]): boolean;
  /** Whether a file that is no source file belongs to the project (path relative to the project's root). */
  owns(path: string): boolean;
  /** Names that a top folder for the language usually has. */
  folders: readonly string[];
  /**
   * Where another language has the same endings: whether a project with these sources (paths relative to the answer's
   * root) is of this one.
   */
  takes?(paths: readonly string[]): boolean;
}

const isSource = (traits: LanguageTraits, path: string): boolean =>
  traits.extensions.some((ending) => path.endsWith(ending));

/** Configuration of a tool that is written as code: `eslint.config.mjs`, `.prettierrc.cjs`, `vitest.workspace.ts`. */
const isConfiguration = (path: string): boolean =>
  /^(?:\.[\w-]+rc|[\w.-]+\.config|vitest\.workspace)\.[cm]?[jt]s$/.test(posix.basename(path));

/** The deepest of some roots that a path is below; null when it is below none. */
function deepest(roots: readonly string[], path: string): string | null {
  const candidates = roots.filter((root) => isBelow(root, path));
  return candidates.sort((a, b) => b.length - a.length)[0] ?? null;
}

/**
 * Without a manifest: the folder that all its sources are in when it is named after the language or has its
 * configuration, else the answer's root.
 */
function assumedRoot(traits: LanguageTraits, sources: readonly AnswerFile[], files: readonly AnswerFile[]): string {
  const top = sources[0]?.path.split('/')[0] ?? '.';
  if (!sources.every(({ path }) => path.startsWith(`${top}/`))) return '.';
  const configured = files.some(
    ({ path }) =>
      path.startsWith(`${top}/`) && !isSource(traits, path) && traits.owns(withinProject({ root: top }, path)),
  );
  return configured || traits.folders.includes(top) ? top : '.';
}

/**
 * Without the roots of mere lists of packages that belong together: those of code without tests, where others hold
 * tests without code.
 */
function withoutParts(
  traits: LanguageTraits,
  roots: readonly string[],
  manifests: readonly string[],
  sources: readonly AnswerFile[],
): string[] {
  const isList = (root: string): boolean =>
    manifests
      .filter((path) => posix.dirname(path) === root)
      .every((path) => traits.lists?.includes(posix.basename(path)) === true);
  const partOf = (root: string | null): { code: boolean; tests: boolean } => {
    const areTests = sources.filter(({ path }) => deepest(roots, path) === root).map(({ path }) => traits.isTest(path));
    return { code: areTests.includes(false), tests: areTests.includes(true) };
  };
  const parts = [null, ...roots.filter(isList)].map((root) => ({ root, ...partOf(root) }));
  const isSplit = parts.some(({ code, tests }) => code && !tests) && parts.some(({ code, tests }) => tests && !code);
  const incomplete = parts.filter(({ code, tests }) => code !== tests).map(({ root }) => root);
  return isSplit ? roots.filter((root) => !incomplete.includes(root)) : [...roots];
}

function rootsOf(traits: LanguageTraits, files: readonly AnswerFile[]): string[] {
  const all = files.filter(({ path }) => isSource(traits, path));
  // Configuration of tools makes no project, unless there is nothing else.
  const code = all.filter(({ path }) => !isConfiguration(path));
  const sources = code.length > 0 ? code : all;
  const manifests = files.filter(({ path }) => traits.manifests.includes(posix.basename(path))).map(({ path }) => path);
  const isApart = (path: string): boolean =>
    !traits.subordinate(path, files) ||
    !manifests.some((other) => posix.dirname(other) !== posix.dirname(path) && isBelow(posix.dirname(other), path));
  const declared = manifests.filter(isApart).map((path) => posix.dirname(path));
  // A manifest makes no project when no source is its own: none is below it (docs/requirements.txt), or all have one
  // that is nearer.
  const usedRoots = [...new Set(declared)].filter((root, _index, every) =>
    sources.some(({ path }) => deepest(every, path) === root),
  );
  const roots = withoutParts(traits, usedRoots, manifests, sources);
  const orphans = sources.filter(({ path }) => deepest(roots, path) === null);
  if (orphans.length === 0) return roots;
  const assumed = assumedRoot(traits, orphans, files);
  return roots.includes(assumed) ? roots : [...roots, assumed];
}

/** Whether the project at a root is of a language, and not of another one that has the same endings. */
function isTaken(
  traits: LanguageTraits,
  root: string,
  roots: readonly string[],
  files: readonly AnswerFile[],
  languages: readonly LanguageTraits[],
): boolean {
  const paths = files.map(({ path }) => path).filter((path) => deepest(roots, path) === root);
  return (
    (traits.takes?.(paths) ?? true) || !languages.some((other) => other !== traits && other.takes?.(paths) === true)
  );
}

/**
 * Sorts the files of an answer into projects: one a manifest's directory and language; what belongs to no language
 * comes last, under language null. Every file is in exactly one project.
 */
export function projectsOf(files: readonly AnswerFile[], languages: readonly LanguageTraits[]): Project[] {
  const projects: Project[] = [];
  const takenPaths = new Set<string>();
  for (const traits of languages) {
    const roots = rootsOf(traits, files);
    for (const root of roots.toSorted()) {
      if (!isTaken(traits, root, roots, files, languages)) continue;
      const projectFiles = files.filter(({ path }) => {
        if (takenPaths.has(path) || deepest(roots, path) !== root) return false;
        const within = withinProject({ root }, path);
        return isSource(traits, path) || traits.manifests.includes(posix.basename(path)) || traits.owns(within);
      });
      if (projectFiles.length === 0) continue;
      for (const { path } of projectFiles) takenPaths.add(path);
      projects.push({ language: traits.language, root, files: projectFiles });
    }
  }
  const rest = files.filter(({ path }) => !takenPaths.has(path));
  return rest.length === 0 ? projects : [...projects, { language: null, root: '.', files: rest }];
}
