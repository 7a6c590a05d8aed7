import type { Dialect, PromptDraft, PromptFile } from '../dialect.ts';
import { splitFrontMatter } from '../front-matter.ts';
import { nothingToSend, trimBlankLines } from '../messages.ts';
import { BRACES_IN_TEXT, refuseLogic, Variables } from '../placeholders.ts';
import { declaredInFrontMatter } from '../variables.ts';

/** Text with `{{variables}}`: all of it is the user message. */
export const braces: Dialect = {
  name: 'braces',
  ownsText: (text) => text.search(BRACES_IN_TEXT) >= 0,
  hasVariables: (text) => text.search(BRACES_IN_TEXT) >= 0,
  read(file: PromptFile): PromptDraft {
    const { data, version, body, bodyLine } = splitFrontMatter(file);
    const user = trimBlankLines(body);
    if (user === '') throw nothingToSend(file.path);
    refuseLogic(body, file.path, bodyLine);
    const variables = new Variables();
    variables.declareMatches(user, BRACES_IN_TEXT);
    return { frontMatter: data, version, system: '', user, variables: variables.list() };
  },
};

/** Any other text: all of it is the user message, and only what the front matter declares is a variable. */
export const markdown: Dialect = {
  name: 'markdown',
  ownsText: () => true,
  read(file: PromptFile): PromptDraft {
    const { data, version, body } = splitFrontMatter(file);
    const user = trimBlankLines(body);
    if (user === '') throw nothingToSend(file.path);
    const names = new Set(declaredInFrontMatter(data));
    return { frontMatter: data, version, system: '', user, variables: [...names].map((name) => ({ name })) };
  },
};
