import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a process tree used, as seen from outside. */
export interface Usage {
  /** Milliseconds of CPU time of all processes, the ended ones included. */
  cpuMs: number;
  /** Bytes of private and shared memory of the living ones. */
  memoryBytes: number;
}

/** Ticks a second in /proc/<pid>/stat: 100 on every Linux that Node supports. */
const TICKS_PER_SECOND = 100;

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // the process ended between two looks
  }
}

/** Every living process at and below `root`, by walking the children of each thread. */
export function tree(root: number): number[] {
  const found: number[] = [];
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    found.push(pid);
    let threads: string[];
    try {
      threads = readdirSync(`/proc/${pid}/task`);
    } catch {
      continue;
    }
    for (const thread of threads) {
      const children = read(`/proc/${pid}/task/${thread}/children`) ?? '';
      for (const child of children.split(' ')) if (child !== '') open.push(Number(child));
    }
  }
  return found;
}

/**
 * Processes that the kernel ended for want of memory so far: in our control group, or on the whole machine where that
 * does not count.
 */
export function oomKills(): number {
  const group = /^0::(.*)$/m.exec(read('/proc/self/cgroup') ?? '')?.[1] ?? '/';
  const counts = read(join('/sys/fs/cgroup', group, 'memory.events')) ?? read('/proc/vmstat') ?? '';
  return Number(/^oom_kill (\d+)$/m.exec(counts)?.[1] ?? 0);
}

function cpuTicks(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return 0;
  // The name in parentheses may hold spaces and parentheses; utime, stime, cutime, cstime are fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
}

function memoryBytes(pid: number): number {
  const status = read(`/proc/${pid}/status`) ?? '';
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return (kib('RssAnon') + kib('RssShmem')) * 1024;
}

/** What the process tree below `root` uses now. Time of ended processes is in their parents' fields. */
export function usageOf(root: number): Usage {
  let ticks = 0;
  let memory = 0;
  for (const pid of tree(root)) {
    ticks += cpuTicks(pid);
    memory += memoryBytes(pid);
  }
  return { cpuMs: (ticks * 1000) / TICKS_PER_SECOND, memoryBytes: memory };
}
