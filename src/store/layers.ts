import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layer, Layers } from '../contract/layers.ts';
import { hashOf } from './hash.ts';

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

/** Makes a folder that the sandbox's ordinary user can write. */
async function makeWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o777);
}

/** Layers as folders `<state>/layers/<name>-<hash>`, made beside their place and renamed into it. `making` is told what takes a while. */
export function diskLayers(state: string, making: (name: string) => void = () => {}): Layers {
  const running = new Map<string, Promise<Layer>>();

  async function make(name: string, hash: string, build: (folder: string) => Promise<void>): Promise<Layer> {
    const folder = join(state, 'layers', `${name}-${hash}`);
    if (await exists(folder)) return { folder, hash };
    making(name);
    const place = join(state, 'layers', `.making-${randomUUID()}`);
    try {
      await makeWritable(place);
      await build(place);
      await chmod(place, 0o755);
      await rename(place, folder);
    } catch (error) {
      await rm(place, { recursive: true, force: true });
      if (!(await exists(folder))) throw error; // else another process was first, and theirs is as good
    }
    return { folder, hash };
  }

  return {
    get(name, key, build) {
      const hash = hashOf(key).slice(0, 32);
      const known = running.get(`${name}-${hash}`);
      if (known !== undefined) return known;
      const made = make(name, hash, build);
      running.set(`${name}-${hash}`, made);
      made.catch(() => running.delete(`${name}-${hash}`)); // a failure may pass: the next asker tries again
      return made;
    },
    async cache(name) {
      const folder = join(state, 'cache', name);
      await makeWritable(folder);
      return folder;
    },
  };
}
