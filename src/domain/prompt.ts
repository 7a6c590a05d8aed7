import { z } from 'zod';

/** A prompt at a version: what would be sent, with its variables still open. */
export const promptSchema = z.strictObject({
  /** Folder name below prompts/, for instance `code-generation-assistant`. */
  id: z.string(),
  version: z.string(),
  /** The front matter as it stands, for reports. */
  frontMatter: z.record(z.string(), z.unknown()),
  /** System message template. */
  system: z.string(),
  /** User message template. */
  user: z.string(),
  /** Names of the declared variables, in the order of declaration. */
  variables: z.array(z.string()),
  /** How a variable is written in the templates, where not as `[name]`: `{ name: ['{{name}}', '{{ name }}'] }`. */
  placeholders: z.record(z.string(), z.array(z.string())).optional(),
  /**
   * SHA-256 (hex) of the two templates cut into text and variable names: what is sent, and nothing else. Front matter,
   * the way a placeholder is written and variables that no template uses leave it as it is.
   */
  hash: z.string(),
});

/** What is sent to a model. */
export const requestSchema = z.strictObject({
  system: z.string(),
  user: z.string(),
  /** SHA-256 (hex) of system and user. */
  hash: z.string(),
});

export type Prompt = z.infer<typeof promptSchema>;
export type Request = z.infer<typeof requestSchema>;
