import { TemplateError, parseTemplate } from './expression.ts';
import type { Expression } from './expression.ts';
import { templateFunctions } from './functions.ts';

/** What templates at some place may use. */
export interface Known {
  names: ReadonlySet<string>;
  canaries: ReadonlySet<string>;
}

function complaints(expression: Expression, known: Known): string[] {
  if (expression.kind === 'literal') return [];
  if (expression.kind === 'sum') return [...complaints(expression.left, known), ...complaints(expression.right, known)];
  if (expression.kind === 'name') {
    const [first = ''] = expression.path;
    const names = [...known.names].sort();
    return known.names.has(String(first)) ? [] : [`there is no value ${first} here; there are ${names.join(', ')}`];
  }
  const inner = expression.arguments.flatMap((part) => complaints(part, known));
  const found = Object.hasOwn(templateFunctions, expression.name) ? templateFunctions[expression.name] : undefined;
  if (found === undefined)
    return [
      `there is no function ${expression.name}; there are ${Object.keys(templateFunctions).join(', ')}`,
      ...inner,
    ];
  const count = expression.arguments.length;
  if (count < found.least || count > found.most) return [`expected ${found.usage}, found ${count} arguments`, ...inner];
  const [first] = expression.arguments;
  if (expression.name === 'canary' && first?.kind === 'literal' && !known.canaries.has(String(first.value)))
    return [`there is no canary ${first.value}; declare it under canaries`];
  return inner;
}

/** What is wrong with the templates in a text. */
export function templateComplaints(text: string, known: Known): string[] {
  if (!text.includes('{{')) return [];
  try {
    return parseTemplate(text).flatMap((part) => (typeof part === 'string' ? [] : complaints(part, known)));
  } catch (error) {
    if (error instanceof TemplateError) return [error.message];
    throw error;
  }
}

/** Every text in a value with the way to it, keys included. */
export function* textsIn(
  value: unknown,
  path: readonly PropertyKey[] = [],
): Generator<[readonly PropertyKey[], string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value)) for (const [index, part] of value.entries()) yield* textsIn(part, [...path, index]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) {
      yield [path, key];
      yield* textsIn(part, [...path, key]);
    }
}
