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

/** How a layer is filled. */
type Build = (folder: string) => Promise<void>;

/** Remembers what work gives, by name; work that fails may be tried again. */
class Memory<T> {
  readonly #known = new Map<string, Promise<T>>();

  once(name: string, work: () => Promise<T>): Promise<T> {
    const promise = this.#known.get(name) ?? work();
    this.#known.set(name, promise);
    promise.catch(() => this.#known.delete(name));
    return promise;
  }
}

/** Layers in folders of a state folder. */
class LayersOnDisk {
  readonly #state: string;
  readonly #notes: LayerNotes;
  readonly #signal: AbortSignal | undefined;
  readonly #builds = new Map<string, Build>();
  readonly #asked = new Memory<Layer>();
  readonly #verified = new Memory<void>();
  readonly #leases = new Memory<unknown>();
  #grown = false;

  constructor(state: string, notes: LayerNotes, signal: AbortSignal | undefined) {
    this.#state = state;
    this.#notes = notes;
    this.#signal = signal;
  }

  get(name: string, key: unknown, build: Build): Promise<Layer> {
    const hash = hashOf(key).slice(0, 32);
    const id = `${name}-${hash}`;
    return this.#asked.once(id, () => {
      this.#builds.set(id, build);
      return this.#find(id, hash);
    });
  }

  async ownFolder(name: string): Promise<string> {
    await this.#lease(`cache-${name}`);
    const folder = join(this.#state, 'cache', name);
    await mkdir(folder, { recursive: true });
    await utimes(folder, new Date(), new Date());
    return folder;
  }

  async verified(paths: readonly string[]): Promise<void> {
    const below = join(this.#state, 'layers') + sep;
    const ids = paths.flatMap((path) => (path.startsWith(below) ? (path.slice(below.length).split(sep)[0] ?? []) : []));
    for (const id of ids) await this.#verifyOnce(id);
  }

  grown(): boolean {
    return this.#grown;
  }

  /** What is used by a process is not removed by another one. */
  #lease(id: string): Promise<unknown> {
    return this.#leases.once(id, () => waitForLock(placesOf(this.#state, id).use, 'shared', () => {}, this.#signal));
  }

  async #find(id: string, hash: string): Promise<Layer> {
    const { folder, seal: path } = placesOf(this.#state, id);
    await this.#lease(id);
    const seal = await readSeal(path);
    if (seal === null || seal.entries <= SMALL || !existsSync(folder)) await this.#verifyOnce(id);
    await utimes(path, new Date(), new Date());
    return { folder, hash };
  }

  /** Looks at a layer once a process, when somebody here has asked for it. */
  #verifyOnce(id: string): Promise<void> {
    const build = this.#builds.get(id);
    if (build === undefined) return Promise.resolve();
    return this.#verified.once(id, async () => {
      if (!(await this.#isWhole(id))) await this.#make(id, build);
    });
  }

  async #isWhole(id: string): Promise<boolean> {
    const { folder, seal: path } = placesOf(this.#state, id);
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
  async #make(id: string, build: Build): Promise<void> {
    const lock = await waitForLock(
      placesOf(this.#state, id).make,
      'exclusive',
      (holder) => this.#notes.note(`waiting for process ${holder}, which is setting up ${id}`),
      this.#signal,
    );
    const place = join(this.#state, 'layers', `.making-${id}-${randomUUID()}`);
    try {
      if (!(await this.#isWhole(id))) await this.#fill(id, place, build);
    } finally {
      await removeTree(place);
      lock.release();
    }
  }

  /** Fills a folder beside a layer's place, and puts it there when it is complete. */
  async #fill(id: string, place: string, build: Build): Promise<void> {
    const places = placesOf(this.#state, id);
    const damaged = existsSync(places.folder);
    if (damaged) this.#notes.note(`${places.folder} is damaged; it is made again`);
    this.#notes.making(id.slice(0, id.lastIndexOf('-')));
    await makeWritable(place);
    await build(place);
    await chmod(place, 0o755);
    const seal = await sealOf(place);
    // Programs that still run keep what they have mounted.
    const aside = join(this.#state, 'layers', `.damaged-${id}-${randomUUID()}`);
    if (damaged) await rename(places.folder, aside);
    await writeJson(places.seal, seal);
    await rename(place, places.folder);
    this.#grown = true;
    if (damaged) await removeTree(aside);
  }
}

/** Layers as folders `<state>/layers/<name>-<hash>`, made beside their place and moved there when they are complete. */
export function diskLayers(state: string, notes: LayerNotes = silent, signal?: AbortSignal): DiskLayers {
  const layers = new LayersOnDisk(state, notes, signal);
  return {
    get: (name, key, build) => layers.get(name, key, build),
    ownFolder: (name) => layers.ownFolder(name),
    verified: (paths) => layers.verified(paths),
    grown: () => layers.grown(),
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
