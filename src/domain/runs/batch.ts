import { z } from 'zod';

/**
 * `<state>/batches/<name>.json`: a batch of requests. It is written before the batch is submitted, and again as soon as
 * it has an id.
 */
export const batchRecordSchema = z.strictObject({
  format: z.literal(1),
  /** Chosen by us; the ids of all its requests begin with it. */
  name: z.string(),
  /** Where it was submitted; the records of another service are left alone. */
  service: z.string(),
  createdAt: z.iso.datetime(),
  /** The id that the service gave it; null while we do not know whether the service has it. */
  batch: z.string().nullable(),
  /** Batches that looked like this one and proved to be somebody else's. */
  notThis: z.array(z.string()),
  /** By the id of each request: where its answer is kept, and the model as suites have it. */
  requests: z.record(z.string(), z.strictObject({ key: z.string(), model: z.string() })),
  /** Why there is no answer, by its key; those not named here have one once the batch is collected. */
  failures: z.record(z.string(), z.string()),
  collected: z.boolean(),
});

export type BatchRecord = z.infer<typeof batchRecordSchema>;
