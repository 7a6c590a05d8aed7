import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Layer, Layers } from '../../ports/layers.ts';
import { ProviderError } from '../../ports/provider.ts';

const here = import.meta.dirname;

/**
 * promptfoo as it is pinned here, installed when it is first needed: most runs never do. Rejects with `ProviderError`.
 */
export async function installed(layers: Layers, signal: AbortSignal): Promise<Layer> {
  const lock = await readFile(join(here, 'pinned', 'package-lock.json'), 'utf8');
  return layers.get('promptfoo', [lock, process.arch], async (folder) => {
    for (const name of ['package.json', 'package-lock.json']) await cp(join(here, 'pinned', name), join(folder, name));
    const result = await execa('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      reject: false,
      cancelSignal: signal,
    });
    signal.throwIfAborted();
    if (!result.failed) return;
    const why = result.stderr?.trim().split('\n').slice(-3).join(' ') || result.originalMessage || '';
    throw new ProviderError(
      `npm could not install promptfoo: ${why}; see that npm is installed and that the package registry can be reached`,
      { problem: 'rejected' },
    );
  });
}
