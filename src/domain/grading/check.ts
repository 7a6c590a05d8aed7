import { z } from 'zod';
import { checkIdSchema } from './check-id.ts';
import { findingSchema } from './finding.ts';

/**
 * `passed`, `failed` and `blocked` speak of the code. `errored` speaks of us: it is evidence of nothing.
 * `not_applicable`: nobody asked for it, so it has no part in the score.
 */
export const checkStatuses = ['passed', 'failed', 'blocked', 'errored', 'not_applicable'] as const;

/** The limits that can end a program in the sandbox. */
export const limitNames = ['cpu', 'wall', 'memory', 'output', 'file-size', 'disk', 'processes'] as const;

/** One program that a check ran: what it was, how it ended, where its output is. */
export const evidenceSchema = z.strictObject({
  command: z.string(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  limit: z.enum(limitNames).nullable(),
  durationMs: z.number(),
  cpuMs: z.number(),
  /** Standard output and standard error, shortened in the middle when very long. */
  output: z.string(),
});

/** What a check measured: counts, shares (0 to 1), names. */
export const factsSchema = z.record(
  z.string(),
  z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.string())]),
);

/** A check's outcome. */
export const checkResultSchema = z.strictObject({
  id: checkIdSchema,
  status: z.enum(checkStatuses),
  /** 0 to 1; null when errored or not applicable. */
  score: z.number().min(0).max(1).nullable(),
  /** One sentence that a person understands; null when there is nothing to add to the status. */
  reason: z.string().nullable(),
  facts: factsSchema,
  findings: z.array(findingSchema),
  evidence: z.array(evidenceSchema),
});

export type CheckStatus = (typeof checkStatuses)[number];
export type LimitName = (typeof limitNames)[number];
export type Evidence = z.infer<typeof evidenceSchema>;
export type Facts = z.infer<typeof factsSchema>;
export type CheckResult = z.infer<typeof checkResultSchema>;

/** What a check says of itself, before it is filed under an id. */
export type Outcome = Omit<CheckResult, 'id'>;

/** The file name, without its ending, under which a check's evidence is kept. */
export const evidenceName = (id: string): string => id.replaceAll(/[^\w@.-]/g, '_');

type Details = Partial<Pick<Outcome, 'reason' | 'facts' | 'findings' | 'evidence'>>;

function outcome(status: CheckStatus, score: number | null, details: Details): Outcome {
  return { status, score, reason: null, facts: {}, findings: [], evidence: [], ...details };
}

/** The code does what the check asks. */
export const passed = (details: Details = {}): Outcome => outcome('passed', 1, details);

/** The code does not; `score` below 1 credits the part that does. */
export const failed = (details: Details & { reason: string }, score = 0): Outcome =>
  outcome('failed', Math.max(0, Math.min(score, 0.99)), details);

/** Something that the check needs failed: 0 at full weight. */
export const blocked = (reason: string): Outcome => outcome('blocked', 0, { reason });

/** We could not measure; says nothing of the code. */
export const errored = (details: Details & { reason: string }): Outcome => outcome('errored', null, details);

/** Nobody asked for it. */
export const notApplicable = (reason: string): Outcome => outcome('not_applicable', null, { reason });
