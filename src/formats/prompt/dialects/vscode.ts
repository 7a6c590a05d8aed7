import type { Dialect, PromptDraft, PromptFile } from '../dialect.ts';
import { splitFrontMatter } from '../front-matter.ts';
import { nothingToSend, trimBlankLines } from '../messages.ts';
import { Variables } from '../placeholders.ts';
import { unwrap } from '../unwrap.ts';

/** `${input:name}` and `${input:name:hint}`. */
const INPUT = /\$\{input:([\w.-]+)(?::[^}]*)?\}/g;
/** What the editor would fill in; any other `${…}` is text. */
const EDITOR =
  /\$\{(selection|selectedText|file|fileBasename|fileDirname|fileBasenameNoExtension|workspaceFolder|workspaceFolderBasename)\}/g;

/** VS Code's `.prompt.md`: the body is the user message, with `${input:name}` and the editor's own variables. */
export const vscode: Dialect = {
  name: 'vscode',
  ownsPath: (path) => /\.prompt\.md$/i.test(path),
  ownsText: (text) => text.search(INPUT) >= 0,
  hasVariables: (text) => text.search(INPUT) >= 0 || text.search(EDITOR) >= 0,
  read(file: PromptFile): PromptDraft {
    const { text, firstLine } = unwrap(file.text);
    const { data, version, body } = splitFrontMatter({ path: file.path, text }, firstLine);
    const user = trimBlankLines(body);
    if (user === '') throw nothingToSend(file.path);
    const variables = new Variables();
    variables.declareMatches(user, INPUT);
    variables.declareMatches(user, EDITOR);
    return { frontMatter: data, version, system: '', user, variables: variables.list() };
  },
};
