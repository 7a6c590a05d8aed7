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

/** One program to run on its own copy of a workspace. */
export interface Job {
  command: readonly string[];
  /** Host directory whose content is copied to /w before the program starts; nothing when absent. */
  workspace?: string;
  /** Absolute directory inside in which the program starts. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  /** Host directory that the program finds writable at /out: the only way for files to leave. */
  out?: string;
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
  /** Tries what it promises. */
  probe(): Promise<SandboxReport>;
}
