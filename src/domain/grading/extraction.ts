import { z } from 'zod';

/** What a fenced block of an answer is taken for. */
export const blockRoles = ['file', 'fragment', 'shell', 'example', 'unnamed'] as const;

/** Where the name of a file was found. */
export const namings = [
  'info-string',
  'heading',
  'bold',
  'code-span',
  'plain-path',
  'list-item',
  'label',
  'sentence',
  'comment',
  'tag',
  'tree',
  'inferred',
] as const;

/**
 * What extraction noticed about the form of an answer. The checks `answer/complete` and `answer/files` say which of it
 * is an error.
 */
export const flagCodes = [
  'unclosed-fence',
  'swallowed-fence',
  'unclosed-reasoning',
  'unclear-fence',
  'missing-opener',
  'unnamed-block',
  'duplicate-path',
  'path-clash',
  'unsafe-path',
  'name-conflict',
  'unapplied-edit',
  'inferred-name',
  'continued-file',
  'no-files',
] as const;

/** One fenced (or otherwise delimited) block of code in an answer. Lines are counted from 1. */
export const blockSchema = z.strictObject({
  /** Line of the opening fence. */
  line: z.int().positive(),
  /** Line of the closing fence, or the last line of the answer when there is none. */
  endLine: z.int().positive(),
  /** First word of the info string in lower case, null when there is none. */
  language: z.string().nullable(),
  role: z.enum(blockRoles),
  /** One clause for a person: why it has this role. */
  why: z.string(),
  /** The path that the block was bound to (the first, when a label names two). */
  path: z.string().nullable(),
  namedBy: z.enum(namings).nullable(),
  /** Line on which the name stands, null when there is no name. */
  nameLine: z.int().positive().nullable(),
});

/** One file of an answer. */
export const answerFileSchema = z.strictObject({
  /** Relative to the answer's root, forward slashes, already through the path jail. */
  path: z.string(),
  text: z.string(),
  /** Line of the opening fence, or of the sentence that creates the file. */
  line: z.int().positive(),
  /**
   * The answer's line for each line of the file (index 0 is the file's line 1); 0 where no line of the answer is behind
   * it.
   */
  lines: z.array(z.int().nonnegative()),
  namedBy: z.enum(namings),
});

/** Something about the answer's form that a reader should know. */
export const flagSchema = z.strictObject({
  code: z.enum(flagCodes),
  /** Line in the answer. */
  line: z.int().positive(),
  /** The path in question, as the answer wrote it. */
  path: z.string().nullable(),
  /** One sentence of detail: what was found. */
  detail: z.string(),
});

/** All that was taken out of an answer. */
export const extractionSchema = z.strictObject({
  blocks: z.array(blockSchema),
  files: z.array(answerFileSchema),
  flags: z.array(flagSchema),
});

export type BlockRole = (typeof blockRoles)[number];
export type Naming = (typeof namings)[number];
export type FlagCode = (typeof flagCodes)[number];
export type Block = z.infer<typeof blockSchema>;
export type AnswerFile = z.infer<typeof answerFileSchema>;
export type Flag = z.infer<typeof flagSchema>;
export type Extraction = z.infer<typeof extractionSchema>;
