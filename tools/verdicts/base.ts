/** Runs git with these words: what it prints, without white space around it; null where it fails. */
export type Git = (...words: string[]) => string | null;

/** The ledger as it was before a change, or why nobody can say what it was. */
export type Base = { revision: string; text: string } | { missing: string };

/** The branches that changes land on, the ones of the server first. */
const trunks = ['origin/main', 'main'];

/**
 * The revision that the ledger of the working tree is held against: where this branch left main; on main itself the
 * one before the last change of the ledger. Null where the clone has neither, as a shallow one.
 */
function revisionBefore(path: string, git: Git): string | null {
  const head = git('rev-parse', '--verify', '--quiet', 'HEAD');
  if (head === null) return null;
  for (const trunk of trunks) {
    const left = git('merge-base', 'HEAD', trunk);
    if (left !== null && left !== head) return left;
  }
  const last = git('log', '-1', '--format=%H', '--', path);
  if (last === null || last === '') return null;
  return git('rev-parse', '--verify', '--quiet', `${last}^`);
}

/** The ledger as it was before the change that is looked at. */
export function baseOf(path: string, git: Git): Base {
  const revision = revisionBefore(path, git);
  if (revision === null)
    return {
      missing: 'expected a branch main or an earlier commit to compare with, found none: nothing was compared with it',
    };
  const text = git('show', `${revision}:${path}`);
  return text === null ? { missing: `at ${revision} there is no ledger to compare with` } : { revision, text };
}
