import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { UsageError } from '../domain/usage-error.ts';

/** When a process started, in the kernel's ticks since boot; null when there is no such process. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function holder(path: string): { pid: number; start: string } | null {
  try {
    const [pid = '', start = ''] = readFileSync(path, 'utf8').trim().split(' ');
    return { pid: Number(pid), start };
  } catch {
    return null;
  }
}

/**
 * Takes a lock file for this process; the returned function gives it back. Throws `UsageError` when a living process holds it.
 * A lock whose process is gone (or whose number went to another) is taken over.
 */
export function takeLock(path: string, what: string): () => void {
  const mine = `${process.pid} ${startOf(process.pid) ?? ''}\n`;
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const other = holder(path);
      if (other !== null && startOf(other.pid) === other.start) {
        throw new UsageError(`${what} is in use by process ${other.pid}; wait for it, or end it first.`);
      }
      rmSync(path, { force: true });
    }
  }
  throw new UsageError(`${what} is being started by another process; wait for it.`);
}
