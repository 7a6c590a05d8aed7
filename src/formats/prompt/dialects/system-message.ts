import type { Dialect, PromptDraft, PromptFile } from '../dialect.ts';
import { splitFrontMatter } from '../front-matter.ts';
import { nothingToSend, systemOnly, trimBlankLines } from '../messages.ts';
import { unwrap } from '../unwrap.ts';

/** Reads a file whose body is a system message: braces, brackets and dollars in it are text. */
function readSystemMessage(file: PromptFile): PromptDraft {
  const { text, firstLine } = unwrap(file.text);
  const { data, version, body } = splitFrontMatter({ path: file.path, text }, firstLine);
  return { frontMatter: data, version, ...systemOnly(trimBlankLines(body), [], file.path) };
}

/** GitHub Copilot's agents, chat modes and instructions. */
export const copilot: Dialect = {
  name: 'copilot',
  ownsPath: (path) => /(?:\.(?:agent|chatmode|instructions)|(?:^|\/)copilot-instructions)\.md$/i.test(path),
  read: readSystemMessage,
};

/** Claude Code's agents: in their folder, or known by a front matter that has a name, a description and tools. */
export const claudeAgent: Dialect = {
  name: 'claude-agent',
  ownsPath: (path) => /(?:^|\/|__)\.claude(?:\/|__)agents(?:\/|__)[^/]*\.md$/i.test(path),
  ownsText: (text) => {
    const head = /^---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? '';
    return /^name:/m.test(head) && /^description:/m.test(head) && /^tools:/m.test(head);
  },
  read: readSystemMessage,
};

/** Fabric's patterns: `system.md` in a folder of its own, beginning with an identity. */
export const fabric: Dialect = {
  name: 'fabric',
  ownsPath: (path) => /(?:^|\/|__)patterns(?:\/|__).+(?:\/|__)(?:system|user)\.md$/i.test(path),
  ownsText: (text) => /^\s*#+[ \t]*IDENTITY\b/.test(text),
  read(file: PromptFile): PromptDraft {
    const isUser = /user\.md$/i.test(file.path) && file.text.trim() === '';
    if (isUser) throw nothingToSend(file.path, 'The pattern has no words of the user: name the `system.md` beside it.');
    return readSystemMessage(file);
  },
};
