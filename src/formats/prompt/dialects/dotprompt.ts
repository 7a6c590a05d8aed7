import type { Dialect, PromptDraft, PromptFile } from '../dialect.ts';
import { PromptError } from '../errors.ts';
import { splitFrontMatter } from '../front-matter.ts';
import { type Message, twoMessages } from '../messages.ts';
import { BRACES, refuseTags, Variables } from '../placeholders.ts';

/** Google's dotprompt: Handlebars with `{{role "system"}}` and a schema of the input in the front matter. */
export const dotprompt: Dialect = {
  name: 'dotprompt',
  ownsPath: (path) => /\.prompt$/i.test(path),
  read(file: PromptFile): PromptDraft {
    // A licence as a comment may stand before the front matter.
    const comment = /^(?:(?:#[^\n]*|[ \t]*)\n)+(?=---)/.exec(file.text)?.[0] ?? '';
    const firstLine = comment.split('\n').length;
    const rest = { path: file.path, text: file.text.slice(comment.length) };
    const { data, version, body, bodyLine } = splitFrontMatter(rest, firstLine);

    const messages = splitRoles(withoutComments(body), bodyLine);
    const variables = new Variables();
    for (const name of schemaKeys(data)) variables.declare(name);
    for (const { text, line } of messages) {
      refuseTags(text, file.path, line);
      refuseHistory(text, file.path, line);
      variables.declareMatches(text, BRACES);
    }
    const sent = messages.map((message) => ({ ...message, text: message.text.replaceAll(GONE, '') }));
    return { frontMatter: data, version, ...twoMessages(sent, variables.list(), file.path) };
  },
};

/** A line that a comment had to itself: it is not sent, but counts until the messages have their line numbers. */
const GONE = '\0\n';

/** Takes out `{{! … }}` and `{{!-- … --}}`; as in Handlebars, a comment alone on its lines takes these along. */
function withoutComments(template: string): string {
  const comment = String.raw`\{\{~?!--[\s\S]*?--~?\}\}|\{\{~?!(?!--)[\s\S]*?\}\}`;
  const lineEnds = (text: string): string => text.replace(/[^\n]/g, '');
  return template
    .replace(new RegExp(`^[ \\t]*(?:${comment})[ \\t]*\n`, 'gm'), (found) => GONE.repeat(lineEnds(found).length))
    .replace(new RegExp(comment, 'g'), lineEnds);
}

/** Cuts a template at `{{role "x"}}`, and at `{{#role "x"}}` … `{{/role}}`; what stands before is the user's. */
function splitRoles(template: string, firstLine: number): Message[] {
  const messages: Message[] = [];
  const role = /\{\{#?[ \t]*role[ \t]+["'](\w+)["'][ \t]*\}\}|\{\{\/role\}\}/g;
  let current = 'user';
  let from = 0;
  const push = (to: number): void => {
    const text = template.slice(from, to);
    const blank = text.length - text.trimStart().length;
    const line = firstLine + template.slice(0, from + blank).split('\n').length - 1;
    messages.push({ role: current, text: text.slice(blank), line });
  };
  for (const match of template.matchAll(role)) {
    push(match.index);
    current = match[1] ?? 'user';
    from = match.index + match[0].length;
  }
  push(template.length);
  return messages;
}

/** `{{history}}` is a variable by its looks, and the conversation so far by its meaning. */
function refuseHistory(text: string, path: string, line: number): void {
  const history = /\{\{[ \t]*history[ \t]*\}\}/.exec(text);
  if (history === null) return;
  throw new PromptError({
    code: 'unsupported',
    path,
    line: line + text.slice(0, history.index).split('\n').length - 1,
    expected: 'a prompt that begins a conversation',
    found: '`{{history}}`',
    todo: 'Take it out, or put the conversation into a variable of another name.',
  });
}

/** Names in `input.schema`: the properties of a JSON schema, or the keys of a Picoschema without `?` and `(array)`. */
function schemaKeys(data: Readonly<Record<string, unknown>>): string[] {
  const schema = child(child(data, 'input'), 'schema');
  const properties = child(schema, 'properties');
  const keys = Object.keys(typeof schema?.['type'] === 'string' && properties !== null ? properties : (schema ?? {}));
  return keys.map((key) => key.replace(/\(.*$/, '').replace(/\?$/, ''));
}

function child(parent: Readonly<Record<string, unknown>> | null, key: string): Record<string, unknown> | null {
  const value = parent?.[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}
