/**
 * Locks that the kernel keeps on files. They end with the process that holds them, however it ends, so none is ever
 * left behind, and they hold between containers that share a folder as well.
 */
import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ToolMissingError } from '../../ports/runner.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { makeFolder, withPath } from './atomic.ts';

/** Many may share a lock, or one has it alone. */
export type LockMode = 'shared' | 'exclusive';

/** A lock that this process holds. Its file stays when it is given back: removing it would let two hold it. */
export interface Lock {
  release(): void;
}

/** Locks the open file behind a descriptor, which stays ours when flock has ended. False when another has it. */
function flock(fd: number, path: string, words: readonly string[], signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', [...words, '0'], {
      stdio: [fd, 'ignore', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    });
    let errorOutput = '';
    child.stderr?.on('data', (data: Buffer) => (errorOutput += data.toString()));
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new ToolMissingError('expected the program flock, found none; install util-linux.', { cause: error })
          : error,
      ),
    );
    // flock: 0 locked, 1 held by another; anything else is a failure
    child.on('close', (status) => {
      if (status === 0 || status === 1) resolve(status === 0);
      else
        reject(
          new UsageError(
            `${path}: expected a file system on which files can be locked (flock), found: ${errorOutput.trim()}; name another folder.`,
          ),
        );
    });
  });
}

async function take(
  path: string,
  mode: LockMode,
  words: readonly string[],
  signal?: AbortSignal,
): Promise<Lock | null> {
  await makeFolder(dirname(path));
  const fd = openSync(path, 'a+');
  try {
    if (!(await flock(fd, path, [`--${mode}`, ...words], signal))) {
      closeSync(fd);
      return null;
    }
    if (mode === 'exclusive') {
      ftruncateSync(fd);
      writeSync(fd, `${process.pid}\n`); // for people: the lock itself is the kernel's
    }
  } catch (error) {
    closeSync(fd);
    throw withPath(error, path);
  }
  return { release: () => closeSync(fd) };
}

/** Takes a lock if nobody holds one that excludes it; else null. */
export function tryLock(path: string, mode: LockMode): Promise<Lock | null> {
  return take(path, mode, ['--nonblock']);
}

/**
 * Takes a lock, and waits for whoever holds one that excludes it; `waiting` is told first, with their process number.
 */
export async function waitForLock(
  path: string,
  mode: LockMode,
  waiting: (holder: string) => void,
  signal?: AbortSignal,
): Promise<Lock> {
  const free = await tryLock(path, mode);
  if (free !== null) return free;
  waiting(holderOf(path));
  const lock = await take(path, mode, [], signal);
  if (lock === null) throw new Error(`${path} could not be locked`);
  return lock;
}

/** The process that took a lock for itself last, for messages. */
function holderOf(path: string): string {
  return readFileSync(path, 'utf8').trim();
}

/** Takes a lock that nobody else may have. Throws `UsageError` when a living process holds it. */
export async function takeLock(path: string, what: string): Promise<Lock> {
  const lock = await tryLock(path, 'exclusive');
  if (lock === null)
    throw new UsageError(`${what} is in use by process ${holderOf(path)}; wait for it, or end it first.`);
  return lock;
}
