import { withDetail } from '../formats/words.ts';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import tmp from 'tmp';
import type { LimitName } from '../domain/grading/check.ts';
import type { RegistryGateway } from '../ports/registries.ts';
import { SandboxError } from '../ports/sandbox.ts';
import type { Execution, Job, Sandbox, SandboxReport, Service, ServiceJob } from '../ports/sandbox.ts';
import { NOT_ENTERED, bwrapArguments, etcFiles } from './arguments.ts';
import type { Base } from './arguments.ts';
import { Bridges } from './bridge.ts';
import type { Bridge } from './bridge.ts';
import { coveredDescriptors } from './descriptors.ts';
import { limitFrom, signalOf } from './endings.ts';
import { endProcess, outerCommand, quote, systemPath } from './host-side.ts';
import { probe } from './probe.ts';
import { filter } from './seccomp.ts';
import { CONTROL, serve } from './serve.ts';
import { oomKills } from './watch.ts';
import { Watcher, exceeds } from './watcher.ts';

const MIB = 1024 * 1024;

/** Nothing to read, two outputs, and what bwrap reads and writes: its filter and its status. */
const streams = ['ignore', 'pipe', 'pipe', filter, ['pipe']] as ['ignore', 'pipe', 'pipe', Uint8Array, ['pipe']];

/** The last of these descriptors. */
const STATUS = 4;

/** Makes a folder that goes away with the process and that the sandbox's user may enter. */
function folderForAll(name: string): string {
  const folder = tmp.dirSync({ prefix: `cupel-${name}`, unsafeCleanup: true }).name;
  chmodSync(folder, 0o755); // after the fact: a mode at creation is cut by the umask
  return folder;
}

/** A sandbox that has been started. */
interface Started {
  /** Resolves when it has ended. */
  ended: Promise<Awaited<ReturnType<typeof start>>>;
  watcher: Watcher;
}

/** Starts bubblewrap itself. */
function start(job: Job, command: readonly string[], covered: readonly ('ignore' | number)[]) {
  return execa(command[0] ?? '', command.slice(1), {
    env: { PATH: systemPath }, // readable inside through /proc/1/environ, so nothing else
    extendEnv: false,
    reject: false,
    // more of them, and the same ones first
    stdio: [job.stdin ?? 'ignore', ...streams.slice(1), ...covered] as unknown as typeof streams,
    maxBuffer: job.limits.outputMiB * MIB,
    timeout: job.limits.wallSeconds * 1000,
    killSignal: 'SIGKILL',
    stripFinalNewline: false,
    detached: true, // signals for our group, as a terminal sends them, are ours to answer
  });
}

/** Starts a job and sees to it that all of it ends when it is to end. */
function launch(job: Job, command: readonly string[], covered: readonly ('ignore' | number)[]): Started {
  const child = start(job, command, covered);
  const watcher = new Watcher();
  // bubblewrap that is killed while it starts leaves its child waiting or running, with our pipes in its hands: in the
  // group, or known.
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
    const folders = job.out === undefined ? [] : [job.out];
    const { out, endsAfter: after } = job;
    const endsAfter = out === undefined || after === undefined ? null : { ...after, file: join(out, after.file) };
    watcher.start(inner, job.limits, { folders, endsAfter }, () => void child.kill('SIGKILL'));
  });
  const ended = child.finally(() => {
    job.signal?.removeEventListener('abort', end);
    watcher.stop();
  });
  return { ended, watcher };
}

