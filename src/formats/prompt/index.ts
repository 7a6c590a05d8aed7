import type { Prompt } from '../../domain/grading/prompt.ts';
import type { Dialect, PromptFile } from './dialect.ts';
import { dialects } from './dialects/index.ts';
import { markdown } from './dialects/markdown.ts';
import { PromptError } from './errors.ts';
import { promptHash } from './template.ts';

export { PromptError, PromptValuesError } from './errors.ts';
export { renderPrompt } from './template.ts';

/** What a prompt is called, and where its text comes from (for detection and for messages; nothing is read). */
export interface PromptOrigin {
  readonly id: string;
  readonly path: string;
  /** The dialect that somebody chose for it. Absent: its front matter, its path and its text decide. */
  readonly dialect?: string | undefined;
}

/** Reads a prompt file of any dialect. Throws `PromptError`, which names file and line and says what to do. */
export function loadPrompt(text: string, origin: PromptOrigin): Prompt {
  const file = normalise(text, origin.path);
  refuseConflicts(file);
  const { dialect, chosen } = dialectOf(file, origin.dialect);
  const draft = dialect.read(file);
  const spelled = draft.variables.filter(({ spellings }) => spellings !== undefined);
  const prompt = {
    id: origin.id,
    version: draft.version ?? 'unversioned',
    ...(!chosen && { assumedDialect: dialect.name }),
    frontMatter: { ...draft.frontMatter },
    system: draft.system,
    user: draft.user,
    ...(draft.turns !== undefined && { turns: [...draft.turns] }),
    ...(draft.logic !== undefined && { logic: draft.logic }),
    variables: draft.variables.map(({ name }) => name),
    ...(spelled.length > 0 && {
      placeholders: Object.fromEntries(spelled.map(({ name, spellings = [] }) => [name, [...spellings]])),
    }),
  };
  return { ...prompt, hash: promptHash(prompt) };
}

/** The dialect that a file is written in. Throws `PromptError` where its front matter names one that does not exist. */
export function detectDialect(text: string, path: string): string {
  return dialectOf(normalise(text, path)).dialect.name;
}

/** The dialect that is chosen by who asks, or by the front matter, or that path and text stand for. */
function dialectOf(file: PromptFile, choice?: string): { dialect: Dialect; chosen: boolean } {
  const { line, name = choice } = choice === undefined ? namedInside(file.text) : { line: null };
  if (name === undefined) return { dialect: detected(file), chosen: false };
  const dialect = dialects.find((one) => one.name === name);
  if (dialect !== undefined) return { dialect, chosen: true };
  throw new PromptError({
    code: 'front-matter',
    path: file.path,
    line,
    expected: `a dialect (${dialects.map((one) => one.name).join(', ')})`,
    found: `\`${name}\``,
    todo: 'Write one of them, or leave it out: then the path and the text decide.',
  });
}

/** What a front matter names as `dialect`, and its line; neither where it names none. */
function namedInside(text: string): { line: number | null; name?: string | undefined } {
  const head = /^---[^\n]*\n[\s\S]*?\n---/.exec(text)?.[0] ?? '';
  const named = /^dialect:[ \t]*["']?([^"'#\s]+)/m.exec(head);
  return { line: named === null ? null : head.slice(0, named.index).split('\n').length, name: named?.[1] };
}

function detected({ path, text }: PromptFile): Dialect {
  const byPath = dialects.find((dialect) => dialect.ownsPath?.(path));
  const writesOwn = byPath?.hasVariables?.(text) ?? true;
  const byVariables = writesOwn
    ? undefined
    : dialects.find((dialect) => dialect.ownsText !== undefined && dialect.hasVariables?.(text));
  return byVariables ?? byPath ?? dialects.find((dialect) => dialect.ownsText?.(text)) ?? markdown;
}

/** A checkout with Windows line ends or a byte order mark holds the same prompt. */
function normalise(text: string, path: string): PromptFile {
  return { path: path.replaceAll('\\', '/'), text: text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n') };
}

function refuseConflicts({ text, path }: PromptFile): void {
  const lines = text.split('\n');
  const ours = lines.findIndex((line) => /^<{7}( |$)/.test(line));
  const theirs = lines.findIndex((line, at) => at > ours && /^>{7}( |$)/.test(line));
  if (ours < 0 || theirs < 0 || !lines.slice(ours, theirs).includes('=======')) return;
  throw new PromptError({
    code: 'conflict-markers',
    path,
    line: ours + 1,
    expected: 'a file without merge conflicts',
    found: `the conflict marker \`${lines[ours]}\``,
    todo: 'Resolve the conflict and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`.',
  });
}
