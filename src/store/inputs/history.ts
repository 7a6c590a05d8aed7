/** What a branch has changed: its common ancestor with the base, and the project's files as they were there. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../domain/usage-error.ts';
import { git, text } from './git.ts';

/** A branch and what it is compared with. Hashes are those of commits. */
export interface Branch {
  /** The top of the repository. */
  top: string;
  /** The project below it, `''` or `some/folder/`. */
  prefix: string;
  head: string;
  /** The newest commit of the base, and the newest that head and base have in common. */
  tip: string;
  mergeBase: string;
}

/** Commits by which a clone that has too few of them is deepened, step by step; then it gets all. */
const DEEPER = ['--deepen=50', '--deepen=500', '--unshallow'];

/** Fetching may use the network, unlike all that we ask git besides. */
const network = { GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh', GIT_NO_LAZY_FETCH: '0' };

const HASH = /^[0-9a-f]{40,64}$/;

async function line(folder: string, words: readonly string[]): Promise<string | null> {
  const { status, bytes } = await git(folder, words);
  return status === 0 ? text(bytes).trim() : null;
}

async function commitOf(folder: string, ref: string): Promise<string | null> {
  const names = ref.includes('/') ? [ref] : [ref, `origin/${ref}`];
  for (const name of names) {
    const commit = await line(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    if (commit !== null && HASH.test(commit)) return commit;
  }
  return null;
}

/** The tip of the base and the newest common commit, as far as the clone has them. */
async function commonOf(folder: string, ref: string, head: string): Promise<Pick<Branch, 'tip' | 'mergeBase'> | null> {
  const tip = await commitOf(folder, ref);
  const mergeBase = tip === null ? null : await line(folder, ['merge-base', tip, head]);
  return tip === null || mergeBase === null || !HASH.test(mergeBase) ? null : { tip, mergeBase };
}

/** Fetches more of a shallow clone. False when nothing could be had. */
async function deepen(folder: string, ref: string, head: string, how: string): Promise<boolean> {
  const branch = ref.replace(/^(?:refs\/remotes\/)?origin\//, '');
  const wanted = HASH.test(ref) ? ref : `+refs/heads/${branch}:refs/remotes/origin/${branch}`;
  const options = { env: network, timeoutMs: 600_000 };
  const fetch = (words: string[]) => git(folder, ['fetch', '--no-tags', '--quiet', how, 'origin', ...words], options);
  if ((await fetch([wanted, head])).status === 0) return true;
  return (await fetch([wanted])).status === 0; // a server that gives no commit by its hash
}

/**
 * The branch that is checked out, and the base that `ref` names. A clone that has too little of the history gets more
 * of it from `origin`. Throws `UsageError` where there is no repository, no such base or no common commit.
 */
export async function openBranch(folder: string, ref: string): Promise<Branch> {
  if (ref.startsWith('-') || /[\s\u0000-\u001f]/.test(ref))
    throw new UsageError(`--base ${JSON.stringify(ref)}: expected a branch or a commit, found something else.`);
  const top = await line(folder, ['rev-parse', '--show-toplevel']);
  const prefix = await line(folder, ['rev-parse', '--show-prefix']);
  const head = await commitOf(folder, 'HEAD');
  if (top === null || prefix === null || head === null)
    throw new UsageError(`expected a git repository with a commit around ${folder}, found none.`);
  let common = await commonOf(folder, ref, head);
  const shallow = async (): Promise<boolean> =>
    (await line(folder, ['rev-parse', '--is-shallow-repository'])) === 'true';
  if (common === null && !(await shallow()) && (await commitOf(folder, ref)) === null)
    await deepen(folder, ref, head, '--no-write-fetch-head'); // a whole clone of one branch
  for (const how of DEEPER) {
    common ??= await commonOf(folder, ref, head);
    if (common !== null || !(await shallow()) || !(await deepen(folder, ref, head, how))) break;
    common = await commonOf(folder, ref, head);
  }
  common ??= await commonOf(folder, ref, head);
  if (common !== null) return { top, prefix, head, ...common };
  const found = (await commitOf(folder, ref)) === null ? `no such commit here` : 'none';
  const remedy = (await shallow())
    ? 'the clone is shallow: fetch more (git fetch --unshallow; fetch-depth: 0 of actions/checkout)'
    : `name a branch or a commit that is here (git fetch origin ${ref})`;
  throw new UsageError(`--base ${ref}: expected a commit that HEAD has in common with it, found ${found}; ${remedy}.`);
}

/** One file that differs between two commits: mode and hash of what it became; both zeros where it is gone. */
interface ChangedFile {
  path: string;
  mode: string;
  blob: string;
}

/** Reads git's raw form with `-z`: `:<mode> <mode> <blob> <blob> <letter>`, then the path. */
function readRaw(output: string): ChangedFile[] {
  return [...output.matchAll(/:\d{6} (\d{6}) [0-9a-f]+ ([0-9a-f]+) \w\d*\0([^\0]+)\0/g)].map(
    ([, mode = '', blob = '', path = '']) => ({ mode, blob, path }),
  );
}

/**
 * Files that the base's tip has with the very content that the branch had at some time: what a squash merge took over.
 * For these the base is its tip, though no commit says so.
 */
async function takenOver({ top, prefix, head, tip, mergeBase }: Branch): Promise<ChangedFile[]> {
  const where = ['--', prefix === '' ? '.' : prefix];
  const raw = ['--raw', '-z', '--no-abbrev', '--no-renames'];
  const inBase = await git(top, ['diff-tree', '-r', ...raw, mergeBase, tip, ...where]);
  const changed = readRaw(text(inBase.bytes));
  if (changed.length === 0) return [];
  const inBranch = await git(top, ['log', '--format=', ...raw, `${mergeBase}..${head}`, ...where]);
  const had = new Set(readRaw(text(inBranch.bytes)).map(({ path, blob }) => `${blob} ${path}`));
  return changed.filter(({ path, blob }) => had.has(`${blob} ${path}`));
}

/** The base's files of the project. */
export interface BaseTree {
  /** The project's folder. */
  root: string;
  /** How many files are those of the base's tip, because the branch had the same content before. */
  takenOver: number;
}

/**
 * Lays the project out as it is at the base, below an empty folder. What runs left behind is not laid out; references
 * to other revisions (`git:main:prompts/x.md`) work there as they do in the repository.
 */
export async function layOutBase(branch: Branch, folder: string): Promise<BaseTree> {
  const { top, prefix, mergeBase } = branch;
  const tree = join(folder, 'tree');
  const env = { GIT_INDEX_FILE: join(folder, 'index') };
  const must = async (words: readonly string[], input?: string): Promise<string> => {
    const { status, bytes, error } = await git(top, words, {
      env,
      timeoutMs: 300_000,
      ...(input === undefined ? {} : { input }),
    });
    if (status !== 0) throw new UsageError(`expected to read the base ${mergeBase.slice(0, 12)}, found: ${error}.`);
    return text(bytes);
  };
  await mkdir(join(tree, prefix), { recursive: true });
  await must(['read-tree', mergeBase]);
  const replaced = await takenOver(branch);
  // A mode of zeros takes the file out of the index.
  await must(
    ['update-index', '-z', '--index-info'],
    replaced.map(({ mode, blob, path }) => `${mode} ${blob}\t${path}\0`).join(''),
  );
  const files = (await must(['ls-files', '-z', '--', prefix === '' ? '.' : prefix]))
    .split('\0')
    .filter((path) => path !== '' && !path.startsWith(`${prefix}reports/runs/`));
  await must(['checkout-index', '-z', '--stdin', `--prefix=${tree}/`], files.map((path) => `${path}\0`).join(''));
  const gitFolder = await must(['rev-parse', '--absolute-git-dir']);
  await writeFile(join(tree, '.git'), `gitdir: ${gitFolder.trim()}\n`);
  return { root: join(tree, prefix), takenOver: replaced.length };
}

/** The paths, from the repository's top, that are committed or staged, of those that are given. */
export async function tracked(top: string, paths: readonly string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set();
  const { status, bytes } = await git(top, ['ls-files', '-z', '--', ...paths]);
  return new Set(status === 0 ? text(bytes).split('\0') : []);
}
