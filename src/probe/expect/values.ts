import { isDeepStrictEqual } from 'node:util';
import { query } from 'jsonpath-rfc9535';
import type { Conditions, Matcher } from '../../domain/grading/contract/matcher.ts';

/** A value of a JSON document, or nothing at all. */
export type Found = { value: unknown } | null;

/** A value as a person would write it, shortened. */
export function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

const isType = (value: unknown, type: string): boolean =>
  type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;

function lengthOf(value: unknown): number | null {
  if (typeof value === 'string') return Array.from(value).length;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : null;
}

function contains(value: unknown, part: unknown): boolean {
  if (typeof value === 'string') return value.includes(String(part));
  return Array.isArray(value) && value.some((element) => isDeepStrictEqual(element, part));
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

function sameInstant(value: unknown, other: unknown): boolean {
  const [left, right] = [String(value), String(other)];
  return typeof value === 'string' && rfc3339.test(left) && Date.parse(left) === Date.parse(right);
}

function isSorted(value: unknown, descending: boolean): boolean {
  if (!Array.isArray(value)) return false;
  const list: readonly unknown[] = value;
  return list.every((element, index) => {
    const before = list[index - 1];
    if (index === 0) return true;
    if (typeof element === 'number' && typeof before === 'number')
      return descending ? before >= element : before <= element;
    const [left, right] = [String(before), String(element)];
    return descending ? left >= right : left <= right;
  });
}

const asNumber = (value: unknown): number => (typeof value === 'number' ? value : Number(value));

/** A condition: whether it holds for a value, and how it is said. */
type Condition = (value: unknown, wanted: unknown) => { holds: boolean; wanted: string };

const amount =
  (words: string, holds: (value: number, wanted: number) => boolean): Condition =>
  (value, wanted) => ({
    // A text is compared as the number that it is: headers are texts.
    holds: value !== '' && value !== null && typeof value !== 'boolean' && holds(asNumber(value), asNumber(wanted)),
    wanted: `${words} ${show(wanted)}`,
  });

const conditions: Readonly<Record<Exclude<keyof Conditions, 'exists'>, Condition>> = {
  equals: (value, wanted) => ({ holds: isDeepStrictEqual(value, wanted), wanted: show(wanted) }),
  not_equals: (value, wanted) => ({
    holds: !isDeepStrictEqual(value, wanted),
    wanted: `anything but ${show(wanted)}`,
  }),
  one_of: (value, wanted) => ({
    holds: Array.isArray(wanted) && wanted.some((one) => isDeepStrictEqual(value, one)),
    wanted: `one of ${show(wanted)}`,
  }),
  type: (value, wanted) => ({ holds: isType(value, String(wanted)), wanted: `a value of type ${String(wanted)}` }),
  matches: (value, wanted) => ({
    holds: typeof value === 'string' && new RegExp(String(wanted), 'u').test(value),
    wanted: `a text that matches ${String(wanted)}`,
  }),
  not_matches: (value, wanted) => ({
    holds: typeof value === 'string' && !new RegExp(String(wanted), 'u').test(value),
    wanted: `a text that does not match ${String(wanted)}`,
  }),
  contains: (value, wanted) => ({ holds: contains(value, wanted), wanted: `something that contains ${show(wanted)}` }),
  not_contains: (value, wanted) => ({ holds: !contains(value, wanted), wanted: `something without ${show(wanted)}` }),
  starts_with: (value, wanted) => ({
    holds: typeof value === 'string' && value.startsWith(String(wanted)),
    wanted: `a text that starts with ${show(wanted)}`,
  }),
  ends_with: (value, wanted) => ({
    holds: typeof value === 'string' && value.endsWith(String(wanted)),
    wanted: `a text that ends with ${show(wanted)}`,
  }),
  at_least: amount('at least', (value, wanted) => value >= wanted),
  at_most: amount('at most', (value, wanted) => value <= wanted),
  more_than: amount('more than', (value, wanted) => value > wanted),
  less_than: amount('less than', (value, wanted) => value < wanted),
  length: (value, wanted) => ({ holds: lengthOf(value) === asNumber(wanted), wanted: `a length of ${show(wanted)}` }),
  same_instant: (value, wanted) => ({ holds: sameInstant(value, wanted), wanted: `the instant ${show(wanted)}` }),
  sorted: (value, wanted) => ({
    holds: isSorted(value, wanted === 'descending'),
    wanted: `a list in ${String(wanted)} order`,
  }),
};

/**
 * What a value should be and is not, in words; null when it is as it should be. The matcher's templates are filled in.
 */
export function mismatch(found: Found, matcher: Matcher): { wanted: string; got: string } | null {
  const got = found === null ? 'nothing' : show(found.value);
  if (typeof matcher !== 'object' || matcher === null)
    return found !== null && isDeepStrictEqual(found.value, matcher) ? null : { wanted: show(matcher), got };
  const { exists, ...rest } = matcher;
  if (exists === false) return found === null ? null : { wanted: 'nothing', got };
  if (found === null) return { wanted: exists === true ? 'a value' : show(matcher), got };
  for (const [name, condition] of Object.entries(conditions)) {
    const wanted = Object.getOwnPropertyDescriptor(rest, name)?.value as unknown;
    if (wanted === undefined) continue;
    const judged = condition(found.value, wanted);
    if (!judged.holds) return { wanted: judged.wanted, got };
  }
  return null;
}

/** A path that names one value at most; every other gives a list. */
const singular =
  /^\$(?:\s*(?:\.\s*[\p{L}_][\p{L}\p{N}_]*|\[\s*(?:-?\d+|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\]))*\s*$/u;

/** What is at a JSONPath; null when a path that names one value finds none. */
export function atPath(document: unknown, path: string): Found {
  const found: unknown[] = query(document as Parameters<typeof query>[0], path);
  if (!singular.test(path)) return { value: found };
  return found.length === 0 ? null : { value: found[0] };
}
