import { createHash } from 'node:crypto';

import type { Prompt, Request } from '../../domain/prompt.ts';
import { PromptValuesError } from './errors.ts';

/** The parts of a prompt that decide what is sent. */
export type Templates = Pick<Prompt, 'system' | 'user' | 'variables' | 'placeholders'>;

/** SHA-256 (hex) of the parts as JSON: JSON keeps the border between them, so no two lists share a key. */
export function hashOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The identity of a prompt: equal exactly when the same is sent, whatever the values. */
export function promptHash(prompt: Templates): string {
  const cut = cutter(prompt);
  return hashOf([cut(prompt.system), cut(prompt.user)]);
}

/**
 * Puts the values in, in one pass: what a value says is never substituted again, and what is not declared stays.
 * Throws `PromptValuesError` when a variable that the templates use has no value or a value has no variable.
 */
export function renderPrompt(prompt: Prompt, values: Readonly<Record<string, string>>): Request {
  const cut = cutter(prompt);
  const system = cut(prompt.system);
  const user = cut(prompt.user);
  const used = new Set([...system, ...user].filter((part) => typeof part !== 'string').map((part) => part.variable));

  const unset = prompt.variables.filter((name) => used.has(name) && !Object.hasOwn(values, name));
  const unknown = Object.keys(values).filter((name) => !prompt.variables.includes(name)).sort();
  if (unset.length > 0 || unknown.length > 0) {
    throw new PromptValuesError(`${prompt.id}@${prompt.version}`, prompt.variables, unset, unknown);
  }

  const fill = (parts: readonly Part[]): string =>
    parts.map((part) => (typeof part === 'string' ? part : values[part.variable])).join('');
  const request = { system: fill(system), user: fill(user) };
  return { ...request, hash: hashOf([request.system, request.user]) };
}

/** A piece of a template: text, or the place of a variable. */
type Part = string | { readonly variable: string };

/** A function that cuts a template at its placeholders; the longest spelling wins where two begin at one place. */
function cutter(prompt: Templates): (template: string) => Part[] {
  const names = new Map<string, string>();
  for (const name of prompt.variables) {
    for (const spelling of spellings(prompt, name)) names.set(spelling, name);
  }
  if (names.size === 0) return (template) => [template];
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length);
  const placeholder = new RegExp(`(${longestFirst.map(escape).join('|')})`, 'u');
  // split() with one group gives text, placeholder, text, ...: every second piece is a placeholder.
  return (template) =>
    template.split(placeholder).map((piece, at) => (at % 2 === 0 ? piece : { variable: names.get(piece) ?? piece }));
}

function spellings(prompt: Templates, name: string): readonly string[] {
  const own = prompt.placeholders;
  return own !== undefined && Object.hasOwn(own, name) ? (own[name] ?? []) : [`[${name}]`];
}

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
