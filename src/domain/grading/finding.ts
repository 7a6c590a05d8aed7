import { z } from 'zod';

export const severities = ['error', 'warning', 'info'] as const;

/** One thing that a check found. */
export const findingSchema = z.strictObject({
  /** The program that says so (`ruff`, `tsc`, `cupel`). */
  tool: z.string(),
  /** The rule or code of that program (`F821`, `TS2339`). */
  rule: z.string(),
  severity: z.enum(severities),
  message: z.string(),
  /** Path relative to the answer's root, null when it is about no file. */
  file: z.string().nullable(),
  /** Line in the file, counted from 1. */
  line: z.int().positive().nullable(),
  /** Line in the answer, counted from 1. */
  answer_line: z.int().positive().nullable(),
  /** A request to the running program and what came of it, where the finding is about one. */
  exchange: z.strictObject({ request: z.string(), reply: z.string() }).optional(),
});

export type Finding = z.infer<typeof findingSchema>;
