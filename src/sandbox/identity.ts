import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The ordinary user that programs run as when Cupel itself is root: being root changes no verdict. */
const ordinary = { uid: 64_001, gid: 64_001 };

/** The uid and gid of programs on the host: an ordinary one when we are root, else our own. */
export function hostIdentity(): { uid: number; gid: number; dropped: boolean } {
  if (process.getuid?.() === 0) return { ...ordinary, dropped: true };
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, dropped: false };
}

/** The first folder on the way to `path` that an ordinary user may not enter; null when the way is free. */
export function unreachableAt(path: string): string | null {
  if (!hostIdentity().dropped) return null;
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      if ((statSync(folder).mode & 0o001) === 0) return folder;
    } catch {
      // does not exist yet: its parents decide
    }
    if (folder === dirname(folder)) return null;
  }
}
