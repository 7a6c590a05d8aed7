import { z } from 'zod';

/** What the dependencies of an answer's projects resolved to: locks by `<language>@<root>`, then by file name. */
export const resolutionSchema = z.strictObject({
  /** SHA-256 of the answer that it belongs to. */
  answer: z.string(),
  projects: z.record(z.string(), z.record(z.string(), z.string())),
});
export type KeptResolution = z.infer<typeof resolutionSchema>;
