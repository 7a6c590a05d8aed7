import { z } from 'zod';
import { requestPartsSchema } from './request-parts.ts';
import { sectionsSchema } from './sections.ts';

/** A message after the first of the user: a conversation written down beforehand, or the beginning of the answer. */
const turnSchema = z.strictObject({ role: z.enum(['user', 'model']), text: z.string() });

/** What a value must be, as the prompt declares it; all but `text` is written as YAML in a scenario. */
export const valueKinds = ['text', 'number', 'boolean', 'list', 'mapping', 'collection', 'any'] as const;

/** A template with conditions, loops and helpers (Handlebars): the messages are made of it when there are values. */
const logicSchema = z.strictObject({
  text: z.string(),
  /** The file's line on which the text begins. */
  line: z.number(),
  /** Variables that are more than text, or may be left empty. */
  kinds: z.record(z.string(), z.strictObject({ kind: z.enum(valueKinds), optional: z.boolean() })),
});

/** A prompt at a version: what would be sent, with its variables still open. */
export const promptSchema = z.strictObject({
  /** Folder name below prompts/, for instance `code-generation-assistant`. */
  id: z.string(),
  version: z.string(),
  /** The dialect that its path or its text stands for; absent where somebody chose one. */
  assumedDialect: z.string().optional(),
  /** The front matter as it stands, for reports. */
  frontMatter: z.record(z.string(), z.unknown()),
  /** System message template. */
  system: z.string(),
  /** User message template. */
  user: z.string(),
  /** Templates of the messages after it, where a prompt has any. */
  turns: z.array(turnSchema).optional(),
  /** In place of the templates, which are empty then. */
  logic: logicSchema.optional(),
  /** Names of the declared variables, in the order of declaration. */
  variables: z.array(z.string()),
  /** How a variable is written in the templates, where not as `[name]`: `{ name: ['{{name}}', '{{ name }}'] }`. */
  placeholders: z.record(z.string(), z.array(z.string())).optional(),
  /**
   * What every answer is to have, as the file beside the prompt says; it is no part of what is sent. Absent: nothing.
   */
  sections: sectionsSchema.optional(),
  /** Its instructions and variables with the checks that look at them, as the file beside it says. Not sent either. */
  parts: requestPartsSchema.optional(),
  /**
   * SHA-256 (hex) of the templates cut into text and variable names: what is sent, and nothing else. Front matter,
   * the way a placeholder is written and variables that no template uses leave it as it is.
   */
  hash: z.string(),
});

/** What is sent to a model. */
export const requestSchema = z.strictObject({
  system: z.string(),
  user: z.string(),
  /** To be sent after `user`, in this order. */
  turns: z.array(turnSchema).optional(),
  /** SHA-256 (hex) of all messages. */
  hash: z.string(),
});

export type Turn = z.infer<typeof turnSchema>;
export type ValueKind = (typeof valueKinds)[number];
export type Logic = z.infer<typeof logicSchema>;
export type Prompt = z.infer<typeof promptSchema>;
export type Request = z.infer<typeof requestSchema>;

/** The messages after the system's, in the order in which they are sent. */
export const messagesOf = ({ user, turns = [] }: Pick<Request, 'user' | 'turns'>): Turn[] => [
  { role: 'user', text: user },
  ...turns,
];
