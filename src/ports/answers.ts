import type { Answer } from '../domain/grading/answer.ts';
import type { Use } from './provider.ts';

/** Answers by the hash of what was asked; several processes may use the same at once. */
export interface AnswerCache {
  /** The answer, or null when there is none, or none that is whole. */
  get(key: string): Promise<Answer | null>;
  /** Keeps an answer; when it resolves, the answer is on disk. */
  put(key: string, answer: Answer): Promise<void>;
  /** Does work while no other process does any under this key; waits for whoever is at it. */
  alone<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Whether somebody does work under this key right now. */
  isBusy(key: string): Promise<boolean>;
  /** The batch that an answer is waited for from, null when there is none. */
  pending(key: string): Promise<string | null>;
  /** Rejects when an answer could not be kept: asked before anything is paid. */
  expectRoom(): Promise<void>;
}

/** What a run has paid. A call that began and has no end counts with the most that it could use. */
export interface Ledger {
  /** On disk before the call is sent. */
  begin(call: string, what: { model: string; request: string; atMost: Use }): Promise<void>;
  end(call: string, used: Use): Promise<void>;
}
