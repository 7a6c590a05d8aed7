import { constants } from 'node:fs';
import { access, statfs, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { foundInstead } from '../../formats/system-error.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { makeFolder } from '../files/atomic.ts';
import { sha256 } from '../files/hash.ts';
import { sizeText } from './size.ts';

/** Where everything is kept that outlives a run (layers, caches, verdicts, resolutions), and why there. */
export interface State {
  folder: string;
  reason: string;
}

/**
 * The usual folder, unless the sandbox's ordinary user may not enter it (`unreachableAt` names the folder in the way):
 * then a folder of its own below /var/cache. Throws `UsageError` when a folder that was asked for cannot
 * be entered, and the system's error when it cannot be written.
 */
export async function stateFolder(
  usual: string,
  wanted: string | null,
  unreachableAt: (path: string) => string | null,
): Promise<State> {
  if (wanted !== null) {
    const folder = resolve(wanted);
    const obstacle = unreachableAt(folder);
    if (obstacle !== null) {
      throw new UsageError(
        `--state ${wanted}: expected a folder that an ordinary user can enter, found ${obstacle} closed; name ` +
          `another, or chmod o+x ${obstacle}.`,
      );
    }
    await makeFolder(folder);
    await access(folder, constants.W_OK);
    return { folder, reason: 'as asked' };
  }
  const obstacle = unreachableAt(usual);
  const folder = obstacle === null ? usual : join('/var/cache/cupel', sha256(usual).slice(0, 12));
  await makeFolder(folder);
  await access(folder, constants.W_OK);
  if (obstacle === null) await keepFromGit(folder);
  return { folder, reason: obstacle === null ? 'the usual place' : `an ordinary user may not enter ${obstacle}` };
}

/** Git leaves out what a folder holds, whoever adds everything. */
async function keepFromGit(folder: string): Promise<void> {
  const file = join(folder, '.gitignore');
  await writeFile(file, '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** With less room than this, a program that fails may have failed for that. */
const LEAST_ROOM = 100e6;

/**
 * Why a failure may be ours: a folder whose disk is full, or that cannot be written any more; null when all is well.
 */
export async function diskTrouble(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    try {
      await access(folder, constants.W_OK);
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize < LEAST_ROOM)
        return `the disk of ${folder} is full (${sizeText(bavail * bsize)} left), so that a failure says nothing; make room, and start again`;
    } catch (error) {
      return `${folder} cannot be written (${foundInstead(error)}), so that a failure says nothing; make it writable, and start again`;
    }
  }
  return null;
}
