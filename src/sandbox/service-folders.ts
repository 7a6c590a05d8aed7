import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, constants } from 'node:fs';
import type { Dirent } from 'node:fs';
import { chmod, mkdir, open, readdir, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import tmp from 'tmp';
import { hostIdentity } from './identity.ts';

/** The largest file that is read, in bytes, and how many files are looked at. */
const LARGEST = 16 * 1024 * 1024;
const MOST_FILES = 20_000;

const NOTHING_FOLLOWED = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens what is at a path below a folder, step by step: no link is followed, whatever a program makes of the way
 * meanwhile.
 */
async function openBelow(root: string, parts: readonly string[]): Promise<FileHandle> {
  let handle = await open(root, constants.O_RDONLY | constants.O_DIRECTORY);
  for (const part of parts) {
    const next = await open(`/proc/self/fd/${handle.fd}/${part}`, NOTHING_FOLLOWED).finally(() => handle.close());
    handle = next;
  }
  return handle;
}

/** The bytes of an ordinary file; null for everything else. */
async function readBelow(root: string, parts: readonly string[]): Promise<Uint8Array | null> {
  try {
    const handle = await openBelow(root, parts);
    try {
      const stat = await handle.stat();
      if (!stat.isFile() || stat.size > LARGEST) return null;
      const bytes = Buffer.alloc(LARGEST < stat.size * 2 ? LARGEST : stat.size + 1);
      let size = 0;
      // Not to its end, which a program can move on for ever.
      for (let read = -1; read !== 0 && size < bytes.length; size += read)
        read = (await handle.read(bytes, size, bytes.length - size)).bytesRead;
      return bytes.subarray(0, size);
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

function folder(name: string): tmp.DirResult {
  const made = tmp.dirSync({ prefix: `cupel-${name}`, unsafeCleanup: true });
  // It belongs to whom the program is: only the owner may give a folder the times of what is copied there.
  const { uid, gid, dropped } = hostIdentity();
  if (dropped) chownSync(made.name, uid, gid);
  chmodSync(made.name, 0o755); // after the fact: a mode at creation is cut by the umask
  return made;
}

function remove(made: tmp.DirResult): void {
  try {
    made.removeCallback();
  } catch {
    // A program can make folders that nobody may enter, or that no path is long enough for.
    spawnSync('chmod', ['-R', 'u+rwX', '--', made.name], { stdio: 'ignore' });
    spawnSync('rm', ['-rf', '--', made.name], { stdio: 'ignore' });
  }
}

/** The host folders that a service finds at /w and /tmp. They stay when it has ended. */
export class ServiceFolders {
  readonly #workspace = folder('service-w');
  readonly #temporary = folder('service-t');

  get workspace(): string {
    return this.#workspace.name;
  }

  get temporary(): string {
    return this.#temporary.name;
  }

  get all(): string[] {
    return [this.workspace, this.temporary];
  }

  /** Puts files below /tmp/given. Only before a program of an answer has been there. */
  async give(files: readonly { path: string; bytes: Uint8Array }[]): Promise<void> {
    for (const { path, bytes } of files) {
      const target = join(this.temporary, 'given', path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes);
      await chmod(target, 0o644);
    }
  }

  /** A file by its absolute path inside; null when there is no such ordinary file. */
  async read(path: string): Promise<Uint8Array | null> {
    const [, top, ...parts] = path.split('/').filter((part, index) => index === 0 || (part !== '' && part !== '.'));
    if (parts.length === 0 || parts.includes('..')) return null;
    if (top === 'w') return readBelow(this.workspace, parts);
    return top === 'tmp' ? readBelow(this.temporary, parts) : null;
  }

  /** All ordinary files that are not too large, by absolute path inside. */
  async *files(): AsyncIterable<{ path: string; bytes: Uint8Array }> {
    let left = MOST_FILES;
    for (const [top, root] of [
      ['/w', this.workspace],
      ['/tmp', this.temporary],
    ] as const) {
      const waiting: string[][] = [[]];
      for (let parts = waiting.pop(); parts !== undefined && left > 0; parts = waiting.pop()) {
        const entries: Dirent[] = await readdir(join(root, ...parts), { withFileTypes: true }).catch(() => []);
        for (const entry of entries) {
          const path = [...parts, entry.name];
          left -= 1;
          if (entry.isDirectory()) waiting.push(path);
          const bytes = entry.isFile() ? await readBelow(root, path) : null;
          if (bytes !== null) yield { path: [top, ...path].join('/'), bytes };
        }
      }
    }
  }

  remove(): void {
    remove(this.#workspace);
    remove(this.#temporary);
  }
}
