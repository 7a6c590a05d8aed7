import { posix } from 'node:path';
import { runInNewContext } from 'node:vm';
import picomatch from 'picomatch';

/** What a Jest configuration measures. */
export interface Patterns {
  /** The folder that its globs start from: an absolute path. */
  root: string;
  /** Globs of `collectCoverageFrom`; those that begin with `!` take out. None: every file. */
  from: readonly string[];
  /** `coveragePathIgnorePatterns`, for absolute paths. */
  ignored: readonly RegExp[];
}

/** Longest time for the answer's patterns, in milliseconds: some take years. */
const PATIENCE_MS = 1000;

/** Jest's reading: a file counts when a pattern takes it in and no `!` pattern takes it out. */
function isSelected({ root, from, ignored }: Patterns, absolute: string): boolean {
  const path = posix.relative(root, absolute);
  if (ignored.some((pattern) => pattern.test(absolute))) return false;
  const options = { dot: true };
  const positive = from.filter((pattern) => !pattern.startsWith('!'));
  const negative = from.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return (
    (positive.length === 0 || picomatch.isMatch(path, positive, options)) &&
    !(negative.length > 0 && picomatch.isMatch(path, negative, options))
  );
}

/** Those of a folder's paths that the patterns select; null when that can't be told in time. */
export function selectedBy(patterns: Patterns, paths: readonly string[], folder: string): string[] | null {
  let selected: string[] | null = null;
  const select = (): void => {
    selected = paths.filter((path) => isSelected(patterns, `${folder}/${path}`));
  };
  try {
    runInNewContext('select()', { select }, { timeout: PATIENCE_MS });
  } catch {
    return null;
  }
  return selected;
}
