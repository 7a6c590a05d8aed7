import type { LimitName } from '../domain/grading/check.ts';
import type { Limits } from '../domain/grading/limits.ts';
import type { Registry } from './registries.ts';

/** A host directory or file that a program sees. */
export interface Mount {
  source: string;
  /** Absolute path inside. */
  target: string;
  writable?: boolean;
}

/** A file whose silence ends a program. Nothing happens before the file is there. */
export interface EndsAfter {
  file: string;
  /** Milliseconds of the clock on the wall. */
  quietMs: number;
}

/** One program to run on its own copy of a workspace. */
export interface Job {
  command: readonly string[];
  /** Host directory whose content is copied to /w before the program starts; nothing when absent. */
  workspace?: string;
  /** Absolute directory inside in which the program starts. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  /** What the program reads from its standard input; nothing when absent. */
  stdin?: Uint8Array;
  /** Host directory that the program finds writable at /out: the only way for files to leave. */
  out?: string;
  /** A file below `out`: the program is ended (limit `wall`) when it has not written that for so long. */
  endsAfter?: EndsAfter;
  /**
   * `registries`: nothing but those that `registries` names, at `addressInside` of their names; for trusted resolvers,
   * and never for a program of the answer. Nobody has any other network.
   */
  network: 'none' | 'registries';
  registries?: readonly Registry[];
  limits: Limits;
  signal?: AbortSignal | undefined;
}

/** How a program ended. A program that could not be started is a `SandboxError` instead. */
export interface Execution {
  /** The command as a person would type it. */
  command: string;
  exitCode: number | null;
  signal: string | null;
  /**
   * The limit that ended it, null when none did. Where `signal` is null it is told from what the program said, and that
   * may be anything.
   */
  limit: LimitName | null;
  stdout: string;
  stderr: string;
  durationMs: number;
  /** CPU time of the whole tree as last seen, in milliseconds. */
  cpuMs: number;
  /** MiB of memory that the whole tree had at most, as seen from outside. */
  peakMiB: number;
  /** Packages of which a registry did not say when they were released; absent where there is none. */
  undated?: readonly string[];
}

/**
 * A program that may keep running, is reached through its own loopback, and leaves its files. It has no other network.
 */
export interface ServiceJob extends Omit<Job, 'network' | 'registries' | 'out'> {
  /** Files that it finds below /tmp/given, by relative path. */
  given?: readonly { path: string; bytes: Uint8Array }[];
  /** Ports of its loopback that can be reached through `Service.socket`. */
  ports: readonly number[];
  /** A service that has ended: this one starts on the files that it left, and `workspace` is not copied again. */
  resumes?: Service;
  /**
   * Sources of programs of ours (CommonJS for Node.js) that run beside it, on the same loopback and out of its reach.
   */
  beside?: readonly string[];
}

/** An address inside on which something listens. */
export interface Listener {
  /** `0.0.0.0`, `127.0.0.1`, `::` … */
  address: string;
  port: number;
}

/** A started program that may keep running. */
export interface Service {
  /** Path of a Unix socket: each connection to it becomes one to 127.0.0.1 and the port inside. */
  socket(port: number): string;
  /** On what it listens now, as the kernel says. */
  listening(): Listener[];
  /** Sends a signal to those of its processes that listen, or to all of them when none does. */
  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL'): void;
  /** What it has printed so far. */
  output(): { stdout: Uint8Array; stderr: Uint8Array };
  /** What it uses now. */
  usage(): { cpuMs: number; memoryMiB: number };
  /**
   * Resolves when its first process has ended, and with it all others; rejects with `SandboxError` for what is our
   * failure.
   */
  ended: Promise<Execution>;
  /** Ends it, with all that it started. Its files stay until `remove`. */
  end(): Promise<Execution>;
  /**
   * A file below /w or /tmp, by its absolute path inside; null when there is no such ordinary file, or it is too large.
   */
  read(path: string): Promise<Uint8Array | null>;
  /**
   * All ordinary files below /w and /tmp by absolute path inside, those that are not too large. For when it has ended.
   */
  files(): AsyncIterable<{ path: string; bytes: Uint8Array }>;
  /** Removes the files of a service that has ended, and of those that it resumed. */
  remove(): void;
}

/** What a sandbox can stop on this machine, found by trying. */
export interface SandboxReport {
  driver: string;
  version: string;
  /** `namespace`: own namespaces, memory by rlimit and watcher; `none`: no grading here. */
  level: 'namespace' | 'none';
  held: string[];
  /** Whether programs have a loopback of their own; without one, tests that want a port cannot be measured here. */
  loopback: boolean;
  /** What did not hold or does not work, each with what to do. */
  problems: string[];
}

/** Our failure: the program was never started or its end could not be seen. */
export class SandboxError extends Error {
  override name = 'SandboxError';
}

/** A driver of a sandbox. */
export interface Sandbox {
  /** Runs a program. Rejects with `SandboxError` when that could not be done; every other end is an `Execution`. */
  run(job: Job): Promise<Execution>;
  /** Starts a program that keeps running. Rejects with `SandboxError` when that could not be done. */
  serve(job: ServiceJob): Promise<Service>;
  /** Tries what it promises. */
  probe(): Promise<SandboxReport>;
}
