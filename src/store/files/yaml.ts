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
    case 'unrecognized_keys':
      return `expected no ${issue.keys.join(', ')}`;
    case 'invalid_format':
      return `expected ${issue.message}`;
    default:
      return issue.message;
  }
}

/** What is wrong with a value, each with path, what was expected and what was found. */
function describe(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.join('.') || '(top)'}: ${expectation(issue)}, found ${show(issue.input)}`)
    .join('; ');
}

/** A value that fits its schema. Throws `UsageError` with file, path, expected and found. */
export function validated<T extends z.ZodType>(schema: T, value: unknown, file: string): z.output<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new UsageError(`${file}: ${describe(parsed.error)}.`);
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
