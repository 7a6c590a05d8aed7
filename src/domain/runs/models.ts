import { z } from 'zod';

const seconds = z.number().positive();

/** What a million tokens cost, in US dollars. */
export const priceSchema = z.strictObject({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cacheRead: z.number().nonnegative(),
  cacheWrite: z.number().nonnegative(),
});

/** How a model is asked. What is left out is not sent, and the service decides. */
export const modelSettingsSchema = z.strictObject({
  /** The longest answer in tokens; the model's largest where it is left out and the service tells it. */
  maxTokens: z.int().positive().optional(),
  temperature: z.number().min(0).max(2).optional(),
  /** `adaptive`, `disabled`, or a number of tokens to think with. */
  thinking: z.union([z.enum(['adaptive', 'disabled']), z.int().min(1024)]).optional(),
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
  /** `exec:` only: what stands on standard input, the two messages as text or as JSON. */
  input: z.enum(['text', 'json']).optional(),
  /**
   * `exec:` only: names of variables of Cupel's environment that the command gets beside the usual ones, keys above
   * all.
   */
  environment: z.array(z.string().regex(/^[A-Za-z_]\w*$/)).optional(),
  /** `exec:` only: files and folders that the command may read beside the system's and its own file. */
  reads: z.array(z.string().min(1)).optional(),
  /**
   * `exec:` only: runs the command without protection. It could read what is asked and how it is judged; its runs say
   * so.
   */
  exposed: z.boolean().optional(),
  /** `promptfoo:` only: options of its provider, for instance `apiBaseUrl`. No keys: they come from the environment. */
  config: z.record(z.string(), z.unknown()).optional(),
});

/** What a service bears, and how patient we are with it. */
export const serviceSettingsSchema = z.strictObject({
  concurrency: z.int().positive().default(8),
  requestsPerMinute: z.int().positive().nullable().default(null),
  tokensPerMinute: z.int().positive().nullable().default(null),
  /** Calls for one answer, the first included. */
  attempts: z.int().positive().default(5),
  /** Upper end of the delay before the second call; it doubles up to the longest. */
  firstDelaySeconds: seconds.default(2),
  longestDelaySeconds: seconds.default(60),
  /** A service that asks for a longer wait is not waited for. */
  patienceSeconds: seconds.default(300),
  /**
   * A call from which nothing comes for so long has failed; null: 3 minutes where an answer is streamed, else half an
   * hour.
   */
  silenceSeconds: seconds.nullable().default(null),
  /** How often a batch is looked after. */
  pollSeconds: seconds.default(60),
});

/** `evals/models.yaml`; everything in it may be left out. */
export const modelsSchema = z.strictObject({
  /** By the model's name as suites have it. */
  models: z.record(z.string(), modelSettingsSchema).default({}),
  /** By the part of the name before the first colon. */
  services: z.record(z.string(), serviceSettingsSchema).default({}),
  /** Prices that replace those of our table, with the day on which they were looked up. */
  prices: z
    .strictObject({ date: z.iso.date(), models: z.record(z.string(), priceSchema) })
    .nullable()
    .default(null),
});

export type Price = z.infer<typeof priceSchema>;
export type ModelSettings = z.infer<typeof modelSettingsSchema>;
export type ServiceSettings = z.infer<typeof serviceSettingsSchema>;
export type ModelsFile = z.infer<typeof modelsSchema>;
