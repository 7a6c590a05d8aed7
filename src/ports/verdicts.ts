import type { Outcome } from '../domain/grading/check.ts';

/** Outcomes of checks whose inputs, configuration and tools have not changed since. */
export interface VerdictCache {
  /** Null when there is none or when it cannot be believed. */
  get(key: string): Promise<Outcome | null>;
  put(key: string, outcome: Outcome): Promise<void>;
}
