import { LineCounter, isNode, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { stepSchemas } from '../../domain/grading/contract/steps.ts';

/** One thing that is wrong with a contract: where, and what to do. */
export interface Problem {
  /** Line in the file, from 1. */
  line: number;
  /** Keys and indexes on the way there. */
  path: readonly PropertyKey[];
  message: string;
}

/** A YAML text that remembers on which line each of its values stands. */
export class Source {
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: true });
  }

  /** What keeps the text from being YAML. */
  get broken(): Problem[] {
    return this.#document.errors.map(({ pos, message }) => ({
      line: this.#lines.linePos(pos[0]).line,
      path: [],
      message: `expected YAML: ${message.split('\n')[0] ?? ''}`,
    }));
  }

  get value(): unknown {
    const value: unknown = this.#document.toJS();
    return value;
  }

  /** The line of the value at a path, or of what is nearest above it. */
  lineOf(path: readonly PropertyKey[]): number {
    for (let length = path.length; length > 0; length -= 1) {
      const node = this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.#lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

const steps = Object.keys(stepSchemas);

function isStep(path: readonly PropertyKey[]): boolean {
  return path.at(-2) === 'steps' && typeof path.at(-1) === 'number';
}

type Issue = z.core.$ZodIssue;

/**
 * Of several readings of a value, the one that was most probably meant: the one with the fewest complaints, the deeper
 * ones first.
 */
function likeliest(readings: readonly Issue[][]): Issue[] {
  const weight = (issues: readonly Issue[]): number =>
    issues.reduce((sum, { code, path }) => sum + (path.length === 0 && code !== 'custom' ? 100 : 1), 0);
  return readings.toSorted((a, b) => weight(a) - weight(b))[0] ?? [];
}

/** Issues of a step, read as the kind of step whose key it has. */
function ofStep(value: unknown, issue: Issue): Issue[] | string {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const kind = steps.find((name) => keys.includes(name));
  if (kind === undefined) return `expected a step with one of ${steps.join(', ')}, found ${show(keys)}`;
  const schema: z.ZodType = stepSchemas[kind as keyof typeof stepSchemas];
  const { error } = schema.safeParse(value, { reportInput: true });
  return (error?.issues ?? []).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function words(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}, found ${show(issue.input)}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}, found ${show(issue.input)}`;
    case 'unrecognized_keys':
      return `expected only keys that are known, found the unknown key ${issue.keys.join(', ')}`;
    case 'invalid_format':
      return `expected ${issue.message}, found ${show(issue.input)}`;
    default:
      return issue.message;
  }
}

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Object.getOwnPropertyDescriptor(inner, key)?.value : undefined,
    value,
  );

/** What a schema says against a value, as problems; of a union's readings only the likeliest. */
export function problemsOf(error: z.ZodError, source: Source): Problem[] {
  const { value } = source;
  const flatten = (issue: Issue, base: readonly PropertyKey[]): { path: readonly PropertyKey[]; message: string }[] => {
    const path = [...base, ...issue.path];
    if (issue.code !== 'invalid_union') return [{ path, message: words(issue) }];
    if (isStep(path)) {
      const inner = ofStep(at(value, path), { ...issue, path });
      return typeof inner === 'string' ? [{ path, message: inner }] : inner.flatMap((one) => flatten(one, []));
    }
    const inner = likeliest(issue.errors);
    return inner.length === 0
      ? [{ path, message: `${issue.message}, found ${show(at(value, path))}` }]
      : inner.flatMap((one) => flatten(one, path));
  };
  return error.issues
    .flatMap((issue) => flatten(issue, []))
    .map(({ path, message }) => ({ path, message, line: source.lineOf(path) }));
}
