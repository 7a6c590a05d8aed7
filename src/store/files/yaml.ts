import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { UsageError } from '../../domain/usage-error.ts';

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`;
    case 'invalid_format':
      return `expected ${issue.message}`;
    default:
      return issue.message;
  }
}

/** The keys that a schema knows at a path; none where that cannot be told. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const { def } = schema._zod;
  if ('innerType' in def) return keysAt(def.innerType as z.core.$ZodType, path); // optional, nullable, with a default
  if ('out' in def) return keysAt(def.out as z.core.$ZodType, path); // a check before the schema proper
  const [key, ...rest] = path;
  if ('shape' in def) {
    const shape = def.shape as Record<string, z.core.$ZodType>;
    if (key === undefined) return Object.keys(shape);
    const inner = shape[String(key)];
    return inner === undefined ? [] : keysAt(inner, rest);
  }
  if (key !== undefined && 'valueType' in def) return keysAt(def.valueType as z.core.$ZodType, rest);
  return key !== undefined && 'element' in def ? keysAt(def.element as z.core.$ZodType, rest) : [];
}

/** What is wrong with a value, each with path, what was expected and what was found. */
function describe(schema: z.ZodType, error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const path = issue.path.join('.');
      if (issue.code !== 'unrecognized_keys')
        return `${path || 'the whole file'}: ${expectation(issue)}, found ${show(issue.input)}`;
      const keys = keysAt(schema, issue.path);
      const expected = keys.length === 0 ? 'expected only keys that are known' : `expected some of ${keys.join(', ')}`;
      return `${path === '' ? '' : `${path}: `}${expected}, found the unknown key ${issue.keys.join(', ')}`;
    })
    .join('; ');
}

/** A value that fits its schema. Throws `UsageError` with file, path, expected and found. */
export function validated<T extends z.ZodType>(schema: T, value: unknown, file: string): z.output<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new UsageError(`${file}: ${describe(schema, parsed.error)}.`);
}

/** Reads JSON against a schema. Throws `UsageError` with file, path, expected and found. */
export function parseJson<T extends z.ZodType>(schema: T, text: string, file: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${file}: expected JSON, found ${text === '' ? 'nothing' : 'something else'}.`);
  }
  return validated(schema, value, file);
}

/** Reads YAML against a schema. Throws `UsageError` with file, line or path, expected and found. */
export function parseYaml<T extends z.ZodType>(schema: T, text: string, file: string): z.output<T> {
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line;
    throw new UsageError(
      `${file}${line === undefined ? '' : `:${line}`}: expected YAML, found ${broken.message.split('\n')[0] ?? ''}`,
    );
  }
  return validated(schema, document.toJS(), file);
}
