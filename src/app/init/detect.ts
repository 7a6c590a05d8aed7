/** What a folder holds already, as far as `cupel init` cares. */
import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export interface Surroundings {
  /** The folder of the git repository; null outside of one. */
  repository: string | null;
  packageManager: 'npm' | 'pnpm' | 'yarn' | 'bun' | null;
  ci: 'github' | 'gitlab' | null;
  /** Files that look like prompts of any dialect, below the folder; at most `mostPrompts`. */
  prompts: string[];
}

/** So many prompts are named; more say nothing more. */
const mostPrompts = 20;
const promptPatterns = ['**/*.prompt', '**/*.prompty', '**/*.prompt.{md,yml,yaml}', '**/prompts/**/*.md'];

const lockFiles = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['package-lock.json', 'npm'],
  ['package.json', 'npm'],
] as const;

/** The nearest folder upwards that holds one of the names; null when there is none. */
function upwards(folder: string, names: readonly string[], last: string | null): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const name = names.find((candidate) => existsSync(join(at, candidate)));
    if (name !== undefined) return join(at, name);
    if (at === last || at === dirname(at)) return null;
  }
}

/** Looks around a folder, up to the folder of its git repository; changes nothing. */
export async function detect(folder: string): Promise<Surroundings> {
  const git = upwards(folder, ['.git'], null);
  const repository = git === null ? null : dirname(git);
  const lockFile = lockFiles.find(([name]) => upwards(folder, [name], repository ?? resolve(folder)) !== null);
  const prompts: string[] = [];
  const exclude = (name: string): boolean => /(?:^|\/)(?:node_modules|\.[^/.][^/]*)$/.test(name);
  for await (const path of glob(promptPatterns, { cwd: folder, exclude })) {
    if (!/(?:^|\/)README\.md$/i.test(path)) prompts.push(path);
    if (prompts.length === mostPrompts) break;
  }
  const at = repository ?? folder;
  const isGitLab = existsSync(join(at, '.gitlab-ci.yml'));
  return {
    repository,
    packageManager: lockFile?.[1] ?? null,
    ci: existsSync(join(at, '.github')) ? 'github' : isGitLab ? 'gitlab' : null,
    prompts: prompts.sort(),
  };
}
