import type { Turn } from '../../domain/grading/prompt.ts';
import type { PromptDraft, Variable } from './dialect.ts';
import { PromptError } from './errors.ts';

/** One message of a prompt that is written as a conversation. */
export interface Message {
  readonly role: string;
  readonly text: string;
  /** The file's line on which it begins. */
  readonly line: number;
}

/** All messages of a request, or their templates. */
export interface Conversation {
  readonly system: string;
  readonly user: string;
  readonly turns?: readonly Turn[];
}

type Templates = Conversation & Pick<PromptDraft, 'variables'>;

const ROLES: Readonly<Record<string, 'system' | 'user' | 'model'>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  model: 'model',
  assistant: 'model',
};

/**
 * The messages as they are sent: at most one of the system, then one of the user, then whatever was said after it. The
 * blank lines round a message are no part of it, and an empty one is none. Throws `PromptError`.
 */
export function conversation(messages: readonly Message[], path: string): Conversation {
  const nonEmpty = messages
    .map(({ role, text, line }) => ({ said: role, role: ROLES[role], text: trimBlankLines(text), line }))
    .filter(({ text }) => text !== '');
  const system = nonEmpty[0]?.role === 'system' ? nonEmpty[0].text : '';
  const [user, ...others] = nonEmpty.slice(system === '' ? 0 : 1);
  const turns: Turn[] = [];
  for (const { said, role, text, line } of user === undefined ? [] : [user, ...others]) {
    if (role === 'user' || (role === 'model' && turns.length > 0)) turns.push({ role, text });
    else throw misplaced(said, turns.at(-1)?.role ?? (system === '' ? null : 'system'), path, line);
  }
  const [first, ...rest] = turns;
  return { system, user: first?.text ?? '', ...(rest.length > 0 && { turns: rest }) };
}

function misplaced(role: string, before: string | null, path: string, line: number): PromptError {
  return new PromptError({
    code: 'unsupported',
    path,
    line,
    expected: 'at most one system message, then messages of the user and the model, beginning with the user',
    found: `a message of the role \`${role}\`${before === null ? '' : ` after one of the role \`${before}\``}`,
    todo: 'Put it into the user message, or take it out.',
  });
}

/** The same for templates; a file that is only a system message gets what the user says as a variable. */
export function templates(messages: readonly Message[], variables: readonly Variable[], path: string): Templates {
  const parts = conversation(messages, path);
  return parts.user === '' ? systemOnly(parts.system, variables, path) : { ...parts, variables };
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
export function nothingToSend(path: string, todo = 'Write the prompt, or name another file.'): PromptError {
  return new PromptError({
    code: 'missing-template',
    path,
    line: 1,
    expected: 'text to send to a model',
    found: 'none',
    todo,
  });
}