/** What a program's end says: its status as bubblewrap saw it, and the limit that it ran into. */
function executionOf(
  job: Job,
  result: Awaited<ReturnType<typeof start>>,
  watcher: Watcher,
  durationMs: number,
): Execution {
  const exit = /"exit-code":\s*(\d+)/.exec(result.stdio[4] ?? '')?.[1];
  const exitCode = exit === undefined ? null : Number(exit);
  const outer: LimitName | null = result.timedOut ? 'wall' : result.isMaxBuffer ? 'output' : watcher.limit;
  if (exitCode === null && outer === null) {
    const why = result.stderr.trim() || result.originalMessage || 'no exit status';
    throw new SandboxError(`bubblewrap did not run the program: ${why}`);
  }
  const cpuUsedUp = exitCode === 137 && watcher.cpuMs > job.limits.cpuSeconds * 950;
  const told = outer ?? (cpuUsedUp ? 'cpu' : limitFrom(exitCode, result.stderr));
  // Once more at the end: whether the watcher saw what is left there must not be a matter of luck.
  const limit = told ?? (job.out !== undefined && exceeds(job.out, job.limits.diskMiB * MIB) ? 'disk' : null);
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
}

/** Programs inside bubblewrap: own namespaces, no network, a read-only system, limits, a seccomp filter. */
export class Bubblewrap implements Sandbox {
  readonly #base: Base;
  readonly #bridges: Bridges;
  readonly #gateway: RegistryGateway;
  /** What programs find in place of each descriptor that they would inherit: nothing. */
  readonly #covered = coveredDescriptors(STATUS);
  readonly #coveredOfServices = coveredDescriptors(CONTROL);

  /** @param gateway reads registries for the jobs that name some */
  constructor(gateway: RegistryGateway) {
    tmp.setGracefulCleanup();
    this.#base = { emptyFolder: folderForAll('empty'), etc: folderForAll('etc') };
    this.#gateway = gateway;
    this.#bridges = new Bridges(gateway, folderForAll('bridge'));
    for (const [name, text] of Object.entries(etcFiles)) {
      writeFileSync(join(this.#base.etc, name), text);
      chmodSync(join(this.#base.etc, name), 0o644);
    }
  }

  async run(job: Job): Promise<Execution> {
    const killed = oomKills();
    const since = performance.now();
    const execution = await this.#start(job);
    this.#throwIfRefused(job, execution, since);
    if (execution.exitCode !== 0 && oomKills() > killed)
      throw new SandboxError(
        'the machine ran out of memory while the program ran, so that its end says nothing; ' +
          'give it more memory, or fewer checks at a time (--jobs)',
      );
    // Only where nothing of the answer runs is this end the entry's own for sure.
    if (execution.exitCode === NOT_ENTERED) {
      const entered = await this.#start({ ...job, command: ['true'] });
      // The answer is larger than what it may write: that is its own fault, and shows in every program.
      if (entered.limit === 'disk' || entered.limit === 'file-size') return { ...entered, command: execution.command };
      if (entered.exitCode !== 0)
        throw new SandboxError(
          withDetail('the program could not be started on its copy of the answer', entered.stderr),
        );
    }
    const undated = job.network === 'registries' ? this.#gateway.undatedSince?.(job.registries ?? [], since) : [];
    return undated === undefined || undated.length === 0 ? execution : { ...execution, undated };
  }

  /** A resolver that failed where a registry wanted other credentials: that is no fault of what it resolves. */
  #throwIfRefused({ registries, network }: Job, { exitCode }: Execution, since: number): void {
    if (network !== 'registries' || exitCode === 0) return;
    const refusal = this.#gateway.refusalSince?.(registries ?? [], since) ?? null;
    if (refusal !== null) throw new SandboxError(`packages could not be had: ${refusal}`);
  }

  async #start(job: Job): Promise<Execution> {
    const bridge: Bridge | null = job.network === 'registries' ? await this.#bridges.to(job.registries ?? []) : null;
    const command = [...outerCommand(), ...bwrapArguments(job, this.#base, bridge)];
    const started = performance.now();
    job.signal?.throwIfAborted();
    const { ended, watcher } = launch(job, command, this.#covered);
    const result = await ended;
    const durationMs = performance.now() - started;
    job.signal?.throwIfAborted();
    return executionOf(job, result, watcher, durationMs);
  }

  serve(job: ServiceJob): Promise<Service> {
    return serve(job, this.#base, this.#coveredOfServices);
  }

  probe(): Promise<SandboxReport> {
    return probe(this);
  }
}
