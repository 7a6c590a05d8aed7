import { z } from 'zod';

/** `evals/suites/<id>.yaml`: which prompts x scenarios x models x repeats. */
export const suiteSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  /** `<id>@<version>`, a file below prompts/. */
  prompts: z.array(z.string().regex(/^[^@]+@[^@]+$/, '<prompt>@<version>')).nonempty(),
  models: z.array(z.string()).nonempty(),
  scenarios: z.array(z.string()).nonempty(),
  repeats: z.int().positive().default(1),
});

export type Suite = z.infer<typeof suiteSchema>;
