/** What stands in the place of a file, by the system's code for why it could not be read. */
const inPlace: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file: a part of the path is no folder',
  EISDIR: 'a folder',
  EACCES: 'a file that may not be read',
  EPERM: 'a file that may not be read',
  ELOOP: 'links that lead in a circle',
  ENAMETOOLONG: 'a name that is too long for a file',
  EIO: 'a disk that fails',
  EMFILE: 'too many open files',
};

/** What was found instead of a file that could be read, in words; for messages that say what was expected. */
export function foundInstead(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return inPlace[code] ?? (error instanceof Error ? error.message : String(error));
}
