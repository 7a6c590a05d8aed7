import { z } from 'zod';
import { cellSchema } from './cell.ts';
import { checkResultSchema } from './check.ts';
import { flagSchema, namings } from './extraction.ts';
import { requestPartSchema } from './request-parts.ts';

export const verdicts = ['pass', 'fail', 'ungraded'] as const;

/** A file of a graded answer: its name, where it stands, how its name was found. The text is in the answer. */
export const gradedFileSchema = z.strictObject({
  path: z.string(),
  line: z.int().positive(),
  named_by: z.enum(namings),
});

/** A cell's checks, its verdict and its score. */
export const gradeSchema = z.strictObject({
  cell: cellSchema,
  verdict: z.enum(verdicts),
  /** 0 to 1: the weighted mean of the checks' scores; null when ungraded. */
  score: z.number().min(0).max(1).nullable(),
  /** Why the verdict is not a pass: the required checks that did not pass, or what errored. */
  reasons: z.array(z.string()),
  /** Ids of the checks that had to pass. */
  required: z.array(z.string()),
  /** What was assumed because nobody said it (a bare answer's languages and standards). */
  assumptions: z.array(z.string()),
  flags: z.array(flagSchema),
  projects: z.array(
    z.strictObject({ language: z.string().nullable(), root: z.string(), files: z.array(gradedFileSchema) }),
  ),
  checks: z.array(checkResultSchema),
  /** What was asked, part by part, and which checks looked at it; absent where nobody wrote down the prompt's parts. */
  asked: z.array(requestPartSchema).optional(),
});

export type Verdict = (typeof verdicts)[number];
export type Grade = z.infer<typeof gradeSchema>;
