import type { PromptDraft, Variable } from './dialect.ts';
import { PromptError } from './errors.ts';

/** One message of a prompt that is written as a conversation. */
export interface Message {
  readonly role: string;
  readonly text: string;
  /** The file's line on which it begins. */
  readonly line: number;
}

type Templates = Pick<PromptDraft, 'system' | 'user' | 'variables'>;

/**
 * The two messages that are sent: at most one of the system, then at most one of the user, without the blank lines
 * round them. Anything else (an answer put into the model's mouth, a second question) is refused: leaving it out
 * would measure another prompt. Throws `PromptError`.
 */
export function twoMessages(messages: readonly Message[], variables: readonly Variable[], path: string): Templates {
  const kept = messages
    .map(({ role, text, line }) => ({ role: role === 'developer' ? 'system' : role, text: trimBlankLines(text), line }))
    .filter(({ text }) => text !== '');
  const order = ['system', 'user'];
  for (const [at, { role, line }] of kept.entries()) {
    if (order.includes(role) && order.indexOf(role) > order.indexOf(kept[at - 1]?.role ?? '')) continue;
    throw new PromptError({
      code: 'unsupported',
      path,
      line,
      expected: 'at most one system message, then at most one user message',
      found: `a message of the role \`${role}\`${at === 0 ? '' : ` after one of the role \`${kept[at - 1]?.role}\``}`,
      todo: 'Put it into the user message as an example, or take it out.',
    });
  }
  const of = (wanted: string): string => kept.find(({ role }) => role === wanted)?.text ?? '';
  const system = of('system');
  const user = of('user');
  return user === '' ? systemOnly(system, variables, path) : { system, user, variables };
}

/**
 * A file that is only a system message: what the user says is a variable, `input`, and the whole user message.
 * Throws `PromptError` when the system message is empty too.
 */
export function systemOnly(system: string, variables: readonly Variable[], path: string): Templates {
  if (system === '') throw nothingToSend(path);
  const used = variables.find(({ name }) => name === 'input');
  // A spelling that the system message doesn't hold, so that nothing in it is taken for the variable.
  let spelling = '{{input}}';
  while (used === undefined && system.includes(spelling)) spelling = `{${spelling}}`;
  const input = { name: 'input', spellings: [...new Set([...(used?.spellings ?? []), spelling])] };
  return { system, user: spelling, variables: [...variables.filter((variable) => variable !== used), input] };
}

/** A text without the blank lines before it and all space after it: a final line end is no part of a message. */
export const trimBlankLines = (text: string): string => text.replace(/^(?:[ \t]*\n)+/, '').trimEnd();

/** The error for a file without any text to send. */
export function nothingToSend(path: string): PromptError {
  return new PromptError({
    code: 'missing-template',
    path,
    line: 1,
    expected: 'text to send to a model',
    found: 'none',
    todo: 'Write the prompt, or name another file.',
  });
}
