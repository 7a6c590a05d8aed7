/** Asks git, and reads files out of a repository's history. */
import { execa } from 'execa';
import { UsageError } from '../../domain/usage-error.ts';

/** No locks, no questions, no network, messages that we can read. A caller may allow more. */
const quiet: Readonly<Record<string, string>> = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_LITERAL_PATHSPECS: '1',
  LC_ALL: 'C',
};

/** How a call of git ended; `status` is that of the program. */
export interface GitResult {
  status: number;
  bytes: Uint8Array;
  error: string;
}

/** What a caller of git may need beside its words. */
export interface GitOptions {
  /** Variables beside those that keep git quiet, or in their place. */
  env?: Readonly<Record<string, string>>;
  input?: string;
  timeoutMs?: number;
}

/** Runs git in a folder, whatever status it ends with. Throws `UsageError` where there is no git. */
export async function git(
  folder: string,
  words: readonly string[],
  { env = {}, input, timeoutMs = 30_000 }: GitOptions = {},
): Promise<GitResult> {
  const result = await execa('git', ['--no-pager', '-c', 'core.fsmonitor=false', ...words], {
    cwd: folder,
    env: { ...quiet, ...env },
    encoding: 'buffer',
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    reject: false,
    timeout: timeoutMs,
  });
  if (result.code === 'ENOENT') throw new UsageError('expected the program git, found none; install it.');
  if (result.exitCode === undefined)
    throw new UsageError(`git ${words[0] ?? ''} did not end as it should: ${result.shortMessage}.`);
  return { status: result.exitCode, bytes: result.stdout, error: text(result.stderr).trim() };
}

/** What git printed, as text. */
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** There is no such file at that revision. */
export class NotAtRevisionError extends UsageError {}

/** A file as it was at a revision, and the commit that the revision is. */
export interface Blob {
  commit: string;
  bytes: Uint8Array;
}

/**
 * The file `path` (from the repository's top) at `revision`, in the repository that `folder` is in. Throws `UsageError`
 * for a revision or path that is not there. Neither may begin with `-`: `readPromptReference` refuses those.
 */
export async function gitFile(folder: string, revision: string, path: string): Promise<Blob> {
  const where = `git:${revision}:${path}`;
  const resolved = await git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  const commit = text(resolved.bytes).trim();
  if (/not a git repository/.test(resolved.error))
    throw new UsageError(`${where}: expected a git repository around ${folder}, found none.`);
  if (resolved.status !== 0 || !/^[0-9a-f]{40,64}$/.test(commit)) {
    const reason = resolved.error === '' ? '' : ` (${resolved.error})`;
    throw new UsageError(
      `${where}: expected a revision of the repository (git log shows them), found ${revision}, which is ` +
        `none${reason}.`,
    );
  }
  const listed = await git(folder, ['ls-tree', '-z', '--full-tree', '--end-of-options', commit, path]);
  const [, mode = '', hash = ''] = /^(\d{6}) \w+ ([0-9a-f]{40,64})\t/.exec(text(listed.bytes)) ?? [];
  if (mode === '')
    throw new NotAtRevisionError(
      `${where}: expected a file ${path} at ${revision} (${commit.slice(0, 12)}), found none. The path counts ` +
        `from the repository's top.`,
    );
  if (!mode.startsWith('100'))
    throw new UsageError(`${where}: expected a file, found ${kinds[mode] ?? 'something else'}.`);
  const blob = await git(folder, ['cat-file', 'blob', hash]);
  if (blob.status !== 0) throw new UsageError(`${where}: expected to read the file, found: ${blob.error}.`);
  return { commit, bytes: blob.bytes };
}

const kinds: Readonly<Record<string, string>> = {
  '040000': 'a folder',
  '120000': 'a symbolic link',
  '160000': 'a submodule',
};
