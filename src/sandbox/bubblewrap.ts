import { chmodSync, existsSync, lstatSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import tmp from 'tmp';
import type { LimitName } from '../domain/grading/check.ts';
import type { Limits } from '../domain/grading/limits.ts';
import { SandboxError } from '../ports/sandbox.ts';
import type { Execution, Job, Mount, Sandbox, SandboxReport } from '../ports/sandbox.ts';
import { hostIdentity } from './identity.ts';
import { probe } from './probe.ts';
import { filter } from './seccomp.ts';
import { oomKills, usageOf } from './watch.ts';

const MIB = 1024 * 1024;
const POLL_MS = 50;
/** What a program finds in its environment unless the job says otherwise. */
const baseEnvironment = {
  PATH: '/usr/bin:/bin',
  HOME: '/tmp/home',
  TMPDIR: '/tmp',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
};

/** Parts of /etc that programs need to find libraries, names and certificates. */
const systemFiles = ['/etc/ld.so.cache', '/etc/alternatives', '/etc/ssl', '/etc/localtime', '/etc/nsswitch.conf'];
const networkFiles = ['/etc/resolv.conf', '/etc/hosts', '/etc/ca-certificates', '/etc/pki'];

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How the entry ends when it cannot make the workspace; a program may end so, too. */
const NOT_ENTERED = 125;

/** Copies the workspace, then becomes the program. 0022 and no arguments of the shell's own. */
const entry = `umask 022; mkdir -p /tmp/home; cp -a /src/. /w/ && cd "$0" || exit ${NOT_ENTERED}; exec "$@"`;

function mountArguments(mounts: readonly Mount[]): string[] {
  return mounts.flatMap(({ source, target, writable }) => [writable === true ? '--bind' : '--ro-bind', source, target]);
}

function symlinkOrBind(path: string): string[] {
  // On merged-/usr systems /bin and its siblings are links into /usr.
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink() ? ['--symlink', `usr${path}`, path] : ['--ro-bind', path, path];
}

/** Who programs are inside, and what the machine is called there. */
const [UID, GID, HOST] = ['1000', '1000', 'sandbox'];

/** Files below /etc that are ours: without them the user has no name, and neither `localhost` nor the machine an address. */
const ownFiles = {
  passwd: `sandbox:x:${UID}:${GID}::/tmp/home:/bin/sh\n`,
  group: `sandbox:x:${GID}:\n`,
  hosts: `127.0.0.1 localhost ${HOST}\n::1 localhost\n`,
};

function bwrapArguments(job: Job, emptyFolder: string, etc: string): string[] {
  const { limits } = job;
  const environment = { ...baseEnvironment, ...job.env };
  return [
    ...[
      '--unshare-user',
      '--unshare-pid',
      '--unshare-ipc',
      '--unshare-uts',
      '--unshare-cgroup-try',
      '--disable-userns',
    ],
    ...(job.network === 'none' ? ['--unshare-net'] : []),
    ...['--uid', UID, '--gid', GID, '--hostname', HOST],
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv'],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--ro-bind', '/usr', '/usr'],
    ...['/bin', '/sbin', '/lib', '/lib64', '/lib32'].flatMap(symlinkOrBind),
    ...[...systemFiles, ...(job.network === 'none' ? [] : networkFiles)].flatMap((path) => [
      '--ro-bind-try',
      path,
      path,
    ]),
    ...Object.keys(ownFiles)
      .filter((name) => name !== 'hosts' || job.network === 'none')
      .flatMap((name) => ['--ro-bind', join(etc, name), `/etc/${name}`]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--size', String(limits.diskMiB * MIB), '--tmpfs', '/tmp'],
    ...['--size', String(64 * MIB), '--tmpfs', '/dev/shm'],
    ...['--size', String(limits.diskMiB * MIB), '--tmpfs', '/w'],
    ...['--ro-bind', job.workspace ?? emptyFolder, '/src'],
    ...mountArguments(job.mounts),
    ...(job.out === undefined ? [] : ['--bind', job.out, '/out']),
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', '/w'],
    ...['--seccomp', '3', '--json-status-fd', '4', '--'],
    ...[
      'prlimit',
      `--nproc=${limits.processes}`,
      `--data=${limits.memoryMiB * MIB}`,
      `--fsize=${limits.fileMiB * MIB}`,
    ],
    // One second between SIGXCPU, which names the limit, and SIGKILL.
    ...[`--cpu=${Math.ceil(limits.cpuSeconds)}:${Math.ceil(limits.cpuSeconds) + 1}`, '--nofile=4096', '--core=0', '--'],
    ...['sh', '-c', entry, job.cwd, ...job.command],
  ];
}

/** As root, an ordinary uid first: the kernel's process limit does not hold for root, whatever the namespace. */
function outerCommand(): string[] {
  const { uid, gid, dropped } = hostIdentity();
  if (!dropped) return ['bwrap'];
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--inh-caps=-all',
    '--',
    'bwrap',
  ];
}

