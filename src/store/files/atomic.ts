import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/**
 * Makes a folder and those above it. On a read-only disk the system speaks of a folder that is missing: this names the
 * one that is in the way.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    for (let above = dirname(resolve(path)); above !== dirname(above); above = dirname(above)) {
      if (!existsSync(above)) continue;
      await access(above, constants.W_OK);
      break;
    }
    throw error;
  }
}

/** Ends the name of a file that is being written. */
const CUT_OFF = /\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/** Writes a file whole or not at all: nobody ever reads half of it, not even after a power cut. */
export async function writeAtomically(path: string, data: string | Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw withPath(error, path);
  }
}

/**
 * Removes what writes that were cut off left directly in a folder. Only for a folder that no other process writes to.
 */
export async function removeCutOff(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => CUT_OFF.test(one))) await rm(join(folder, name), { force: true });
}

/** An error of the system that says which file it is about: those of writing do not by themselves. */
export function withPath(error: unknown, path: string): unknown {
  if (error instanceof Error && 'code' in error && !('path' in error)) return Object.assign(error, { path });
  return error;
}

/** Writes a value as JSON, whole or not at all. */
export function writeJson(path: string, value: unknown): Promise<void> {
  return writeAtomically(path, `${JSON.stringify(value, null, 1)}\n`);
}
