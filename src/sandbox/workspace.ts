import { chmodSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import tmp from 'tmp';
import type { AnswerFile } from '../domain/grading/extraction.ts';

/** A temp directory that goes away with `remove`, or with the process. */
export interface Workspace {
  folder: string;
  remove(): void;
}

tmp.setGracefulCleanup();

/** An empty temp directory that an ordinary user may enter; `writable` for results that leave the sandbox. */
export function temporaryFolder(prefix: string, writable = false): Workspace {
  const made = tmp.dirSync({ prefix: `cupel-${prefix}`, unsafeCleanup: true });
  chmodSync(made.name, writable ? 0o777 : 0o755); // after the fact: a mode at creation is cut by the umask
  return { folder: made.name, remove: () => made.removeCallback() };
}

/** Lays an answer out, whole. The paths have been through the path jail; a file is never written twice. */
export async function layOut(files: readonly AnswerFile[]): Promise<Workspace> {
  const workspace = temporaryFolder('answer');
  for (const file of files) {
    const path = join(workspace.folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.text, { flag: 'wx' });
  }
  return workspace;
}
