/** Where the text of a prompt comes from: a released version, a file, or a file at a git revision. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { readPromptReference } from '../../domain/runs/prompt-reference.ts';
import { foundInstead } from '../../formats/system-error.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { NotAtRevisionError, gitFile } from './git.ts';

/** A prompt's text and what it is called. */
export interface PromptSource {
  id: string;
  /** As messages name it, and as dialects look at it. */
  path: string;
  text: string;
  /** The version that the reference asks for, null when it asks for none. */
  version: string | null;
  /** For a person: `prompts/x/2.1.md`, `prompts/x.md at main (1a2b3c…)`. */
  from: string;
}

/** Where references of a project lead. */
export interface PromptPlace {
  /** The project's folder. */
  root: string;
  /** The folder that paths of files count from. */
  from: string;
  /** The file of a released version, below the project's folder; null where it is not known. */
  file: string | null;
}

/** Reads what a reference means. */
export async function readPromptSource(reference: string, { root, from, file }: PromptPlace): Promise<PromptSource> {
  const read = readPromptReference(reference);
  if (read.kind === 'none') {
    throw new UsageError(`prompt ${JSON.stringify(reference)}: expected ${read.expected}, found something else.`);
  }
  if (read.kind === 'git') {
    const { commit, bytes } = await gitFile(root, read.revision, read.path);
    const where = `${read.revision}:${read.path}`;
    return {
      id: stem(read.path),
      path: where,
      text: decoded(bytes, where),
      version: null,
      from: `${read.path} at ${read.revision} (${commit.slice(0, 12)})`,
    };
  }
  const isVersion = read.kind === 'version';
  const path = isVersion ? (file ?? join('prompts', read.id, `${read.version}.md`)) : read.path;
  const bytes = await readFile(resolve(isVersion ? root : from, path)).catch((error: unknown) =>
    refuse(reference, path, error),
  );
  return {
    id: isVersion ? read.id : stem(path),
    path,
    text: decoded(bytes, path),
    version: isVersion ? read.version : null,
    from: path,
  };
}

/** The files that can stand beside a prompt; nothing of them is sent. */
export type BesidePrompt = 'sections' | 'asked';

/**
 * A file beside a prompt: `<name>.sections.yaml` for this one alone, else `sections.yaml` for all of the folder. Null
 * when there is neither.
 */
export async function readBesidePrompt(
  kind: BesidePrompt,
  reference: string,
  { root, from, file }: PromptPlace,
): Promise<{ path: string; text: string } | null> {
  const read = readPromptReference(reference);
  if (read.kind === 'none') return null;
  const path = read.kind === 'version' ? (file ?? join('prompts', read.id, `${read.version}.md`)) : read.path;
  for (const name of [`${stem(path)}.${kind}.yaml`, `${kind}.yaml`]) {
    const beside = posix.join(dirname(path), name);
    const bytes =
      read.kind === 'git'
        ? await gitFile(root, read.revision, beside).then((blob) => blob.bytes, absentAtRevision)
        : await readFile(resolve(read.kind === 'version' ? root : from, beside)).catch(absent);
    if (bytes !== null) return { path: beside, text: decoded(bytes, beside) };
  }
  return null;
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
  throw error;
}

function absentAtRevision(error: unknown): null {
  if (error instanceof NotAtRevisionError) return null;
  throw error;
}

/** `prompts/review.prompt.md` is called review. */
const stem = (path: string): string =>
  basename(path).replace(/(?<=.)(?:\.prompt|\.agent|\.chatmode|\.instructions)?\.\w+$/, '');

function refuse(reference: string, path: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code;
  const foundText = code === 'ENOENT' || code === 'ENOTDIR' ? 'none' : foundInstead(error);
  throw new UsageError(`prompt ${reference}: expected a file ${path}, found ${foundText}.`, { cause: error });
}

function decoded(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${path}: expected text in UTF-8, found bytes that are not.`);
  }
}
