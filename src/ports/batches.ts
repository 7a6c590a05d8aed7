import type { BatchRecord } from '../domain/runs/batch.ts';

/** What is known of batches; each record is written whole or not at all. */
export interface BatchRecords {
  /** The oldest first. */
  all(): Promise<BatchRecord[]>;
  write(record: BatchRecord): Promise<void>;
  remove(record: BatchRecord): Promise<void>;
}
