import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ToolMissingError } from '../../src/ports/runner.ts';
import type { Kit } from '../../src/ports/runner.ts';
import type { Layer } from '../../src/ports/layers.ts';
import { hostEnvironment, persistently } from './install.ts';

/**
 * The packages of a lock (`package.json`, `package-lock.json` in `source`) as a layer, without install scripts. `what`
 * is what a message calls them. Rejects with `ToolMissingError`.
 */
export async function npmLayer(kit: Kit, name: string, source: string, what: string): Promise<Layer> {
  const lock = await readFile(join(source, 'package-lock.json'), 'utf8');
  return kit.layers.get(name, [lock, process.arch], async (folder) => {
    for (const file of ['package.json', 'package-lock.json']) await cp(join(source, file), join(folder, file));
    const install = () =>
      execa('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: folder,
        reject: false,
        env: hostEnvironment(),
        ...(kit.signal === undefined ? {} : { cancelSignal: kit.signal }),
      });
    const result = await persistently(install, kit.signal);
    kit.signal?.throwIfAborted();
    if (!result.failed) return;
    const why = result.stderr.trim().split('\n').slice(-3).join(' ') || result.originalMessage || '';
    throw new ToolMissingError(
      `npm could not install ${what}: ${why}; see that npm is installed and that the package registry can be reached`,
    );
  });
}
