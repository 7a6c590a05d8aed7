import { join } from 'node:path';
import type { Kit } from '../../src/ports/runner.ts';
import type { Layer } from '../../src/ports/layers.ts';
import type { Mount } from '../../src/ports/sandbox.ts';
import { assetsLayer, onceForLayers } from '../shared/install.ts';
import { npmLayer } from '../shared/npm.ts';

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

/** Makes the toolchain ready. Rejects with `ToolMissingError`. */
async function makeToolchain(kit: Kit): Promise<Toolchain> {
  const layer = await npmLayer(kit, 'typescript-tools', join(here, 'toolchain'), 'the TypeScript tools');
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
