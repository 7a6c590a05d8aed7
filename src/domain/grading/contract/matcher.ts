import { z } from 'zod';

const anything = z.unknown().describe('Any JSON value. Strings in it may hold templates.');
const pattern = z.string().describe('A regular expression of JavaScript, without slashes.');
const amount = z.union([z.number(), z.string()]).describe('A number, or a template that makes one.');

/** The types that a value of a JSON document can have; `integer` is a number without a fraction. */
export const jsonTypes = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'] as const;

const conditionsSchema = z
  .strictObject({
    equals: anything.optional().describe('The same value. The order of keys does not matter.'),
    not_equals: anything.optional(),
    one_of: z.array(z.unknown()).min(1).optional().describe('One of these values.'),
    exists: z.boolean().optional().describe('false: there must be no such value.'),
    type: z.enum(jsonTypes).optional(),
    matches: pattern.optional(),
    not_matches: pattern.optional(),
    contains: anything.optional().describe('A text that has this part, or a list that has this element.'),
    not_contains: anything.optional(),
    starts_with: z.string().optional(),
    ends_with: z.string().optional(),
    at_least: amount.optional(),
    at_most: amount.optional(),
    more_than: amount.optional(),
    less_than: amount.optional(),
    length: amount.optional().describe('Characters of a text, elements of a list, keys of an object.'),
    same_instant: z.string().optional().describe('A date and time (RFC 3339) that means the same instant.'),
    sorted: z.enum(['ascending', 'descending']).optional().describe('A list in this order; equal neighbours are fine.'),
  })
  .refine((conditions) => Object.keys(conditions).length > 0, 'expected at least one condition, such as equals');

/** What a value must be: the value itself, or conditions that must all hold. */
export const matcherSchema = z.union([z.string(), z.number(), z.boolean(), z.null(), conditionsSchema]);

const pathsSchema = z
  .record(z.string().regex(/^\$/, 'a JSONPath (RFC 9535) that begins with $'), matcherSchema)
  .describe('What is at a JSONPath (RFC 9535). A path that can select several values is compared as the list of them.');

/** What a text must be (a body, an output, a file), when it is more than one value. */
export const contentSchema = z.strictObject({
  text: matcherSchema.optional().describe('What the text as a whole must be.'),
  json: z.unknown().optional().describe('The JSON value that the text must be, whole.'),
  schema: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('A JSON Schema (2020-12) that the JSON value must fit.'),
  jsonpath: pathsSchema.optional(),
  absent: z.array(z.string()).optional().describe('Texts that must not occur.'),
});

/** A text: what it must be as a whole, or conditions on its content. */
export const textSchema = z.union([matcherSchema, contentSchema]);

export type Matcher = z.infer<typeof matcherSchema>;
export type Conditions = z.infer<typeof conditionsSchema>;
export type Content = z.infer<typeof contentSchema>;
export type TextExpectation = z.infer<typeof textSchema>;
