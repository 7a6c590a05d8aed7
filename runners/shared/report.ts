import { z } from 'zod';

/**
 * The one reader of what tools and answers write as JSON. Any of it may have been written by hostile code: whatever the
 * text is, reading it never throws, never takes more memory than a large true report, and gives null for what does not
 * fit its schema.
 */

/** Most values that one text may hold; a true report on 20,000 lines of code holds a tenth of that. */
export const MOST_VALUES = 1_000_000;

const [QUOTE, BACKSLASH, COMMA, LIST, TABLE] = [34, 92, 44, 91, 123];

/** Where the string ends that begins at a quote: the index of its last quote, or the length of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/**
 * Whether a JSON text has so many values that parsing it could use up the memory of this process: 64 MiB of `[[],[],…`
 * are 2 GB.
 */
function hasTooManyValues(text: string): boolean {
  if (text.length <= MOST_VALUES) return false;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if ((code === COMMA || code === LIST || code === TABLE) && (values += 1) > MOST_VALUES) return true;
  }
  return false;
}

/**
 * The value of a JSON text that fits a schema; null when there is no text, or when it is no JSON, too large, or does
 * not fit. Never throws.
 */
export function readReport<T>(schema: z.ZodType<T>, text: string | null): T | null {
  if (text === null || hasTooManyValues(text)) return null;
  try {
    const read = schema.safeParse(parseJson(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/**
 * A text that only Cupel and its tools have written: a lock, a file of a layer. Throws where it does not fit: then it
 * was damaged.
 */
export function readKept<T>(schema: z.ZodType<T>, text: string, what: string): T {
  const value = readReport(schema, text);
  if (value === null)
    throw new Error(`${what} is not as Cupel wrote it: it begins with ${JSON.stringify(text.slice(0, 80))}; remove it`);
  return value;
}

/** A JSON text as data of any shape, for who has to say what is wrong with it. Throws the parser's `SyntaxError`. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return value;
}

/**
 * The values of a text with one JSON value a line, each line ended; null as for `readReport`, also when one line alone
 * does not fit. Never throws.
 */
export function readReportLines<T>(schema: z.ZodType<T>, text: string | null): T[] | null {
  if (text === null || (text !== '' && !text.endsWith('\n'))) return null;
  const values: T[] = [];
  for (const line of linesOf(text)) {
    const value = values.length < MOST_VALUES ? readReport(schema, line) : null;
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

/**
 * The lines of a text of which each is ended, one after the other: a text of 64 MiB may be nothing but ends of lines.
 */
export function* linesOf(text: string): Generator<string, void> {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    if (end === -1) return;
    yield text.slice(start, end);
    start = end + 1;
  }
}

function misfit(context: z.core.$RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/**
 * A list of values. Unlike `z.array` it stops at the first that does not fit, so that a million misfits cost no more
 * than one.
 */
export function listOf<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  return z.unknown().transform((value, context): T[] => {
    if (!Array.isArray(value)) return misfit(context, 'expected a list');
    const items: T[] = [];
    for (const one of value) {
      const read = item.safeParse(one);
      if (!read.success) return misfit(context, 'an item of the list does not fit');
      items.push(read.data);
    }
    return items;
  });
}

/**
 * A table of values by name, as a map: names come from outside, and `__proto__` and `constructor` are names like
 * others.
 */
export function mapOf<T>(item: z.ZodType<T>): z.ZodType<Map<string, T>> {
  return z.unknown().transform((value, context): Map<string, T> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return misfit(context, 'expected a table');
    const items = new Map<string, T>();
    for (const [name, one] of Object.entries(value)) {
      const read = item.safeParse(one);
      if (!read.success) return misfit(context, 'an entry of the table does not fit');
      items.set(name, read.data);
    }
    return items;
  });
}

/** How many there are of something. */
export const count = z.int().nonnegative();

/**
 * The number of a line, from 1; null where a report has none, or something else: it only tells a person where to look.
 */
export const lineNumber = z.int().positive().nullable().catch(null);

/** Words for people; empty where a report has something else. */
export const wordsOrNone = z.string().catch('');

/** The number of a line as a tool prints it; null for a text that is not a number. */
export function lineIn(digits: string | undefined): number | null {
  return digits === undefined ? null : lineNumber.parse(Number(digits));
}
