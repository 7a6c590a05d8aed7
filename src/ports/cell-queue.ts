/**
 * A cell to take to its grade. It holds references only, and stays below a kilobyte: no prompt, no answer, no secret.
 * What they refer to is in a store that every worker can read.
 */
export interface CellReference {
  /** The cell's key: at any time one worker has it. */
  cell: string;
  /** Hash of what is planned for the cell: request, prompt, scenario, settings of the model. */
  plan: string;
  /** Hashes of contents that its worker needs, by what they are. */
  blobs: Readonly<Record<string, string>>;
}

/** A worker's claim to a cell. */
export interface Claim {
  reference: CellReference;
  /** Token of this attempt. It is void when the queue has given the cell to another worker. */
  attempt: string;
  /** How often the cell was claimed, this time included. */
  number: number;
}

/**
 * How an attempt ended.
 * - `graded`: the grade is kept; `grade` is its hash
 * - `released`: nothing came of it, and another worker may try
 * - `failed`: nothing came of it, and it must not be tried again
 */
export type Settlement =
  | { status: 'graded'; grade: string }
  | { status: 'released' }
  | { status: 'failed'; reason: string };

/** Hands cells to workers, each to one at a time. Delivery is at least once: work must bear to be done twice. */
export interface CellQueue {
  /** Adds cells. One whose key was added before is not added again. */
  enqueue(references: readonly CellReference[]): Promise<void>;
  /**
   * The next cell. Waits while there is none but others are claimed, for they may be released; null when all are
   * settled. Rejects with the signal's reason when that comes first.
   */
  claim(signal: AbortSignal): Promise<Claim | null>;
  /** Says that an attempt is still at work; false when its token is void, and its worker should stop. */
  heartbeat(attempt: string): Promise<boolean>;
  /** Ends an attempt; false when its token is void, and what came of it must not be used. */
  settle(attempt: string, settlement: Settlement): Promise<boolean>;
}
