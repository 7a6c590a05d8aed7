import { z } from 'zod';

const passOrFail = z.enum(['pass', 'fail']);
const ratio = z.number().gt(1, 'a ratio above 1 (1.25 allows a quarter more)');

/** `gate` of a suite: what a comparison has to keep. */
export const gateSchema = z.strictObject({
  /** `population`: what holds for scenarios like these; `suite`: for these very scenarios, which alone matter then. */
  scope: z.enum(['population', 'suite']).default('population'),
  /**
   * How much worse (0 to 1) still counts as no worse: `pass`, `score`, a check's name (`tests`) or id (`python/tests`).
   */
  margins: z.record(z.string(), z.number().positive().max(1)).default({ pass: 0.05, score: 0.03 }),
  /** How many times the base's cost, output tokens or latency still counts as no worse. */
  limits: z.strictObject({ cost: ratio.optional(), tokens: ratio.optional(), latency: ratio.optional() }).default({}),
  /**
   * What must not appear: `finding:<tool> <rule>` (with `*`), or `check:<name or id>` that must not fail. Never
   * averaged with anything.
   */
  hard: z.array(z.string().regex(/^(check|finding):\S/, 'finding:<tool> <rule> or check:<name>')).default([]),
  /**
   * What comes of a hard invariant that all answers of the base keep and some answer of the head breaks, too seldom to
   * exclude chance.
   */
  unconfirmed: passOrFail.default('fail'),
  /** What comes of "not enough data". */
  unsettled: passOrFail.default('pass'),
  /** Ungraded cells that a run may have without being void. */
  ungraded: z.int().nonnegative().default(0),
  /** What a run of the suite is compared with: a prompt or a model of the suite, or `baseline`. Nothing when absent. */
  base: z.string().optional(),
});

export type Gate = z.infer<typeof gateSchema>;

/** The gate of a suite that sets none. */
export const defaultGate: Gate = gateSchema.parse({});
