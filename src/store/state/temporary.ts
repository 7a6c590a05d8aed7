/** The temp folder of a process: nothing in it outlives the process, however that ends. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLock } from '../files/lock.ts';

const PREFIX = 'cupel-temp-';

/**
 * Waits until the process that writes to it is gone. bubblewrap binds its programs to our life, but not while it
 * starts: whatever names our folder then is ended. The folder's two names come as lines, so that no command line here
 * has them.
 */
const guard = `
read -r folder && read -r unnamed || exit
cat >/dev/null
for pause in 0 0.1 0.3; do
  sleep $pause
  for found in $(printf '%s/\\n' "$folder" | grep -lsFf - /proc/[0-9]*/cmdline); do
    process=\${found%/cmdline}
    case $(cat "$process/comm" 2>/dev/null) in
      bwrap|setpriv) kill -9 "\${process#/proc/}" ;;
    esac
  done
done
rm -rf -- "$folder" "$unnamed"`;

/** Starts the guard, and returns when it is sure to learn the names. */
async function watchOver(names: readonly string[]): Promise<void> {
  const guardian = spawn('sh', ['-c', guard], { detached: true, cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] });
  const input = guardian.stdin as Socket;
  await new Promise<void>((resolve, reject) =>
    input.write(names.map((name) => `${name}\n`).join(''), (error) => (error ? reject(error) : resolve())),
  );
  guardian.unref();
  input.unref();
}

/** Removes what processes left that ended without a chance to: those folders that nobody holds any more. */
async function sweep(parent: string): Promise<void> {
  for (const name of (await readdir(parent)).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(parent, name);
    try {
      const stats = lstatSync(folder);
      if (!stats.isDirectory() || stats.uid !== process.getuid?.()) continue;
      const lock = await tryLock(join(folder, 'lock'), 'exclusive');
      if (lock === null) continue;
      await rm(folder, { recursive: true, force: true });
      lock.release();
    } catch {
      continue; // gone since, or not ours to remove: no reason to end a run
    }
  }
}

let ownFolder: Promise<string> | null = null;

async function make(): Promise<string> {
  const parent = tmpdir();
  await sweep(parent);
  const name = `${PREFIX}${randomBytes(4).toString('hex')}`;
  const [folder, unnamed] = [join(parent, name), join(parent, `.${name}`)];
  await watchOver([folder, unnamed]); // before there is anything to remove
  await mkdir(unnamed);
  chmodSync(unnamed, 0o755);
  await tryLock(join(unnamed, 'lock'), 'exclusive'); // held until we end
  await rename(unnamed, folder); // locked from the first moment on which a sweep could see it
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.env['TMPDIR'] = folder;
  return folder;
}

/** Makes the temp folder of this process, once, and lets everything that asks the system for one find it. */
export function ownTemporaryFolder(): Promise<string> {
  return (ownFolder ??= make());
}
