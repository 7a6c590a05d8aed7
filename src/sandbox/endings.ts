/** How a program ended, read from its exit status and from what it said. */
import type { LimitName } from '../domain/grading/check.ts';

/** The signal that ended a program; null when none did. */
export function signalOf(exitCode: number | null): string | null {
  // A shell's convention, which bwrap follows: 128 + signal.
  if (exitCode === 137) return 'SIGKILL';
  if (exitCode === 152) return 'SIGXCPU';
  if (exitCode === 153) return 'SIGXFSZ';
  if (exitCode === 139) return 'SIGSEGV';
  if (exitCode === 134) return 'SIGABRT';
  return null;
}

/** The limits that leave a trace in how the program ended or in what it said. */
export function limitFrom(exitCode: number | null, stderr: string): LimitName | null {
  if (exitCode === 152) return 'cpu';
  if (exitCode === 153) return 'file-size';
  if (exitCode === 0) return null;
  if (/No space left on device|ENOSPC/.test(stderr)) return 'disk';
  if (/File size limit exceeded|File too large|EFBIG/.test(stderr)) return 'file-size';
  if (/can't start new thread|fork: retry|Resource temporarily unavailable|EAGAIN/.test(stderr)) return 'processes';
  if (/MemoryError|JavaScript heap out of memory|Cannot allocate memory|cannot allocate memory/.test(stderr))
    return 'memory';
  return null;
}
