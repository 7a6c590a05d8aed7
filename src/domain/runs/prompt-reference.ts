/** How a prompt is referred to, in suites and on the command line. */
export type PromptReference =
  /** `code-generation-assistant@2.1`: the file prompts/code-generation-assistant/2.1.md. */
  | { kind: 'version'; id: string; version: string }
  /** `prompts/x.md`, `./some.prompty`: a file of any dialect. */
  | { kind: 'file'; path: string }
  /** `git:HEAD~3:prompts/x.md`: a file of any dialect at a revision; the path counts from the repository's top. */
  | { kind: 'git'; revision: string; path: string };

/** What a text that is no reference lacks. */
export interface NoReference {
  kind: 'none';
  expected: string;
}

/** Cells are filed under their prompt's reference, and a file system takes 255 bytes. */
const longest = 150;

const none = (expected: string): NoReference => ({ kind: 'none', expected });

/** Reads a reference to a prompt. It may not begin with `-`, or it could be taken for an option. */
export function readPromptReference(text: string): PromptReference | NoReference {
  if (text.trim() === '' || text.trim() !== text)
    return none('<prompt>@<version>, the path of a file, or git:<revision>:<path>');
  if (/[\u0000-\u001f\u007f]/.test(text)) return none('a prompt without control characters');
  if (!text.isWellFormed() || encodeURIComponent(text).length > longest)
    return none(`a prompt of at most ${longest} characters (a slash or a space counts as three)`);
  if (text.startsWith('git:')) return readGit(text.slice(4));
  const version = /^([^@/\\:]+)@([^@/\\:]+)$/.exec(text);
  if (text.startsWith('-')) return none('a prompt that does not begin with -');
  if (version === null) return { kind: 'file', path: text };
  const [, id = '', number = ''] = version;
  return id.startsWith('.')
    ? none('<prompt>@<version> whose name does not begin with a dot')
    : { kind: 'version', id, version: number };
}

function readGit(text: string): PromptReference | NoReference {
  const colon = text.indexOf(':');
  const [revision, path] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  if (colon < 0 || revision === '' || path === '') return none('git:<revision>:<path>');
  if (revision.startsWith('-') || path.startsWith('-')) return none('a revision and a path that do not begin with -');
  if (/\s/.test(revision)) return none('a revision without white space');
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..'))
    return none('a path from the top of the repository, without . and ..');
  return { kind: 'git', revision, path };
}

/** The version that a reference names; null for a file or a revision, which name none. */
export function versionIn(reference: string): string | null {
  const read = readPromptReference(reference);
  return read.kind === 'version' ? read.version : null;
}
