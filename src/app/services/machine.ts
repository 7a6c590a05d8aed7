import { availableParallelism, totalmem } from 'node:os';
import type { Manifest } from '../../domain/runs/run.ts';

/** MiB for the programs of all checks together: most of what the machine has, or of what our control group may use. */
export function memoryForChecks(): number {
  const limit = process.constrainedMemory(); // 0, or more than there is, when nothing binds us
  return (0.8 * Math.min(totalmem(), limit > 0 ? limit : totalmem())) / 1024 / 1024;
}

/** This machine, as a run's results name it. */
export function describeMachine(): Manifest['machine'] {
  return {
    platform: process.platform,
    arch: process.arch,
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 1024 / 1024),
  };
}
