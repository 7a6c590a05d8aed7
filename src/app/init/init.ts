/** Writes a small project that works: a prompt, a scenario with its contract, a suite, and a recorded answer. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { UsageError } from '../../domain/usage-error.ts';
import { foundInstead } from '../../formats/system-error.ts';
import { configNames } from '../../store/inputs/project.ts';
import { workflowFiles } from '../workflows/index.ts';
import type { Forge } from '../workflows/index.ts';
import { detect } from './detect.ts';
import type { Surroundings } from './detect.ts';

const template = join(import.meta.dirname, 'template');
/** Lines of `.gitignore`: what Cupel makes and git should not keep. */
const ignoredByGit = ['.cupel/', 'reports/runs/'];

/** What was written, and what was there. */
export interface Initialised {
  folder: string;
  /** Files that are new, and those to which lines were added, below the folder. */
  written: string[];
  /** Files that were there with the very same content. */
  unchanged: string[];
  surroundings: Surroundings;
}

/** The files of a new project: content by path. */
async function templateFiles(): Promise<Map<string, string>> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.sort().map(async (path) => [relative(template, path), await readFile(path, 'utf8')] as const);
  return new Map(await Promise.all(files));
}

const textOf = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new UsageError(`${path}: expected a file or nothing, found ${foundInstead(error)}; move it away.`);
  });

/** The lines that `.gitignore` lacks; empty when it has all. */
function missingLines(text: string): string[] {
  const lines = new Set(text.split('\n').map((line) => line.trim().replace(/^\//, '').replace(/\/$/, '')));
  return ignoredByGit.filter((line) => !lines.has(line.replace(/\/$/, '')));
}

/** Refuses a folder that has a configuration of another kind, or files of the same names with other content. */
function refuseOthers(folder: string, files: ReadonlyMap<string, string>, there: ReadonlyMap<string, string>): void {
  const config = configNames.find((name) => !files.has(name) && existsSync(join(folder, name)));
  if (config !== undefined)
    throw new UsageError(
      `${join(folder, config)}: expected no configuration yet, found this one; nothing was written. The project is ` +
        'set up already: see cupel list.',
    );
  const others = [...files].filter(([path, text]) => there.has(path) && there.get(path) !== text);
  if (others.length > 0)
    throw new UsageError(
      `${folder}: expected no files of these names, or the very same, found others: ` +
        `${others.map(([path]) => path).join(', ')}; nothing was written. Move them away, or start in another ` +
        'folder: cupel init <folder>.',
    );
}

async function write(folder: string, path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  } catch (error) {
    throw new UsageError(
      `${join(folder, path)}: expected a place that can be written, found ${foundInstead(error)}; make it writable, ` +
        'or start in another folder: cupel init <folder>.',
      { cause: error },
    );
  }
}

/** The files for jobs of the service that is used: at the repository's top, where the service looks for them. */
function workflowsFor(
  folder: string,
  { repository, packageManager, ci }: Surroundings,
  wanted: Forge | 'none' | undefined,
): Record<string, string> {
  const forge = wanted ?? (repository === folder ? ci : null);
  if (forge === null || forge === 'none') return {};
  if (repository !== folder)
    throw new UsageError(
      `--workflows ${forge}: expected the top of a git repository, for services read these files there alone, found ` +
        `${folder}${repository === null ? ', which is in none' : ` in ${repository}`}.`,
    );
  return workflowFiles(forge, packageManager === null ? {} : { packages: packageManager });
}

/**
 * Sets a project up in a folder, with files for the jobs of a service (of the one that is used, when none is named).
 * Never replaces a file: throws `UsageError`, and has written nothing, when one of another content is in the way.
 */
export async function initProject(folder: string, workflows?: Forge | 'none'): Promise<Initialised> {
  const surroundings = await detect(folder);
  const files = await templateFiles();
  for (const [path, text] of Object.entries(workflowsFor(folder, surroundings, workflows))) files.set(path, text);
  const there = new Map<string, string>();
  for (const path of files.keys()) {
    const text = await textOf(join(folder, path));
    if (text !== null) there.set(path, text);
  }
  refuseOthers(folder, files, there);
  const gitignore = (await textOf(join(folder, '.gitignore'))) ?? '';
  const lines = missingLines(gitignore);
  const written = [...files.keys()].filter((path) => !there.has(path));
  for (const path of written) await write(folder, path, files.get(path) ?? '');
  if (lines.length > 0) {
    const before = gitignore === '' || gitignore.endsWith('\n') ? gitignore : `${gitignore}\n`;
    await write(folder, '.gitignore', `${before}${lines.join('\n')}\n`);
    written.push('.gitignore');
  }
  return { folder, written, unchanged: [...there.keys()], surroundings };
}
