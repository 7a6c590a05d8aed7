/** Seals of folders: what was in them when they were made, so that damage is found before anything in them is used. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Hash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const sealSchema = z.strictObject({
  /** Bytes that it takes. */
  bytes: z.int(),
  /** Files, links and folders. */
  entries: z.int(),
  /** SHA-256 over names, modes, sizes and times: quick, and different when a folder was copied elsewhere. */
  quick: z.string(),
  /** SHA-256 over names, modes and contents: decides. */
  content: z.string(),
});
export type Seal = z.infer<typeof sealSchema>;

interface Entry {
  /** Path below the folder, beginning with a slash. */
  path: string;
  stats: Stats;
}

/** Everything below a folder, in an order that depends on names alone; no link is followed. */
function* entriesOf(root: string, below = ''): Generator<Entry> {
  for (const name of readdirSync(join(root, below)).sort()) {
    const path = `${below}/${name}`;
    const stats = lstatSync(root + path);
    yield { path, stats };
    if (stats.isDirectory()) yield* entriesOf(root, path);
  }
}

/** Blocks of 512 bytes, as POSIX counts them: small files take more than they hold. */
const onDisk = ({ blocks }: Stats): number => blocks * 512;

/** Bytes that a folder takes; what goes away meanwhile is not counted. */
export function bytesOf(root: string): number {
  let total = 0;
  try {
    for (const { stats } of entriesOf(root)) total += onDisk(stats);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return total;
}

/** The quick part of a seal: nothing is read but what folders and inodes say. */
export function quickSeal(root: string): Pick<Seal, 'bytes' | 'entries' | 'quick'> {
  const hash = createHash('sha256');
  let [bytes, entries] = [0, 0];
  for (const { path, stats } of entriesOf(root)) {
    entries += 1;
    // The time of a change to the inode tells of writes that put the other time back.
    const file = stats.isDirectory() ? [] : [stats.size, stats.mtimeMs, stats.ctimeMs];
    bytes += onDisk(stats);
    hash.update(JSON.stringify([path, stats.mode, ...file]));
  }
  return { bytes, entries, quick: hash.digest('hex') };
}

/** Adds the bytes of a file to a hash. One buffer serves all files: a layer has tens of thousands. */
async function update(hash: Hash, path: string, buffer: Buffer): Promise<void> {
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/** The deciding part of a seal: every byte is read. */
export async function contentSeal(root: string): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(256 * 1024);
  for (const { path, stats } of entriesOf(root)) {
    hash.update(JSON.stringify([path, stats.mode, stats.isDirectory() ? 0 : stats.size]));
    if (stats.isSymbolicLink()) hash.update(readlinkSync(root + path));
    else if (stats.isFile()) await update(hash, root + path, buffer);
  }
  return hash.digest('hex');
}

export async function sealOf(root: string): Promise<Seal> {
  return { ...quickSeal(root), content: await contentSeal(root) };
}
