import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { hashOf, sha256 } from '../../store/files/hash.ts';

/**
 * The folders whose code decides verdicts, each walked to its last file. A change of any file in them makes every check
 * run again, so they hold no tests and no fixtures: these are below tests/.
 */
export const decidingFolders: readonly string[] = [
  'runners',
  'src/domain/grading',
  'src/ports',
  'src/probe',
  'src/formats',
  'src/registries',
  'src/sandbox',
  'src/stages',
];

/** The file that names the exact versions of the packages with which answers are read: a checkout's, or a package's. */
const locks = ['package-lock.json', 'npm-shrinkwrap.json'];

/** Every file that decides verdicts, as a path below Cupel's folder, in order. */
export async function decidingFiles(home: string): Promise<string[]> {
  const entries = await Promise.all(
    decidingFolders.map((folder) => readdir(join(home, folder), { recursive: true, withFileTypes: true })),
  );
  const files = entries.flat().filter((entry) => entry.isFile());
  const lock = locks.filter((name) => existsSync(join(home, name)));
  return [...lock, ...files.map((file) => relative(home, join(file.parentPath, file.name)))].sort();
}

/**
 * Hash of the code that decides verdicts and of the packages that it uses: kept verdicts hold while it stays the same.
 */
export async function graderKey(home: string): Promise<string> {
  const files = await decidingFiles(home);
  return hashOf(await Promise.all(files.map(async (path) => [path, sha256(await readFile(join(home, path)))])));
}
