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
}

/** Reads a prompt file of any dialect. Throws `PromptError`, which names file and line and says what to do. */
export function loadPrompt(text: string, origin: PromptOrigin): Prompt {
  const file = normalise(text, origin.path);
  refuseConflicts(file);
  const draft = dialectOf(file).read(file);
  const spelled = draft.variables.filter(({ spellings }) => spellings !== undefined);
  const prompt = {
    id: origin.id,
    version: draft.version ?? 'unversioned',
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

/** The dialect that a file is written in. */
export function detectDialect(text: string, path: string): string {
  return dialectOf(normalise(text, path)).name;
}

function dialectOf(file: PromptFile): Dialect {
  return (
    dialects.find((dialect) => dialect.ownsPath?.(file.path)) ??
    dialects.find((dialect) => dialect.ownsText?.(file.text)) ??
    markdown
  );
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
