import { z } from 'zod';
import { contentSchema, matcherSchema } from './matcher.ts';

/** Bytes that a contract can write down: text (UTF-8, with templates), or bytes as hexadecimal digits or base64. */
export const bytesSchema = z.union([
  z.string(),
  z.strictObject({ hex: z.string() }),
  z.strictObject({ base64: z.string() }),
]);

/** One request. The path is sent as it stands: nothing is normalised or escaped. */
export const requestSchema = z
  .strictObject({
    method: z.string().default('GET'),
    path: z.string().describe('The request target as it is sent, with its query; nothing is normalised or escaped.'),
    headers: z
      .record(z.string(), z.union([z.string(), z.array(z.string()), z.null()]))
      .default({})
      .describe('A list sends a header several times; null leaves out one that would be sent by default.'),
    json: z.unknown().optional().describe('A value that is sent as compact JSON.'),
    body: bytesSchema.optional().describe('The exact body, where it is no ordinary JSON.'),
    framing: z
      .enum(['length', 'chunked'])
      .default('length')
      .describe('Whether the body goes with a Content-Length or in chunks.'),
    timeout: z.number().positive().max(60).default(10).describe('Seconds until the whole answer must be there.'),
  })
  .refine(({ json, body }) => json === undefined || body === undefined, 'expected json or body, not both');

/** A status (200), a class of them (2xx), or a list of both. */
export const statusSchema = z.union([
  z.int().min(100).max(599),
  z.string().regex(/^[1-5]xx$/, 'a status such as 200, or a class such as 2xx'),
  z
    .array(
      z.union([
        z.int().min(100).max(599),
        z.string().regex(/^[1-5]xx$/, 'a status such as 200, or a class such as 2xx'),
      ]),
    )
    .min(1),
]);

/** What an answer must be; all that is named must hold. */
export const expectationSchema = contentSchema.extend({
  status: statusSchema.optional(),
  headers: z
    .record(z.string(), matcherSchema)
    .optional()
    .describe('By name, in any case. `exists: false`: the header must not be there.'),
  or_closed: z
    .boolean()
    .optional()
    .describe('Closing the connection without an answer is right, too. For requests that are no HTTP.'),
});

/** Where a value for later steps is taken from: a JSONPath of the body, a header, or the first group of a pattern. */
export const captureSchema = z.union([
  z.string().regex(/^\$/, 'a JSONPath (RFC 9535) that begins with $, or {header: name}, or {pattern: text}'),
  z.strictObject({ header: z.string() }),
  z.strictObject({ pattern: z.string().describe('A regular expression; its first group is the value.') }),
]);

export type Bytes = z.infer<typeof bytesSchema>;
export type RequestTemplate = z.infer<typeof requestSchema>;
export type StatusExpectation = z.infer<typeof statusSchema>;
export type Expectation = z.infer<typeof expectationSchema>;
export type Capture = z.infer<typeof captureSchema>;
