import fc from 'fast-check';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const isTable = (value: Json): value is { [name: string]: Json } => typeof value === 'object' && !Array.isArray(value);

/** The paths of all values within a value. */
function pathsIn(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([name, inner]) => pathsIn(inner, [...path, name]))];
}

/** A value with what stands at a path replaced, or taken out where there is nothing to replace it. */
function changed(value: Json, [name, ...rest]: readonly (string | number)[], to: Json | undefined): Json | undefined {
  if (name === undefined) return to;
  if (Array.isArray(value))
    return value.flatMap((inner, index) => (index === name ? (changed(inner, rest, to) ?? []) : [inner]));
  if (value === null || !isTable(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const next = key === name ? changed(inner, rest, to) : inner;
      return next === undefined ? [] : [[key, next]];
    }),
  );
}

/** Values that hostile code, or a program that goes wrong, puts in the place of others. */
const intruders: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.constantFrom<Json | undefined>(undefined, null, -1, 0, 0.5, 1e300, '', '__proto__', [], {}, [null], true),
  fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)) as Json),
);

/** A JSON text with one of its values replaced or gone. */
export function brokenJson(text: string): fc.Arbitrary<string> {
  const value = JSON.parse(text) as Json;
  const paths = pathsIn(value);
  return fc
    .tuple(fc.nat(paths.length - 1), intruders)
    .map(([index, intruder]) => JSON.stringify(changed(value, paths[index] ?? [], intruder)) ?? '');
}

/** A text that was cut off, or in which something is left out or stands in the place of something else. */
export function brokenText(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length), fc.nat(20), fc.oneof(fc.constant(''), fc.string({ maxLength: 5 })), fc.boolean())
    .map(([at, length, instead, cut]) => text.slice(0, at) + instead + (cut ? '' : text.slice(at + length)));
}

/** A text of lines with JSON of which one line is broken, gone, or there twice. */
export function brokenLines(text: string): fc.Arbitrary<string> {
  const lines = text.trimEnd().split('\n');
  return fc.nat(lines.length - 1).chain((index) => {
    const line = lines[index] ?? '';
    return fc.oneof(brokenJson(line), fc.constantFrom('', `${line}\n${line}`)).map((instead) =>
      lines
        .with(index, instead)
        .map((one) => `${one}\n`)
        .join(''),
    );
  });
}
