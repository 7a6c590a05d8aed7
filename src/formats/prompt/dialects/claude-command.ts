import type { Dialect, PromptDraft, PromptFile } from '../dialect.ts';
import { splitFrontMatter } from '../front-matter.ts';
import { nothingToSend, trimBlankLines } from '../messages.ts';
import { Variables } from '../placeholders.ts';

const ARGUMENT = /\$(?:ARGUMENTS(?![A-Za-z_])|[1-9](?![\w.]))/g;

/** Claude Code's commands: the body is the user message, `$ARGUMENTS` and `$1` are variables of these names. */
export const claudeCommand: Dialect = {
  name: 'claude-command',
  ownsPath: (path) => /(?:^|\/|__)\.claude(?:\/|__)commands(?:\/|__).*\.md$/i.test(path),
  ownsText: (text) => /\$ARGUMENTS\b/.test(text),
  hasVariables: (text) => text.search(ARGUMENT) >= 0,
  read(file: PromptFile): PromptDraft {
    const { data, version, body } = splitFrontMatter(file);
    const user = trimBlankLines(body);
    if (user === '') throw nothingToSend(file.path);
    const variables = new Variables();
    for (const [spelling] of user.matchAll(ARGUMENT)) variables.declare(spelling.slice(1), spelling);
    return { frontMatter: data, version, system: '', user, variables: variables.list() };
  },
};
