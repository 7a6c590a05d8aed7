import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ToolMissingError } from '../../src/contract/runner.ts';
import type { Kit } from '../../src/contract/runner.ts';
import type { Layer } from '../../src/contract/layers.ts';
import type { Mount } from '../../src/contract/sandbox.ts';
import { assetsLayer, networkEnvironment, onceForLayers, persistently } from '../common/install.ts';

/** The one runtime that this runner offers: Node's major version. */
export const NODE = '20';

const here = import.meta.dirname;

/** Programs of the toolchain, as seen inside. */
export const inside = {
  node: `/toolchain/node_modules/runtime-${process.arch}/bin/node`,
  npm: '/toolchain/node_modules/npm/bin/npm-cli.js',
  tsc: '/toolchain/node_modules/typescript/bin/tsc',
  prettier: '/toolchain/node_modules/prettier/bin/prettier.cjs',
  assets: '/cupel',
};

/** The tools that this runner brings. */
export interface Toolchain {
  layer: Layer;
  assets: Layer;
  mounts: Mount[];
}

async function installToolchain(kit: Kit, folder: string): Promise<void> {
  for (const name of ['package.json', 'package-lock.json']) await cp(join(here, 'toolchain', name), join(folder, name));
  const install = () =>
    execa('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      reject: false,
      env: networkEnvironment(),
      ...(kit.signal === undefined ? {} : { cancelSignal: kit.signal }),
    });
  const result = await persistently(install, kit.signal);
  kit.signal?.throwIfAborted();
  if (!result.failed) return;
  const why = result.stderr.trim().split('\n').slice(-3).join(' ') || result.originalMessage || '';
  throw new ToolMissingError(`npm could not install the TypeScript tools: ${why}; see that npm is installed and that the package registry can be reached`);
}

/** Makes the toolchain ready. Rejects with `ToolMissingError`. */
async function makeToolchain(kit: Kit): Promise<Toolchain> {
  const lock = await readFile(join(here, 'toolchain', 'package-lock.json'), 'utf8');
  const layer = await kit.layers.get('typescript-tools', [lock, process.arch], (folder) => installToolchain(kit, folder));
  const assets = await assetsLayer(kit, 'typescript', here, ['environment', 'grader', 'standards']);
  return {
    layer,
    assets,
    mounts: [
      { source: layer.folder, target: '/toolchain' },
      { source: assets.folder, target: inside.assets },
    ],
  };
}

/** The toolchain, made once a process for a set of layers. */
export const toolchainOf = onceForLayers(makeToolchain);