const O_CLOEXEC = 0o2000000;

/**
 * Descriptors beyond ours that whoever started this process left open and that programs would inherit: a way to files and pipes of
 * the host. Node marks its own as not to be inherited, and the first ones that it finds.
 */
function inheritedDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => {
      try {
        const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1] ?? '0';
        return descriptor > 4 && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
      } catch {
        return false; // the folder's own, closed again
      }
    });
}

/** What an entry of a folder costs at least, in bytes: millions of empty files fill a disk too. */
const ENTRY = 4096;

/** What whoever owns a folder needs to look into it: reading and entering. */
const LOOK = 0o500;

/**
 * Whether what is below a folder is larger than `most` bytes, without following links. Hostile programs write there while this looks:
 * what is gone is not counted, and what cannot be looked into (no permission, even where root looks; too deep) is too large.
 */
function exceeds(folder: string, most: number): boolean {
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

/** Watches a tree's CPU time, memory and written bytes, and ends it at a limit. */
class Watcher {
  cpuMs = 0;
  peakBytes = 0;
  limit: LimitName | null = null;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  start(child: number, limits: Limits, out: string | undefined, kill: () => void): void {
    if (this.#stopped) return; // the word of its start came after its end
    let polls = 0;
    const look = (): void => {
      const usage = usageOf(child);
      this.cpuMs = Math.max(this.cpuMs, usage.cpuMs);
      this.peakBytes = Math.max(this.peakBytes, usage.memoryBytes);
      polls += 1;
      if (usage.cpuMs > limits.cpuSeconds * 1000) this.limit ??= 'cpu';
      else if (usage.memoryBytes > limits.memoryMiB * MIB) this.limit ??= 'memory';
      else if (out !== undefined && polls % 10 === 0 && exceeds(out, limits.diskMiB * MIB)) this.limit ??= 'disk';
      if (this.limit !== null) kill();
    };
    this.#timer = setInterval(look, POLL_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }
}

/** Ends the first process of a namespace, and with it all of them, or a group (its negative id); what has ended by itself is no fault. */
function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function signalOf(exitCode: number | null): string | null {
  // A shell's convention, which bwrap follows: 128 + signal.
  if (exitCode === 137) return 'SIGKILL';
  if (exitCode === 152) return 'SIGXCPU';
  if (exitCode === 153) return 'SIGXFSZ';
  if (exitCode === 139) return 'SIGSEGV';
  if (exitCode === 134) return 'SIGABRT';
  return null;
}

/** The limits that leave a trace in how the program ended or in what it said. */
function limitFrom(exitCode: number | null, stderr: string): LimitName | null {
  if (exitCode === 152) return 'cpu';
  if (exitCode === 153) return 'file-size';
  if (exitCode === 0) return null;
  if (/No space left on device|ENOSPC/.test(stderr)) return 'disk';
  if (/can't start new thread|fork: retry|Resource temporarily unavailable|EAGAIN/.test(stderr)) return 'processes';
  if (/MemoryError|JavaScript heap out of memory|Cannot allocate memory|cannot allocate memory/.test(stderr))
    return 'memory';
  return null;
}

/** Nothing to read, two outputs, and what bwrap reads and writes: its filter and its status. */
const streams = ['ignore', 'pipe', 'pipe', filter, ['pipe']] as ['ignore', 'pipe', 'pipe', Uint8Array, ['pipe']];

const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Programs inside bubblewrap: own namespaces, no network, a read-only system, limits, a seccomp filter. */
export class Bubblewrap implements Sandbox {
  readonly #emptyFolder: string;
  /** The folder of `ownFiles`. */
  readonly #etc: string;
  /** What programs find in place of each descriptor that they would inherit: nothing. */
  readonly #covered: ('ignore' | number)[] = [];

  constructor() {
    tmp.setGracefulCleanup();
    const folder = (name: string): string => {
      const made = tmp.dirSync({ prefix: `cupel-${name}`, unsafeCleanup: true }).name;
      chmodSync(made, 0o755); // after the fact: a mode at creation is cut by the umask
      return made;
    };
    this.#emptyFolder = folder('empty');
    this.#etc = folder('etc');
    for (const [name, text] of Object.entries(ownFiles)) {
      writeFileSync(join(this.#etc, name), text);
      chmodSync(join(this.#etc, name), 0o644);
    }
    const inherited = inheritedDescriptors();
    if (inherited.length === 0) return;
    const nothing = openSync('/dev/null', 'r+');
    for (let descriptor = 5; descriptor <= Math.max(...inherited); descriptor += 1)
      this.#covered.push(inherited.includes(descriptor) ? nothing : 'ignore');
  }

  async run(job: Job): Promise<Execution> {
    const killed = oomKills();
    const execution = await this.#start(job);
    if (execution.exitCode !== 0 && oomKills() > killed)
      throw new SandboxError(
        'the machine ran out of memory while the program ran, so that its end says nothing; give it more memory, or fewer checks at a time (--jobs)',
      );
    // Only where nothing of the answer runs is this end the entry's own for sure.
    if (execution.exitCode === NOT_ENTERED) {
      const { exitCode, stderr } = await this.#start({ ...job, command: ['true'] });
      if (exitCode !== 0)
        throw new SandboxError(`the program could not be started on its copy of the answer: ${stderr.trim()}`);
    }
    return execution;
  }

  async #start(job: Job): Promise<Execution> {
    const command = [...outerCommand(), ...bwrapArguments(job, this.#emptyFolder, this.#etc)];
    const watcher = new Watcher();
    const started = performance.now();
    job.signal?.throwIfAborted();
    try {
      const child = execa(command[0] ?? '', command.slice(1), {
        env: { PATH: systemPath }, // readable inside through /proc/1/environ, so nothing else
        extendEnv: false,
        reject: false,
        stdio: [...streams, ...this.#covered] as unknown as typeof streams, // more of them, and the same ones first
        maxBuffer: job.limits.outputMiB * MIB,
        timeout: job.limits.wallSeconds * 1000,
        killSignal: 'SIGKILL',
        stripFinalNewline: false,
        detached: true, // signals for our group, as a terminal sends them, are ours to answer
      });
      const kill = (): void => void child.kill('SIGKILL');
      // bubblewrap that is killed while it starts leaves its child waiting or running, with our pipes in its hands: in the group, or known.
      let inner: number | null = null;
      let over = false;
      const end = (): void => {
        if (inner !== null) endProcess(inner);
      };
      job.signal?.addEventListener('abort', end);
      const group = child.pid;
      child.nodeChildProcess.once('exit', () => {
        over = true;
        if (group !== undefined) endProcess(-group);
        end();
      });
      child.stdio[4]?.once('data', (data: Buffer | string) => {
        const pid = /"child-pid":\s*(\d+)/.exec(String(data))?.[1];
        if (pid === undefined) return;
        inner = Number(pid);
        if (over || job.signal?.aborted === true) end();
        watcher.start(inner, job.limits, job.out, kill);
      });
      const result = await child.finally(() => job.signal?.removeEventListener('abort', end));
      watcher.stop();
      const durationMs = performance.now() - started;
      job.signal?.throwIfAborted();
      const status = result.stdio[4] ?? '';
      const exit = /"exit-code":\s*(\d+)/.exec(status)?.[1];
      const exitCode = exit === undefined ? null : Number(exit);
      const outer: LimitName | null = result.timedOut ? 'wall' : result.isMaxBuffer ? 'output' : watcher.limit;
      if (exitCode === null && outer === null) {
        const why = result.stderr.trim() || result.originalMessage || 'no exit status';
        throw new SandboxError(`bubblewrap did not run the program: ${why}`);
      }
      const cpuUsedUp = exitCode === 137 && watcher.cpuMs > job.limits.cpuSeconds * 950;
      const ended = outer ?? (cpuUsedUp ? 'cpu' : limitFrom(exitCode, result.stderr));
      // Once more at the end: whether the watcher saw what is left there must not be a matter of luck.
      const limit = ended ?? (job.out !== undefined && exceeds(job.out, job.limits.diskMiB * MIB) ? 'disk' : null);
      return {
        command: job.command.map(quote).join(' '),
        exitCode,
        signal: outer === null ? signalOf(exitCode) : 'SIGKILL',
        limit,
        stdout: result.stdout,
        stderr: result.stderr,
        durationMs,
        cpuMs: watcher.cpuMs,
        peakMiB: Math.ceil(watcher.peakBytes / MIB),
      };
    } finally {
      watcher.stop();
    }
  }

  probe(): Promise<SandboxReport> {
    return probe(this);
  }
}
