import { TemplateError, parseTemplate } from './expression.ts';
import type { Expression } from './expression.ts';
import { Instant, bytesOf, templateFunctions, textOf } from './functions.ts';
import type { TemplateSource } from './functions.ts';

/** The names that a template can use, with their values, and what its functions need. */
export interface Scope extends TemplateSource {
  values: Readonly<Record<string, unknown>>;
}

function namedValue(path: readonly (string | number)[], scope: Scope): unknown {
  const [first = ''] = path;
  if (first === 'now' && path.length === 1) return scope.now();
  if (!Object.hasOwn(scope.values, first)) throw new TemplateError(`${path.join('.')} has no value here`);
  let value: unknown = scope.values;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}

function sum(left: unknown, right: unknown, sign: 1 | -1): unknown {
  if (left instanceof Instant && typeof right === 'number') return new Instant(left.milliseconds + sign * right * 1000);
  if (typeof left === 'number' && typeof right === 'number') return left + sign * right;
  if (sign === 1 && (left instanceof Uint8Array || right instanceof Uint8Array))
    return Buffer.concat([bytesOf(left), bytesOf(right)]);
  if (sign === 1) return textOf(left) + textOf(right);
  throw new TemplateError(
    `expected numbers, or an instant and seconds, around -; found ${textOf(left)} - ${textOf(right)}`,
  );
}

/** The value of an expression. Throws `TemplateError`. */
function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
      return namedValue(expression.path, scope);
    case 'sum':
      return sum(evaluate(expression.left, scope), evaluate(expression.right, scope), expression.sign);
    case 'call': {
      const known = Object.hasOwn(templateFunctions, expression.name) ? templateFunctions[expression.name] : undefined;
      if (known === undefined) throw new TemplateError(`there is no function ${expression.name}`);
      return known.run(
        scope,
        expression.arguments.map((part) => evaluate(part, scope)),
      );
    }
  }
}

/** A text with its expressions filled in. One that is a single expression keeps its type. Throws `TemplateError`. */
export function fillText(text: string, scope: Scope): unknown {
  if (!text.includes('{{')) return text;
  const template = parseTemplate(text);
  const values = template.map((part) => (typeof part === 'string' ? part : evaluate(part, scope)));
  if (values.length === 1) return values[0];
  if (values.some((value) => value instanceof Uint8Array)) return Buffer.concat(values.map(bytesOf));
  return values.map(textOf).join('');
}

/** A value with the expressions in all of its texts filled in, keys included. Throws `TemplateError`. */
export function fill(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    const filled = fillText(value, scope);
    return filled instanceof Instant ? filled.toString() : filled;
  }
  if (Array.isArray(value)) return value.map((part) => fill(part, scope));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [textOf(fillText(key, scope)), fill(part, scope)]),
  );
}
