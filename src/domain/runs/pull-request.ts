import { z } from 'zod';

/** What can be said of a change to what a suite asks; `unchanged`: it touches nothing of the suite. */
export const pullStatuses = [
  'better',
  'no worse',
  'worse',
  'not enough data',
  'could not measure',
  'unchanged',
] as const;

/** The longest name and the longest sentence that a report may hold, and the most items of a list. */
const name = z.string().max(300);
const sentence = z.string().max(2000);
const listOf = <T extends z.ZodType>(item: T) => z.array(item).max(500);
const count = z.int().nonnegative();
const commit = z.string().regex(/^[0-9a-f]{40,64}$/, 'a hash');

const passedSchema = z.strictObject({ passed: count, of: count, score: z.number().min(0).max(1).nullable() });

/** Something that differs between the base and the head. */
export const touchedSchema = z.strictObject({
  what: z.enum(['prompt', 'scenario', 'model', 'settings', 'recordings', 'repeats', 'suite']),
  how: z.enum(['changed', 'new', 'gone', 'replaced']),
  name,
  /** What it takes the place of; null where that is the same, or nothing. */
  before: name.nullable(),
});

/** One scenario on both sides; `base` is null where it is new. */
const rowSchema = z.strictObject({
  scenario: name,
  base: passedSchema.nullable(),
  head: passedSchema,
  /** Whether the scenario itself is another one than in the base, so that its answers have no common measure. */
  asksOther: z.boolean(),
});

const dimensionSchema = z.strictObject({
  id: name,
  outcome: z.enum(['better', 'no worse', 'worse', 'not enough data']).nullable(),
  unit: z.enum(['share', 'ratio']),
  base: z.number(),
  head: z.number(),
  difference: z.number(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
});

/**
 * What a change does to one suite: the data of its comment. Another job may read it from an artifact that a stranger
 * wrote, so everything in it has a bound.
 */
export const pullReportSchema = z.strictObject({
  format: z.literal(1),
  suite: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'lower-case letters, digits and hyphens'),
  status: z.enum(pullStatuses),
  /** Null where there was nothing to decide. */
  gateMet: z.boolean().nullable(),
  /** The number of the pull request; null outside of one. */
  pull: z.int().positive().nullable(),
  head: commit,
  base: z.strictObject({
    commit,
    /** Files that count as the base's although the commit has others: a squash merge took them from this branch. */
    takenOver: count,
  }),
  touched: listOf(touchedSchema),
  /** Why, in sentences; the most important first. */
  reasons: listOf(sentence),
  passed: z.strictObject({ base: passedSchema, head: passedSchema }).nullable(),
  ungraded: z.strictObject({ base: count, head: count }),
  rows: listOf(rowSchema),
  dimensions: listOf(dimensionSchema),
  /** Answers that no model was asked for because there was no key, or nobody wanted it. */
  replayed: z.boolean(),
  spent: z.strictObject({
    asked: count,
    known: count,
    /** Answers of the base that were taken from a baseline or a run with the same identity. */
    fromBaseline: count,
    tokens: z.number().nonnegative(),
    costUsd: z.number().nonnegative(),
    unpriced: count,
  }),
  /** Hash of the plan of the head; null where nothing was run. */
  plan: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'a hash')
    .nullable(),
  tools: z.record(z.string().max(100), z.string().max(100)),
  sandbox: name.nullable(),
});

export type PullStatus = (typeof pullStatuses)[number];
export type Touched = z.infer<typeof touchedSchema>;
export type PullReport = z.infer<typeof pullReportSchema>;
