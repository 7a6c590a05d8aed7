import { z } from 'zod';

const share = z.number().min(0).max(1);

/** What is followed from night to night: less of the first two, and more of the others, is worse. */
export const followed = ['pass', 'score', 'cost', 'latency'] as const;
export type Followed = (typeof followed)[number];

/** One model with one prompt in one night. */
export const seriesNightSchema = z.strictObject({
  model: z.string(),
  prompt: z.string(),
  /** Counts up where a line cannot go on: another grader that came to other verdicts, or other scenarios. */
  line: z.int().positive(),
  /** Hash of the scenarios. */
  scenarios: z.string(),
  answers: z.int().nonnegative(),
  ungraded: z.int().nonnegative(),
  passed: z.int().nonnegative(),
  score: share.nullable(),
  /** Means of an answer: US dollars, and milliseconds. Null where they are not known. */
  costUsd: z.number().nonnegative().nullable(),
  latencyMs: z.number().nonnegative().nullable(),
  /** Graded answers by scenario: how many passed, of how many. */
  perScenario: z.record(z.string(), z.tuple([z.int().nonnegative(), z.int().positive()])),
  /** What the comparison with the baseline said; null where there is none. */
  outcome: z.enum(['better', 'no worse', 'worse', 'not enough data']).nullable(),
  gateMet: z.boolean(),
  /** The gate's own false alarms: one half of the night's answers compared with the other; null for one repeat. */
  control: z.enum(['worse', 'quiet']).nullable(),
});

/** Something that changed for the worse, in one series. */
export const suspicionSchema = z.strictObject({
  model: z.string(),
  prompt: z.string(),
  what: z.enum(followed),
  /** Nights since it changed, tonight included. */
  nights: z.int().positive(),
  before: z.number(),
  now: z.number(),
  p: share,
});

/** A night: one line of `reports/baselines/<suite>.history.ndjson`. */
export const nightSchema = z.strictObject({
  format: z.literal(1),
  at: z.iso.datetime(),
  run: z.string(),
  suite: z.string(),
  grader: z.string(),
  tools: z.record(z.string(), z.string()),
  /** How a new grader was bridged: stored answers that both graded, and verdicts that changed. */
  bridge: z.strictObject({ from: z.string(), answers: z.int(), changed: z.int() }).nullable(),
  series: z.array(seriesNightSchema),
  /** What was suspected, whether or not fresh answers confirmed it. */
  suspicions: z.array(z.strictObject({ ...suspicionSchema.shape, confirmed: z.boolean() })),
  spentUsd: z.number().nonnegative(),
});

export type SeriesNight = z.infer<typeof seriesNightSchema>;
export type Suspicion = z.infer<typeof suspicionSchema>;
export type Night = z.infer<typeof nightSchema>;

/** `evals/quarantine.yaml`: scenarios that run and cannot gate, until a day. */
export const quarantineSchema = z.array(
  z.strictObject({
    scenario: z.string(),
    reason: z.string().min(1),
    owner: z.string().min(1),
    /** The last day (YYYY-MM-DD); from the next one on the scenario gates again. */
    until: z.iso.date(),
  }),
);
export type Quarantine = z.infer<typeof quarantineSchema>;
