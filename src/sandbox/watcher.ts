/** Looks after what a running program uses, and ends it at a limit. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LimitName } from '../domain/grading/check.ts';
import type { Limits } from '../domain/grading/limits.ts';
import type { EndsAfter } from '../ports/sandbox.ts';
import { usageOf } from './watch.ts';
import type { Usage } from './watch.ts';

const MIB = 1024 * 1024;
const POLL_MS = 50;
/** Looking costs CPU time itself, so it is done less often where no limit can be reached meanwhile. */
const CALM_MS = 200;
/** How often folders are looked through. */
const FOLDERS_MS = 500;

/** What an entry of a folder costs at least, in bytes: millions of empty files fill a disk too. */
const ENTRY = 4096;

/** What whoever owns a folder needs to look into it: reading and entering. */
const LOOK = 0o500;

/**
 * Whether what is below a folder is larger than `most` bytes, without following links. Hostile programs write there
 * while this looks: what is gone is not counted, and what cannot be looked into (no permission, even where root looks;
 * too deep) is too large.
 */
export function exceeds(folder: string, most: number): boolean {
  let total = 0;
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    try {
      if ((lstatSync(next).mode & LOOK) !== LOOK) return true;
      for (const entryOf of readdirSync(next, { withFileTypes: true })) {
        const path = join(next, entryOf.name);
        if (entryOf.isDirectory()) open.push(path);
        total += Math.max(ENTRY, entryOf.isFile() ? (lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0);
        if (total > most) return true;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return true;
    }
  }
  return false;
}

/** Whether a file is there, and was not written to for so long. */
function isSettled({ file, quietMs }: EndsAfter): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.size > 0 && Date.now() - stat.mtimeMs > quietMs;
}

/** Whether a tree is far from its limits: it cannot reach them before it is looked at again. */
function isCalm({ cpuMs, memoryBytes }: Usage, { cpuSeconds, memoryMiB }: Limits): boolean {
  return memoryBytes < (memoryMiB * MIB) / 4 && cpuSeconds * 1000 - cpuMs > 20 * CALM_MS;
}

/** Watches a tree's CPU time, memory and the size of the folders that it writes, and ends it at a limit. */
export class Watcher {
  cpuMs = 0;
  peakBytes = 0;
  limit: LimitName | null = null;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** Ends the tree by `kill` at a limit; also when it no longer writes the file `endsAfter`. */
  start(
    child: number,
    limits: Limits,
    { folders, endsAfter }: { folders: readonly string[]; endsAfter: EndsAfter | null },
    kill: () => void,
  ): void {
    if (this.#stopped) return; // the word of its start came after its end
    let looked = performance.now();
    const look = (): void => {
      const usage = usageOf(child);
      this.cpuMs = Math.max(this.cpuMs, usage.cpuMs);
      this.peakBytes = Math.max(this.peakBytes, usage.memoryBytes);
      if (usage.cpuMs > limits.cpuSeconds * 1000) this.limit ??= 'cpu';
      else if (usage.memoryBytes > limits.memoryMiB * MIB) this.limit ??= 'memory';
      else if (performance.now() - looked > FOLDERS_MS) {
        looked = performance.now();
        if (folders.some((folder) => exceeds(folder, limits.diskMiB * MIB))) this.limit ??= 'disk';
        else if (endsAfter !== null && isSettled(endsAfter)) this.limit ??= 'wall';
      }
      if (this.limit !== null) kill();
      if (!this.#stopped) this.#timer = setTimeout(look, isCalm(usage, limits) ? CALM_MS : POLL_MS);
    };
    this.#timer = setTimeout(look, POLL_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
