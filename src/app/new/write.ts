import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../../domain/usage-error.ts';
import { foundInstead } from '../../formats/system-error.ts';

const textOf = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new UsageError(`${path}: expected a file or nothing, found ${foundInstead(error)}; move it away.`);
  });

/**
 * Writes files below a folder: text by path. Never replaces one: throws `UsageError`, and has written nothing, when one
 * of another content is in the way. Returns the paths that are new.
 */
export async function writeNewFiles(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const there = await Promise.all(
    [...files.keys()].map(async (path) => [path, await textOf(join(folder, path))] as const),
  );
  const others = there.filter(([path, text]) => text !== null && text !== files.get(path)).map(([path]) => path);
  if (others.length > 0)
    throw new UsageError(
      `${folder}: expected no files of these names, or the very same, found others: ${others.slice(0, 5).join(', ')}` +
        `${others.length > 5 ? `, and ${others.length - 5} more` : ''}; nothing was written. Move them away first.`,
    );
  const written = there.filter(([, text]) => text === null).map(([path]) => path);
  for (const path of written) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), files.get(path) ?? '');
  }
  return written;
}
