import Handlebars from 'handlebars';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

import type { Logic, ValueKind } from '../../../domain/grading/prompt.ts';
import { PromptError } from '../errors.ts';
import type { Message } from '../messages.ts';
import { parseTemplate } from './parse.ts';
import { usesOf } from './uses.ts';

const engine = Handlebars.create();

/** Names of the values that a template uses, in the order of `declared`. */
export function usedIn(logic: Logic, declared: readonly string[]): string[] {
  const { variables, all } = usesOf(parseTemplate({ path: '', ...logic }), { path: '', ...logic });
  return declared.filter((name) => all || variables.has(name));
}

/** What decides what a template makes of values: its tree, without comments and without the way that it is written. */
export function meaningOf(logic: Logic): string {
  const matters = (node: unknown): boolean => {
    const { type, value } = node as { type?: string; value?: unknown };
    return type !== 'CommentStatement' && !(type === 'ContentStatement' && value === '');
  };
  return JSON.stringify(parseTemplate({ path: '', ...logic }), (key, value: unknown) => {
    if (WRITTEN.has(key)) return undefined;
    return Array.isArray(value) ? value.filter(matters) : value;
  });
}

/** Keys of a tree's nodes that say how it was written. */
const WRITTEN = new Set([
  'loc',
  'original',
  'strip',
  'openStrip',
  'inverseStrip',
  'closeStrip',
  'leftStripped',
  'rightStripped',
  'escaped',
]);

/**
 * Runs a template on values that are all set. `path` is for messages. A value is put in once: what it says is never
 * run, and nothing in it can begin another message. Throws `PromptError`.
 */
export function runTemplate(logic: Logic, values: Readonly<Record<string, string>>, path: string): Message[] {
  const context = Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, readValue(name, text, logic, path)]),
  );
  const mark = unusedIn([logic.text, JSON.stringify(context), ...Object.values(values)]);
  try {
    const template = engine.compile<typeof context>(logic.text, {
      noEscape: true,
      strict: true,
      knownHelpers: Object.fromEntries(Object.keys(helpersWith(mark)).map((name) => [name, true])),
      knownHelpersOnly: true,
    });
    return split(
      template(context, {
        helpers: helpersWith(mark),
        allowProtoMethodsByDefault: false,
        allowProtoPropertiesByDefault: false,
      }),
      mark,
      logic.line,
    );
  } catch (error) {
    throw asPromptError(error, logic, path);
  }
}

/** A character that no text holds, so that no text can be taken for a border between messages. */
function unusedIn(texts: readonly string[]): string {
  for (let code = 0xe000; code < 0xf900; code += 1) {
    const mark = String.fromCharCode(code);
    if (texts.every((text) => !text.includes(mark))) return mark;
  }
  throw new Error('values that hold every private character of Unicode');
}

/** A helper refused at a place; becomes a `PromptError`. */
class Refusal extends Error {
  readonly line: number;
  readonly found: string;

  constructor(line: number, found: string) {
    super(found);
    this.line = line;
    this.found = found;
  }
}

/** What Handlebars hands to a helper; its types leave out `loc`. */
type Options = Handlebars.HelperOptions & { readonly loc?: hbs.AST.SourceLocation };

/**
 * dotprompt's helpers. A section is a place for the model's own words, and the conversation before is empty: both are
 * no text.
 */
function helpersWith(mark: string): Record<string, Handlebars.HelperDelegate> {
  const border = (role: string, line: number): string => `${mark}${JSON.stringify({ role, line })}${mark}`;
  const lineOf = (options: Options): number => options.loc?.start.line ?? 1;
  return {
    json: (value: unknown, options: Options) =>
      JSON.stringify(value, null, (options.hash as { indent?: number }).indent ?? 0),
    role(this: unknown, role: unknown, options: Options): string {
      const line = lineOf(options);
      const isBlock = typeof options.fn === 'function';
      return (
        border(String(role), line) + (isBlock ? options.fn(this) + border('user', options.loc?.end.line ?? line) : '')
      );
    },
    // As in dotprompt, what follows the conversation is the model's until another role is named.
    history: (options: Options) => border('model', lineOf(options)),
    section(this: unknown, _name: unknown, options: Options): string {
      return typeof options.fn === 'function' ? options.fn(this) : '';
    },
    media(options: Options): string {
      const { url } = options.hash as { url?: unknown };
      if (url === undefined || url === '') return '';
      throw new Refusal(lineOf(options), `a medium, \`${typeof url === 'string' ? url : JSON.stringify(url)}\``);
    },
    ifEquals(this: unknown, one: unknown, other: unknown, options: Options): string {
      return one === other ? options.fn(this) : options.inverse(this);
    },
    unlessEquals(this: unknown, one: unknown, other: unknown, options: Options): string {
      return one === other ? options.inverse(this) : options.fn(this);
    },
  };
}

/** What a border holds: whose text follows, and from which line. */
const borderSchema = z.object({ role: z.string(), line: z.int() });

/** Every second piece is a border; what stands before the first is the user's. */
function split(rendered: string, mark: string, firstLine: number): Message[] {
  const messages: Message[] = [];
  let at = { role: 'user', line: 1 };
  for (const [index, piece] of rendered.split(mark).entries()) {
    if (index % 2 === 0) messages.push({ role: at.role, text: piece, line: firstLine + at.line - 1 });
    else at = borderSchema.parse(JSON.parse(piece));
  }
  return messages;
}

const FITS: Readonly<Record<Exclude<ValueKind, 'text'>, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  list: Array.isArray,
  mapping: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  collection: (value) => typeof value === 'object' && value !== null,
  any: () => true,
};

const SAID: Readonly<Record<ValueKind, string>> = {
  text: 'text',
  number: 'a number',
  boolean: '`true` or `false`',
  list: 'a list, as YAML or JSON',
  mapping: 'a mapping, as YAML or JSON',
  collection: 'a list or a mapping, as YAML or JSON',
  any: 'YAML or JSON',
};

/** A value as the prompt declares it. An optional one that is empty counts as left out. */
function readValue(name: string, text: string, logic: Logic, path: string): unknown {
  const { kind, optional } = Object.hasOwn(logic.kinds, name) ? (logic.kinds[name] ?? TEXT) : TEXT;
  if (kind === 'text') return text;
  if (optional && text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = parseYaml(text);
    if (FITS[kind](value)) return value;
  } catch {
    // said below
  }
  const found = text.trim() === '' ? 'none' : `\`${text.trim().split('\n')[0]?.slice(0, 60)}\``;
  throw new PromptError({
    code: 'values',
    path,
    line: null,
    expected: `${SAID[kind]} as the value of \`${name}\``,
    found,
    todo: `Write \`${name}\` so in the scenario.`,
  });
}

const TEXT = { kind: 'text', optional: false } as const;

function asPromptError(error: unknown, logic: Logic, path: string): unknown {
  if (error instanceof Refusal) {
    const expected = 'a prompt of text, for Cupel sends no other';
    return new PromptError({
      code: 'unsupported',
      path,
      line: logic.line + error.line - 1,
      expected,
      found: error.found,
      todo: 'Leave the value empty, or take the medium out.',
    });
  }
  const missing = error instanceof Error ? /^"(.*)" not defined in .* - (\d+):\d+$/.exec(error.message) : null;
  if (missing !== null) {
    return new PromptError({
      code: 'values',
      path,
      line: logic.line + Number(missing[2]) - 1,
      expected: 'a value for each name',
      found: `none for \`${missing[1]}\` in what the template looks into there`,
      todo: `Add \`${missing[1]}\` (\`null\` says that there is none).`,
    });
  }
  return error;
}
