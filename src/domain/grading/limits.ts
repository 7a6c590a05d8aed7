import { z } from 'zod';

/** What a program in the sandbox may use. */
export const limitsSchema = z.strictObject({
  /** CPU seconds of the whole process tree; decides. */
  cpuSeconds: z.number().positive(),
  /** Seconds of wall-clock time; only a backstop. */
  wallSeconds: z.number().positive(),
  /** MiB of memory of the whole process tree. */
  memoryMiB: z.int().positive(),
  processes: z.int().positive(),
  /** MiB of any one file. */
  fileMiB: z.int().positive(),
  /** MiB of the workspace, and of /tmp. */
  diskMiB: z.int().positive(),
  /** MiB of standard output and of standard error. */
  outputMiB: z.int().positive(),
});

export type Limits = z.infer<typeof limitsSchema>;

/** Generous for a service of 5,000 lines: what runs into these does not end by itself. */
export const defaultLimits: Limits = {
  cpuSeconds: 300,
  wallSeconds: 900,
  memoryMiB: 4096,
  processes: 256,
  fileMiB: 64,
  diskMiB: 512,
  outputMiB: 16,
};
