/** Where shards lie: below the project, in any folder, or in an archive. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../domain/usage-error.ts';

/** The folder of a run that was named, and what it was called. */
export interface FoundRun {
  folder: string;
  name: string;
}

/** How deep a run may lie below what is named: `reports/runs/<id>` in a folder for each shard. */
const DEPTH = 5;

/** The most that an archive may unpack to, and the most files that it may have. */
const MOST_BYTES = 8 * 1024 ** 3;
const MOST_FILES = 200_000;

/** Folders with a `run.json`, from a folder downwards; nothing within a run is looked at. */
async function runFolders(folder: string, depth = DEPTH): Promise<string[]> {
  if (existsSync(join(folder, 'run.json'))) return [folder];
  if (depth === 0) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .sort();
  return (await Promise.all(below.map((path) => runFolders(path, depth - 1)))).flat();
}

/** Unpacks an archive into a folder of its own: plain files and folders alone, within bounds. Throws `UsageError`. */
async function unpacked(archive: string): Promise<string> {
  const { extract } = await import('tar'); // only for who has an archive
  const folder = await mkdtemp(join(tmpdir(), 'cupel-shard-'));
  let [bytes, files] = [0, 0];
  let refused: string | null = null;
  try {
    await extract({
      file: archive,
      cwd: folder,
      strict: true,
      preserveOwner: false,
      filter(path, entry) {
        if (!('type' in entry) || (entry.type !== 'File' && entry.type !== 'Directory'))
          refused ??= `something that is neither a file nor a folder: ${path}`;
        else [bytes, files] = [bytes + entry.size, files + 1];
        if (bytes > MOST_BYTES || files > MOST_FILES) refused ??= 'more than an archive may hold';
        return refused === null; // an error that is thrown here reaches nobody
      },
    });
  } catch (error) {
    refused ??= `something else (${(error as Error).message})`;
  }
  if (refused !== null)
    throw new UsageError(
      `${archive}: expected an archive of a run's folder (tar -czf shard.tar.gz reports/runs/<id>), found ${refused}.`,
    );
  return folder;
}

/**
 * The runs that a word of the command line means: an id below reports/runs/, a folder with one or more runs in it, or
 * an archive of one. Throws `UsageError` where there is none.
 */
export async function findRuns(root: string, name: string): Promise<FoundRun[]> {
  const below = join(root, 'reports', 'runs', name);
  const place = /[/\\]/.test(name) || !existsSync(below) ? name : below;
  const kind = await stat(place).catch(() => null);
  if (kind === null)
    throw new UsageError(`${name}: expected the id of a run, a folder or an archive (.tar.gz), found nothing there.`);
  const folder = kind.isDirectory() ? place : await unpacked(place);
  const found = await runFolders(folder);
  if (found.length === 0)
    throw new UsageError(`${name}: expected a run in it, which has a file run.json, found none; nothing was merged.`);
  return found.map((path) => ({
    folder: path,
    name: found.length === 1 ? name : `${name}${path.slice(folder.length)}`,
  }));
}
