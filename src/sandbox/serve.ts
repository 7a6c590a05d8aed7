import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { chownSync, closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import type { Readable } from 'node:stream';
import tmp from 'tmp';
import type { LimitName } from '../domain/grading/check.ts';
import { SandboxError } from '../ports/sandbox.ts';
import type { Execution, Listener, Service, ServiceJob } from '../ports/sandbox.ts';
import { bwrapArguments } from './arguments.ts';
import type { Base } from './arguments.ts';
import { limitFrom, signalOf } from './endings.ts';
import { endProcess, outerCommand, quote, systemPath } from './host-side.ts';
import { ServiceFolders } from './service-folders.ts';
import { hostIdentity } from './identity.ts';
import { holdersOf, listenersOf } from './listeners.ts';
import { filter } from './seccomp.ts';
import { oomKills, tree, usageOf } from './watch.ts';
import { Watcher, exceeds } from './watcher.ts';

const MIB = 1024 * 1024;

/**
 * The descriptors that a service is started with: bubblewrap's filter and status, this Node.js, and a line to the
 * relay.
 */
const [FILTER, STATUS, NODE] = [3, 4, 5];
/** The line to the relay, the last of them. */
export const CONTROL = 6;

const relaySource = readFileSync(join(import.meta.dirname, 'relay.cjs'), 'utf8');

/**
 * Two sandboxes, one in the other. The outer one is only a network namespace; in it the relay, and beside it the inner
 * one, which is
 * that of every program. So the relay shares a loopback with the service and nothing else: no processes, no files, no
 * user.
 * Node.js itself is started from a descriptor, for the folder that it is in may be out of reach for an ordinary user.
 */
const script = `/proc/self/fd/${NODE} --max-old-space-size=128 -e "$0" "$1" <&${CONTROL} >&${CONTROL} 2>/dev/null ${FILTER}<&- ${STATUS}>&- ${CONTROL}<&- &
shift; exec "$@" ${NODE}<&- ${CONTROL}<&-`;

function commandOf(job: ServiceJob, folders: ServiceFolders, base: Base, sockets: string): string[] {
  const joinsNetwork = job.ports.length > 0 || job.beside !== undefined;
  const inner = bwrapArguments({ ...job, network: 'none' }, base, null, { folders, joinsNetwork });
  if (!joinsNetwork) return [...outerCommand(), ...inner];
  const { uid, gid } = hostIdentity();
  const network = ['--unshare-user', '--unshare-net', '--uid', String(uid), '--gid', String(gid)];
  const relay = JSON.stringify({ folder: sockets, ports: job.ports, beside: job.beside ?? [] });
  return [
    ...outerCommand(),
    ...[...network, '--die-with-parent', '--dev-bind', '/', '/', '--'],
    ...['sh', '-c', script, relaySource, relay, 'bwrap', ...inner],
  ];
}

/** A folder for sockets that only the relay and we may enter. */
function socketFolder(): tmp.DirResult {
  const folder = tmp.dirSync({ prefix: 'cupel-s', unsafeCleanup: true, mode: 0o700 });
  const { uid, gid, dropped } = hostIdentity();
  if (dropped) chownSync(folder.name, uid, gid);
  return folder;
}

/** Our end of one of the pipes of a child. */
function pipeOf(child: ChildProcess, descriptor: number): Duplex {
  const pipes: readonly unknown[] = child.stdio;
  const pipe = pipes[descriptor];
  if (!(pipe instanceof Duplex)) throw new SandboxError(`bubblewrap was started without descriptor ${descriptor}`);
  pipe.on('error', () => {}); // the child ended first: its end says why
  return pipe;
}

/** What a stream has brought so far, up to a limit. */
class Collected {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(stream: Readable, most: number, full: () => void) {
    stream.on('data', (chunk: Buffer) => {
      if (this.#size < most) this.#chunks.push(chunk.subarray(0, most - this.#size));
      this.#size += chunk.length;
      if (this.#size > most) full();
    });
  }

  get bytes(): Buffer {
    if (this.#chunks.length > 1) this.#chunks.splice(0, this.#chunks.length, Buffer.concat(this.#chunks));
    return this.#chunks[0] ?? Buffer.alloc(0);
  }
}

/** Why a program was ended from outside: a limit, because nobody needs it any more, or because its relay was lost. */
type Outside = LimitName | 'ended' | 'relay';

/** How long the relay may take until it is ready, in milliseconds: it takes 50 on an idle machine. */
const RELAY_MS = 60_000;

/** How long after the relay's end that of the program may be heard of, in milliseconds. */
const GRACE_MS = 1000;

/** A program in its sandbox, from its start to its end. */
class Served implements Service {
  readonly ended: Promise<Execution>;
  /** Resolves when the relay is ready and the program is running, or has ended already. */
  readonly started: Promise<void>;
  readonly #job: ServiceJob;
  readonly #child: ChildProcess;
  readonly folders: ServiceFolders;
  readonly #sockets: tmp.DirResult;
  /** The line to the relay: it says that it is ready, and ends with us. */
  readonly #control: Duplex;
  readonly #watcher = new Watcher();
  readonly #stdout: Collected;
  readonly #stderr: Collected;
  readonly #startedAt = performance.now();
  #status = '';
  #inner: number | null = null;
  #outside: Outside | null = null;
  #over = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(job: ServiceJob, folders: ServiceFolders, child: ChildProcess, sockets: tmp.DirResult) {
    this.#job = job;
    this.folders = folders;
    this.#child = child;
    this.#sockets = sockets;
    this.#control = pipeOf(child, CONTROL);
    const most = job.limits.outputMiB * MIB;
    this.#stdout = new Collected(pipeOf(child, 1), most, () => this.#kill('output'));
    this.#stderr = new Collected(pipeOf(child, 2), most, () => this.#kill('output'));
    this.#timer = setTimeout(() => this.#kill('wall'), job.limits.wallSeconds * 1000);
    const abort = (): void => this.#kill('ended');
    job.signal?.addEventListener('abort', abort);
    const running = this.#running();
    const relayed = job.ports.length > 0 || job.beside !== undefined;
    const ready = relayed ? this.#relayReady() : Promise.resolve();
    const closed = new Promise<void>((resolve, reject) => {
      child.once('error', (error) => reject(new SandboxError(`bubblewrap could not be started: ${error.message}`)));
      child.once('exit', () => this.#afterExit());
      child.once('close', () => resolve());
    });
    const killed = oomKills();
    this.ended = closed
      .finally(() => {
        this.#afterExit();
        job.signal?.removeEventListener('abort', abort);
      })
      .then(() => this.#execution(killed));
    this.ended.catch(() => {}); // whoever waits for the end hears of it
    this.started = Promise.race([Promise.all([running, ready]), this.ended]).then(() => {});
  }

  /** Resolves when bubblewrap has said which process is the program's first. */
  #running(): Promise<void> {
    return new Promise((resolve) => {
      (this.#child.stdio[STATUS] as Readable)
        .on('error', () => {})
        .on('data', (chunk: Buffer) => {
          this.#status += chunk.toString('latin1');
          const pid = /"child-pid":\s*(\d+)/.exec(this.#status)?.[1];
          if (pid === undefined || this.#inner !== null) return;
          this.#inner = Number(pid);
          if (this.#over || this.#outside !== null) endProcess(this.#inner);
          this.#watcher.start(this.#inner, this.#job.limits, { folders: this.folders.all, endsAfter: null }, () =>
            this.#kill(this.#watcher.limit ?? 'ended'),
          );
          resolve();
        });
    });
  }

  #relayReady(): Promise<void> {
    return new Promise((resolve) => {
      this.#control.once('data', () => resolve());
      // Where all of it has ended, the relay too, its end may be heard of first.
      this.#control.once('end', () => setTimeout(() => this.#kill('relay'), GRACE_MS));
      const timer = setTimeout(() => this.#kill('relay'), RELAY_MS);
      this.#control.once('data', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    });
  }

  #kill(why: Outside): void {
    this.#outside ??= why;
    if (this.#over) return;
    if (this.#inner === null) this.#child.kill('SIGKILL');
    else endProcess(this.#inner);
  }

  /** The first process has ended: whatever is left goes with it, the relay last. */
  #afterExit(): void {
    if (this.#over) return;
    this.#over = true;
    this.#watcher.stop();
    clearTimeout(this.#timer);
    if (this.#inner !== null) endProcess(this.#inner);
    if (this.#child.pid !== undefined) endProcess(-this.#child.pid);
    this.#control.destroy();
    this.#sockets.removeCallback();
  }

  #execution(oomKillsBefore: number): Execution {
    const { limits, command, signal } = this.#job;
    signal?.throwIfAborted();
    const exit = /"exit-code":\s*(\d+)/.exec(this.#status)?.[1];
    const exitCode = exit === undefined ? null : Number(exit);
    const stderr = this.#stderr.bytes.toString('utf8');
    if (exitCode === null && this.#outside === null)
      throw new SandboxError(`bubblewrap did not run the program: ${stderr.trim() || 'no exit status'}`);
    if (exitCode !== 0 && this.#outside === null && oomKills() > oomKillsBefore)
      throw new SandboxError('the machine ran out of memory while the program ran, so that its end says nothing');
    const outside = this.#outside === 'ended' ? null : this.#outside;
    if (outside === 'relay') throw new SandboxError('the way to the loopback of the program was lost');
    const full = this.folders.all.some((folder) => exceeds(folder, limits.diskMiB * MIB));
    return {
      command: command.map(quote).join(' '),
      exitCode: this.#outside === null ? exitCode : null,
      signal: this.#outside === null ? signalOf(exitCode) : 'SIGKILL',
      limit: outside ?? (this.#outside === null ? limitFrom(exitCode, stderr) : null) ?? (full ? 'disk' : null),
      stdout: this.#stdout.bytes.toString('utf8'),
      stderr,
      durationMs: performance.now() - this.#startedAt,
      cpuMs: this.#watcher.cpuMs,
      peakMiB: Math.ceil(this.#watcher.peakBytes / MIB),
    };
  }

  socket(port: number): string {
    return join(this.#sockets.name, String(port));
  }

  listening(): Listener[] {
    if (this.#inner === null || this.#over) return [];
    return listenersOf(this.#inner).map(({ address, port }) => ({ address, port }));
  }

  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL'): void {
    if (this.#inner === null || this.#over) return;
    const [, ...inside] = tree(this.#inner); // the first is bubblewrap's own, which passes nothing on
    const holders = holdersOf(listenersOf(this.#inner), inside);
    for (const pid of holders.length > 0 ? holders : inside)
      try {
        process.kill(pid, name);
      } catch {
        // has ended meanwhile
      }
  }

  output(): { stdout: Uint8Array; stderr: Uint8Array } {
    return { stdout: this.#stdout.bytes, stderr: this.#stderr.bytes };
  }

  usage(): { cpuMs: number; memoryMiB: number } {
    if (this.#inner === null || this.#over) return { cpuMs: this.#watcher.cpuMs, memoryMiB: 0 };
    const { cpuMs, memoryBytes } = usageOf(this.#inner);
    return { cpuMs, memoryMiB: memoryBytes / MIB };
  }

  end(): Promise<Execution> {
    this.#kill('ended');
    return this.ended;
  }

  read(path: string): Promise<Uint8Array | null> {
    return this.folders.read(path);
  }

  files(): AsyncIterable<{ path: string; bytes: Uint8Array }> {
    return this.folders.files();
  }

  remove(): void {
    this.folders.remove();
  }
}

function withoutWorkspace({ workspace: _copied, ...job }: ServiceJob): ServiceJob {
  return job;
}

/** Starts a program that keeps running, with a way to its loopback. Rejects with `SandboxError`. */
export async function serve(job: ServiceJob, base: Base, covered: readonly ('ignore' | number)[]): Promise<Service> {
  job.signal?.throwIfAborted();
  const folders = job.resumes instanceof Served ? job.resumes.folders : new ServiceFolders();
  await folders.give(job.given ?? []);
  const sockets = socketFolder();
  const node = openSync(process.execPath, 'r');
  const [program = '', ...words] = commandOf(
    job.resumes === undefined ? job : withoutWorkspace(job),
    folders,
    base,
    sockets.name,
  );
  const stdio: StdioOptions = [
    job.stdin === undefined ? 'ignore' : 'pipe',
    'pipe',
    'pipe',
    'pipe',
    'pipe',
    node,
    'pipe',
    ...covered,
  ];
  const child = spawn(program, words, { env: { PATH: systemPath }, stdio, detached: true });
  closeSync(node);
  pipeOf(child, FILTER).end(filter);
  if (job.stdin !== undefined) pipeOf(child, 0).end(job.stdin);
  const service = new Served(job, folders, child, sockets);
  try {
    await service.started;
  } catch (error) {
    await service.end().catch(() => {});
    if (job.resumes === undefined) folders.remove();
    throw error;
  }
  return service;
}
