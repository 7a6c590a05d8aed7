import { z } from 'zod';
import { paidSchema, usageSchema } from '../grading/answer.ts';
import { cellSchema } from '../grading/cell.ts';
import { checkIdSchema } from '../grading/check-id.ts';
import { checkStatuses } from '../grading/check.ts';
import { severities } from '../grading/finding.ts';
import { verdicts } from '../grading/grade.ts';
import { fingerprintSchema } from './run.ts';

/** How often a check of a cell found one thing. */
export const findingCountSchema = z.strictObject({
  check: checkIdSchema,
  tool: z.string(),
  rule: z.string(),
  severity: z.enum(severities),
  count: z.int().positive(),
  /** Where the first of them is, and what it says; null where only the count was kept. */
  example: z.string().nullable(),
});

/** What a comparison needs to know of a graded cell. */
export const cellSummarySchema = z.strictObject({
  cell: cellSchema,
  verdict: z.enum(verdicts),
  score: z.number().min(0).max(1).nullable(),
  /** By check id: its status and score. What nobody asked for is left out. */
  checks: z.record(checkIdSchema, z.tuple([z.enum(checkStatuses), z.number().min(0).max(1).nullable()])),
  findings: z.array(findingCountSchema),
  costUsd: z.number().nonnegative().nullable(),
  paid: paidSchema.nullable(),
  usage: usageSchema.nullable(),
  latencyMs: z.number().nonnegative().nullable(),
  /** The model id that the service reported. */
  reportedModel: z.string().nullable(),
  fingerprint: fingerprintSchema,
});

/** The graded cells of a run, as a comparison takes them; also what a baseline keeps. */
export const runSummarySchema = z.strictObject({
  format: z.literal(1),
  /** Id of the run; its folder holds the stored answers. */
  run: z.string(),
  suite: z.string().nullable(),
  startedAt: z.iso.datetime(),
  grader: z.string(),
  tools: z.record(z.string(), z.string()),
  /** What each prompt sends, by its hash; absent in runs and baselines of earlier versions. */
  prompts: z.record(z.string(), z.string()).optional(),
  cells: z.array(cellSummarySchema),
});

export type FindingCount = z.infer<typeof findingCountSchema>;
export type CellSummary = z.infer<typeof cellSummarySchema>;
export type RunSummary = z.infer<typeof runSummarySchema>;
