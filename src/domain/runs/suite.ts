import { z } from 'zod';
import { suiteGateSchema } from './gate.ts';
import { readPromptReference } from './prompt-reference.ts';

/** A prompt as a suite names it: what a suite can reach does not depend on where it is run. */
const promptReference = z.string().superRefine((text, context) => {
  const read = readPromptReference(text);
  const outside = read.kind === 'file' && (read.path.startsWith('/') || read.path.split('/').includes('..'));
  const expected = read.kind === 'none' ? read.expected : outside ? 'a path inside of the project' : null;
  if (expected !== null) context.addIssue({ code: 'custom', message: `expected ${expected}`, input: text });
});

/** `evals/suites/<id>.yaml`: which prompts x scenarios x models x repeats. */
export const suiteSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  /** `<id>@<version>` (a file below prompts/), the path of a file, or `git:<revision>:<path>`. */
  prompts: z.array(promptReference).nonempty(),
  models: z.array(z.string()).nonempty(),
  scenarios: z.array(z.string()).nonempty(),
  repeats: z.int().positive().default(1),
  /**
   * Whether answers whose verdict is known are graded first, where its scenarios have some. Absent: where a live model
   * is asked.
   */
  controls: z.boolean().optional(),
  /** Whether the tests of its answers are run against the wrong programs of its scenarios, too. */
  tests_catch: z.boolean().optional(),
  /** What its runs have to keep; without it nothing fails but what got worse. */
  gate: suiteGateSchema.optional(),
});

export type Suite = z.infer<typeof suiteSchema>;
