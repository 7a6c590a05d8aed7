import type { Dialect, PromptDraft, PromptFile } from '../dialect.ts';
import { PromptError } from '../errors.ts';
import { readYaml } from '../front-matter.ts';
import { type Message, templates } from '../messages.ts';
import { BRACES, Variables } from '../placeholders.ts';

/** GitHub Models' `.prompt.yml`: YAML with a list of messages and `{{variables}}`. */
export const githubModels: Dialect = {
  name: 'github-models',
  ownsPath: (path) => /\.ya?ml$/i.test(path),
  read(file: PromptFile): PromptDraft {
    const { data, version, lineOf } = readYaml(file.text, file.path, 1);
    const { messages: entries, ...frontMatter } = data;
    const messages = messageList(entries, file.path, lineOf);
    const variables = new Variables();
    // GitHub fills in variables and nothing else: any other braces are text.
    for (const { text } of messages) variables.declareMatches(text, BRACES);
    return { frontMatter, version, ...templates(messages, variables.list(), file.path) };
  },
};

function messageList(entries: unknown, path: string, lineOf: (keys: (string | number)[]) => number): Message[] {
  const fail = (keys: (string | number)[], found: string): never => {
    throw new PromptError({
      code: 'missing-template',
      path,
      line: lineOf(keys),
      expected: '`messages`, a list of `role` and `content`',
      found,
      todo: 'Write each message as `- role: user` with its text as `content: |`.',
    });
  };
  if (!Array.isArray(entries))
    return fail(['messages'], entries === undefined ? 'no `messages`' : 'another kind of value');
  return entries.map((entry: unknown, at): Message => {
    if (typeof entry !== 'object' || entry === null) return fail(['messages', at], 'an entry of another kind');
    const { role, content } = entry as { role?: unknown; content?: unknown };
    if (typeof role !== 'string') return fail(['messages', at], 'an entry without a `role`');
    if (typeof content !== 'string') return fail(['messages', at], `a ${role} message whose \`content\` is no text`);
    return { role, text: content, line: lineOf(['messages', at, 'content']) };
  });
}
