import { z } from 'zod';

const passOrFail = z.enum(['pass', 'fail']);
const ratio = z.number().gt(1, 'a ratio above 1 (1.25 allows a quarter more)');

/** `gate` of a suite: what a run of it has to keep. */
export const gateSchema = z.strictObject({
  /**
   * `suite`: what holds for these very scenarios; `population`: for scenarios like these, of which they are a sample.
   */
  scope: z.enum(['suite', 'population']).default('suite'),
  /**
   * How much worse (0 to 1) still counts as no worse: `pass`, `score`, a check's name (`tests`) or id (`python/tests`).
   */
  margins: z.record(z.string(), z.number().positive().max(1)).default({ pass: 0.05, score: 0.03 }),
  /** How many times the base's cost, output tokens or latency still counts as no worse. */
  limits: z.strictObject({ cost: ratio.optional(), tokens: ratio.optional(), latency: ratio.optional() }).default({}),
  /**
   * What must not appear: `finding:<tool> <rule>` (with `*`), or `check:<name or id>` that must not fail. Never
   * averaged with anything. With a base, what the base breaks as well is compared; without one, nothing may be broken.
   */
  hard: z.array(z.string().regex(/^(check|finding):\S/, 'finding:<tool> <rule> or check:<name>')).default([]),
  /** The least mean (0 to 1) of the run itself, whatever it is compared with; names as in `margins`. */
  atLeast: z.record(z.string(), z.number().positive().max(1)).default({}),
  /**
   * What comes of a loss that is seen and too seldom to exclude chance: a hard invariant that all answers of the base
   * keep and some answer of the head breaks; all answers of the base pass and none of the head does; worse on these
   * scenarios while the scope is `population`; no answer at all passes where some should.
   */
  unconfirmed: passOrFail.default('fail'),
  /** What comes of "not enough data". */
  unsettled: passOrFail.default('pass'),
  /** Ungraded cells that a run may have without being void. */
  ungraded: z.int().nonnegative().default(0),
  /**
   * What a run of the suite is compared with: a prompt or a model of the suite, or `baseline`. `none`: with nothing,
   * and what needs a base is for `cupel compare` alone.
   */
  base: z.string().optional(),
});

export type Gate = z.infer<typeof gateSchema>;

/** The gate of a suite that sets none. */
export const defaultGate: Gate = gateSchema.parse({});

/** Parts of a gate that say something only of two sides. */
const needBase = ['margins', 'limits'] as const;
/** Parts that say something of a run by itself. */
const ofTheRun = ['hard', 'atLeast', 'ungraded'] as const;
/** Parts that say how the others are decided; without a base, `atLeast` is all that they can decide. */
const howDecided = ['scope', 'unconfirmed', 'unsettled'] as const;

/**
 * What of a gate, as it is written in a suite, would have no effect: the part's name, and what would give it one. A
 * gate that names a base has no such part.
 */
export function withoutEffect(written: unknown): { part: string | null; expected: string } | null {
  if (typeof written !== 'object' || written === null || 'base' in written) return null;
  const has = (part: string): boolean => part in written;
  const relative = needBase.find(has);
  const how =
    'base: baseline, or a prompt or model of the suite, beside it (or base: none, where only cupel compare is to use it)';
  if (relative !== undefined) return { part: relative, expected: how };
  const manner = howDecided.find(has);
  if (manner !== undefined && !has('atLeast')) return { part: manner, expected: `atLeast or ${how}` };
  return ofTheRun.some(has)
    ? null
    : { part: null, expected: 'base (what runs are compared with), or one of hard, atLeast and ungraded' };
}

/** A gate as a suite has it: a part that would have no effect is refused. */
export const suiteGateSchema = z
  .unknown()
  .superRefine((written, context) => {
    const idle = withoutEffect(written);
    if (idle === null) return;
    const { part, expected } = idle;
    context.addIssue({
      code: 'custom',
      message: `expected ${expected}`,
      ...(part === null ? {} : { path: [part] }),
      input: part === null ? written : Object.entries(written as object).find(([name]) => name === part)?.[1],
    });
  })
  .pipe(gateSchema);
