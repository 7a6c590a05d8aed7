import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, utimes } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Layer, Layers } from '../../ports/layers.ts';
import type { Job, Sandbox } from '../../ports/sandbox.ts';
import { writeJson } from '../files/atomic.ts';
import { hashOf } from '../files/hash.ts';
import { waitForLock } from '../files/lock.ts';
import { removeTree } from '../files/remove.ts';
import { contentSeal, quickSeal, sealOf, sealSchema } from './seal.ts';
import type { Seal } from './seal.ts';

/**
 * Layers of at most so many entries are looked at when they are asked for; larger ones when a program first sees them.
 */
const SMALL = 1000;

/** What happens to layers, for people. */
export interface LayerNotes {
  /** A layer is made, which takes a while. */
  making(name: string): void;
  /** Something was damaged, or another process is waited for. */
  note(text: string): void;
}

/** Layers on disk, found out to be whole before they are used. */
export interface DiskLayers extends Layers {
  /** Resolves when the layers in which these paths lie are whole; damaged ones are made again. */
  verified(paths: readonly string[]): Promise<void>;
  /** A folder of Cupel's own that is kept between runs; no program in the sandbox ever writes or sees it. */
  ownFolder(name: string): Promise<string>;
  /** Whether a layer was made since the start. */
  grown(): boolean;
}

/** Makes a folder that the sandbox's ordinary user can write. */
async function makeWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o777);
}

/** Where the parts of a state folder are that belong to one layer (or, for locks, to one cache). */
export const placesOf = (state: string, id: string) => ({
  folder: join(state, 'layers', id),
  seal: join(state, 'seals', `${id}.json`),
  /** Shared by all who use it, for as long as they run. */
  use: join(state, 'locks', `${id}.use`),
  /** Held by whoever makes it. */
  make: join(state, 'locks', `${id}.make`),
});

/** A layer's seal; null when there is none to be believed. */
export async function readSeal(path: string): Promise<Seal | null> {
  try {
    return sealSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

const silent: LayerNotes = { making: () => {}, note: () => {} };

/** Layers as folders `<state>/layers/<name>-<hash>`, made beside their place and moved there when they are complete. */
export function diskLayers(state: string, { making, note }: LayerNotes = silent, signal?: AbortSignal): DiskLayers {
  const asked = new Map<string, Promise<Layer>>();
  const builds = new Map<string, (folder: string) => Promise<void>>();
  const looked = new Map<string, Promise<void>>();
  const leases = new Map<string, Promise<unknown>>();
  let grown = false;

  /** What is used by a process is not removed by another one. */
  function lease(id: string): Promise<unknown> {
    const held = leases.get(id) ?? waitForLock(placesOf(state, id).use, 'shared', () => {}, signal);
    leases.set(id, held);
    return held;
  }

  async function isWhole(id: string): Promise<boolean> {
    const { folder, seal: path } = placesOf(state, id);
    const seal = await readSeal(path);
    if (seal === null || !existsSync(folder)) return false;
    try {
      if (quickSeal(folder).quick === seal.quick) return true;
      // Copied from elsewhere, or damaged: the contents tell.
      if ((await contentSeal(folder)) !== seal.content) return false;
      await writeJson(path, { ...seal, ...quickSeal(folder) });
      return true;
    } catch {
      return false; // cannot be read
    }
  }

  /** Makes a layer, or lets another process make it and waits. One that is there was found damaged. */
  async function make(id: string, build: (folder: string) => Promise<void>): Promise<void> {
    const places = placesOf(state, id);
    const lock = await waitForLock(
      places.make,
      'exclusive',
      (holder) => note(`waiting for process ${holder}, which is setting up ${id}`),
      signal,
    );
    const place = join(state, 'layers', `.making-${id}-${randomUUID()}`);
    try {
      if (await isWhole(id)) return;
      const damaged = existsSync(places.folder);
      if (damaged) note(`${places.folder} is damaged; it is made again`);
      making(id.slice(0, id.lastIndexOf('-')));
      await makeWritable(place);
      await build(place);
      await chmod(place, 0o755);
      const seal = await sealOf(place);
      // Programs that still run keep what they have mounted.
      const aside = join(state, 'layers', `.damaged-${id}-${randomUUID()}`);
      if (damaged) await rename(places.folder, aside);
      await writeJson(places.seal, seal);
      await rename(place, places.folder);
      grown = true;
      if (damaged) await removeTree(aside);
    } finally {
      await removeTree(place);
      lock.release();
    }
  }

  async function verify(id: string, build: (folder: string) => Promise<void>): Promise<void> {
    if (!(await isWhole(id))) await make(id, build);
  }

  /** Looks at a layer once a process, when somebody here has asked for it. */
  function verifyOnce(id: string): Promise<void> {
    const build = builds.get(id);
    if (build === undefined) return Promise.resolve();
    const known = looked.get(id) ?? verify(id, build);
    looked.set(id, known);
    known.catch(() => looked.delete(id)); // a failure may pass: the next asker tries again
    return known;
  }

  async function find(id: string, hash: string): Promise<Layer> {
    const { folder, seal: path } = placesOf(state, id);
    await lease(id);
    const seal = await readSeal(path);
    if (seal === null || seal.entries <= SMALL || !existsSync(folder)) await verifyOnce(id);
    await utimes(path, new Date(), new Date());
    return { folder, hash };
  }

  async function ownFolder(name: string): Promise<string> {
    await lease(`cache-${name}`);
    const folder = join(state, 'cache', name);
    await mkdir(folder, { recursive: true });
    await utimes(folder, new Date(), new Date());
    return folder;
  }

  return {
    get(name, key, build) {
      const hash = hashOf(key).slice(0, 32);
      const id = `${name}-${hash}`;
      const known = asked.get(id);
      if (known !== undefined) return known;
      builds.set(id, build);
      const found = find(id, hash);
      asked.set(id, found);
      found.catch(() => asked.delete(id));
      return found;
    },
    async cache(name) {
      const folder = await ownFolder(name);
      await makeWritable(folder);
      return folder;
    },
    ownFolder,
    async verified(paths) {
      const below = join(state, 'layers') + sep;
      const ids = paths.flatMap((path) =>
        path.startsWith(below) ? (path.slice(below.length).split(sep)[0] ?? []) : [],
      );
      for (const id of ids) await verifyOnce(id);
    },
    grown: () => grown,
  };
}

/** A sandbox whose programs see no damaged layer. */
export function withWholeLayers(sandbox: Sandbox, layers: DiskLayers): Sandbox {
  const verified = ({ mounts, workspace }: Pick<Job, 'mounts' | 'workspace'>): Promise<void> =>
    layers.verified([...mounts.map(({ source }) => source), ...(workspace === undefined ? [] : [workspace])]);
  return {
    async run(job) {
      await verified(job);
      return sandbox.run(job);
    },
    async serve(job) {
      await verified(job);
      return sandbox.serve(job);
    },
    probe: () => sandbox.probe(),
  };
}
