import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../domain/usage-error.ts';
import { sha256 } from './hash.ts';

/** Where everything is kept that outlives a run (layers, caches, verdicts, resolutions), and why there. */
export interface State {
  folder: string;
  reason: string;
}

/**
 * `.cupel` in the project, unless the sandbox's ordinary user may not enter it (`unreachableAt` names the folder in the way):
 * then a folder of this project's below /var/cache. Throws `UsageError` when a folder that was asked for cannot be used.
 */
export function stateFolder(root: string, asked: string | null, unreachableAt: (path: string) => string | null): State {
  if (asked !== null) {
    const folder = resolve(asked);
    const obstacle = unreachableAt(folder);
    if (obstacle !== null) {
      throw new UsageError(`--state ${asked}: expected a folder that an ordinary user can enter, found ${obstacle} closed; name another, or chmod o+x ${obstacle}.`);
    }
    mkdirSync(folder, { recursive: true });
    return { folder, reason: 'as asked' };
  }
  const usual = join(root, '.cupel');
  const obstacle = unreachableAt(usual);
  const folder = obstacle === null ? usual : join('/var/cache/cupel', sha256(root).slice(0, 12));
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return { folder, reason: obstacle === null ? 'the usual place' : `an ordinary user may not enter ${obstacle}` };
}
