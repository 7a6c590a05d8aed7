import { z } from 'zod';
import { cellSchema } from '../grading/cell.ts';
import { fingerprintSchema, inputsSchema } from './run.ts';

/** What a grade depends on before there is an answer, by hash. */
export const plannedHashesSchema = fingerprintSchema.omit({ answer: true, dependencies: true, lots: true });

/**
 * `reports/runs/<id>/plan.json` of a shard: the whole plan of which it is a part. Its hash stands in the manifest of
 * every shard, and shards are put together only where all of these are equal.
 */
export const wholePlanSchema = z.strictObject({
  format: z.literal(1),
  suite: z.string(),
  /** Seconds that an answer of a scenario takes, by which shards are balanced; null where nobody wrote them down. */
  seconds: z.record(z.string(), z.number().positive()).nullable(),
  /** Every cell of every shard, in the order of the suite. */
  cells: z.array(z.strictObject({ cell: cellSchema, planned: plannedHashesSchema })),
  inputs: inputsSchema,
});

/** `evals/durations.json`: what shards are balanced by. */
export const durationsSchema = z.strictObject({
  format: z.literal(1),
  /** Seconds of CPU time that grading one answer takes, by scenario. */
  seconds: z.record(z.string(), z.number().positive()),
});

export type PlannedHashes = z.infer<typeof plannedHashesSchema>;
export type WholePlan = z.infer<typeof wholePlanSchema>;
export type Durations = z.infer<typeof durationsSchema>;
