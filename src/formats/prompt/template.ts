import { createHash } from 'node:crypto';

import type { Logic, Prompt, Request } from '../../domain/grading/prompt.ts';
import { PromptError, PromptValuesError } from './errors.ts';
import { meaningOf, runTemplate, usedIn } from './handlebars/render.ts';
import { conversation } from './messages.ts';

/** The parts of a prompt that decide what is sent. */
export type Templates = Pick<Prompt, 'system' | 'user' | 'turns' | 'logic' | 'variables' | 'placeholders'>;

/** SHA-256 (hex) of the parts as JSON: JSON keeps the border between them, so no two lists share a key. */
export function hashOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * The identity of a prompt: equal exactly when the same is sent, whatever the values (with logic: when its tree is
 * equal).
 */
export function promptHash(prompt: Templates): string {
  if (prompt.logic !== undefined) {
    const kinds = usedIn(prompt.logic, prompt.variables).map((name) => [name, prompt.logic?.kinds[name]]);
    return hashOf([meaningOf(prompt.logic), kinds]);
  }
  const cut = cutter(prompt);
  return hashOf(inOrder(prompt).map(cut));
}

/** System, user, and the turns after it; the text of a turn follows its role. */
const inOrder = ({ system, user, turns = [] }: Pick<Request, 'system' | 'user' | 'turns'>): string[] => [
  system,
  user,
  ...turns.flatMap(({ role, text }) => [role, text]),
];

/**
 * Puts the values in, in one pass: what a value says is never substituted again, and what is not declared stays.
 * Throws `PromptValuesError` when a variable that the templates use has no value or a value has no variable.
 */
export function renderPrompt(prompt: Prompt, values: Readonly<Record<string, string>>): Request {
  const messages = prompt.logic === undefined ? fillTemplates(prompt, values) : runLogic(prompt, prompt.logic, values);
  return { ...messages, hash: hashOf(inOrder(messages)) };
}

type Messages = Omit<Request, 'hash'>;

function fillTemplates(prompt: Prompt, values: Readonly<Record<string, string>>): Messages {
  const cut = cutter(prompt);
  const used = new Set(
    inOrder(prompt)
      .flatMap(cut)
      .filter((part) => typeof part !== 'string')
      .map((part) => part.variable),
  );
  checkValues(prompt, values, used);
  const fill = (template: string): string =>
    cut(template)
      .map((part) => (typeof part === 'string' ? part : values[part.variable]))
      .join('');
  const turns = prompt.turns?.map(({ role, text }) => ({ role, text: fill(text) }));
  return { system: fill(prompt.system), user: fill(prompt.user), ...(turns !== undefined && { turns }) };
}

function runLogic(prompt: Prompt, logic: Logic, values: Readonly<Record<string, string>>): Messages {
  const path = `${prompt.id}@${prompt.version}`;
  checkValues(prompt, values, new Set(usedIn(logic, prompt.variables)));
  const { system, user, turns } = conversation(runTemplate(logic, values, path), path);
  if (user === '') throw nothingToSay(path, logic.line);
  return { system, user, ...(turns !== undefined && { turns: [...turns] }) };
}

const nothingToSay = (path: string, line: number): PromptError =>
  new PromptError({
    code: 'missing-template',
    path,
    line,
    expected: 'a template that says something in the name of the user',
    found: 'nothing with these values',
    todo: 'Look at the values of the conditions and loops.',
  });

function checkValues(prompt: Prompt, values: Readonly<Record<string, string>>, used: ReadonlySet<string>): void {
  const unset = prompt.variables.filter((name) => used.has(name) && !Object.hasOwn(values, name));
  const unknown = Object.keys(values)
    .filter((name) => !prompt.variables.includes(name))
    .sort();
  if (unset.length > 0 || unknown.length > 0) {
    throw new PromptValuesError(prompt, unset, unknown);
  }
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
  const placeholders = prompt.placeholders;
  return placeholders !== undefined && Object.hasOwn(placeholders, name) ? (placeholders[name] ?? []) : [`[${name}]`];
}

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
