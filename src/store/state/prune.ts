/** Keeps a state folder below its size: what was not used for longest goes first, and never what a process uses. */
import { randomUUID } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { placesOf, readSeal } from './layers.ts';
import { tryLock } from '../files/lock.ts';
import { removeTree } from '../files/remove.ts';
import { bytesOf } from './seal.ts';

/** Something that can be removed, because it is made again when it is needed. */
interface Item {
  bytes: number;
  usedAt: number;
  /** False when somebody uses it. */
  remove(): Promise<boolean>;
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** When something was used last, as its time of change says; long ago when nobody noted it. */
const modified = (path: string): number => lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Removes a folder that all lock who use it. Moved away first: nobody ever sees half of it. */
async function removeUnused(state: string, id: string, folder: string, seal: string | null): Promise<boolean> {
  const lock = await tryLock(placesOf(state, id).use, 'exclusive');
  if (lock === null) return false;
  try {
    const aside = join(state, 'layers', `.removed-${id}-${randomUUID()}`);
    await rename(folder, aside);
    if (seal !== null) await rm(seal, { force: true });
    await removeTree(aside);
    return true;
  } finally {
    lock.release();
  }
}

async function layersIn(state: string): Promise<Item[]> {
  const ids = (await namesIn(join(state, 'layers'))).filter((name) => !name.startsWith('.'));
  return Promise.all(
    ids.map(async (id): Promise<Item> => {
      const { folder, seal: path } = placesOf(state, id);
      const seal = await readSeal(path);
      return {
        bytes: seal?.bytes ?? bytesOf(folder),
        usedAt: modified(path),
        remove: () => removeUnused(state, id, folder, path),
      };
    }),
  );
}

async function cachesIn(state: string): Promise<Item[]> {
  return (await namesIn(join(state, 'cache'))).map((name): Item => {
    const folder = join(state, 'cache', name);
    return {
      bytes: bytesOf(folder),
      usedAt: modified(folder),
      remove: () => removeUnused(state, `cache-${name}`, folder, null),
    };
  });
}

/** An entry is a file that is read whole: one that goes away is not known, and no more. */
async function verdictsIn(state: string): Promise<Item[]> {
  const entries = await readdir(join(state, 'verdicts'), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .flatMap((entry): Item[] => {
      const path = join(entry.parentPath, entry.name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (stats === undefined) return [];
      return [
        { bytes: stats.blocks * 512, usedAt: stats.mtimeMs, remove: () => rm(path, { force: true }).then(() => true) },
      ];
    });
}

/** What was being made or removed when a process was killed: whoever makes something holds its lock. */
async function removeRemains(state: string): Promise<void> {
  for (const name of (await namesIn(join(state, 'layers'))).filter((entry) => entry.startsWith('.'))) {
    const id = /^\.[a-z]+-(.+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(name)?.[1];
    if (id === undefined) continue;
    const lock = await tryLock(placesOf(state, id).make, 'exclusive');
    if (lock === null) continue;
    await removeTree(join(state, 'layers', name));
    lock.release();
  }
}

/** How much a state folder holds, in bytes, before and after. */
export interface Pruned {
  before: number;
  after: number;
}

async function itemsIn(state: string): Promise<Item[]> {
  return (await Promise.all([layersIn(state), cachesIn(state), verdictsIn(state)])).flat();
}

/** What is counted and stays: it cannot be made again, or only for money. */
const unprunable = ['answers', 'batches', 'history', 'resolutions'];

function sum(state: string, items: readonly Item[]): number {
  const stays = unprunable.reduce((total, name) => total + bytesOf(join(state, name)), 0);
  return items.reduce((total, { bytes }) => total + bytes, stays);
}

/** Bytes that a state folder takes. */
export async function stateSize(state: string): Promise<number> {
  return sum(state, await itemsIn(state));
}

/** Removes what is over `most` bytes. Null when another process is at it. */
export async function prune(state: string, most: number): Promise<Pruned | null> {
  const lock = await tryLock(join(state, 'locks', 'prune'), 'exclusive');
  if (lock === null) return null;
  try {
    await removeRemains(state);
    const items = await itemsIn(state);
    const before = sum(state, items);
    let after = before;
    for (const item of items.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (after <= most) break;
      if (await item.remove()) after -= item.bytes;
    }
    return { before, after };
  } finally {
    lock.release();
  }
}
