import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { ToolMissingError } from '../../src/ports/runner.ts';
import type { Kit } from '../../src/ports/runner.ts';
import type { Layer } from '../../src/ports/layers.ts';
import type { Mount } from '../../src/ports/sandbox.ts';
import { assetsLayer, contentOf, onceForLayers, persistently } from '../shared/install.ts';
import { standardLibrary } from './compiling.ts';
import { goRegistries } from './registries.ts';
import type { GoRegistries } from './registries.ts';

/** The language version that this runner offers, and the toolchain that stands for it. */
export const GO = '1.24';
export const PINNED = 'go1.24.13';

const here = import.meta.dirname;

/**
 * The tools that this runner brings: a pinned Go, fetched by whatever Go the machine has, and staticcheck built with
 * it.
 */
export interface Toolchain {
  go: Layer;
  tools: Layer;
  assets: Layer;
  /** The standard library, compiled. */
  standard: Layer;
  /** Module proxies and checksum database in use on this machine. */
  registries: GoRegistries;
  mounts: Mount[];
}

async function host(
  kit: Kit,
  command: string,
  arguments_: string[],
  env: Record<string, string>,
  cwd: string,
): Promise<string> {
  const start = () =>
    execa(command, arguments_, {
      cwd,
      env,
      reject: false,
      ...(kit.signal === undefined ? {} : { cancelSignal: kit.signal }),
    });
  const result = await persistently(start, kit.signal);
  kit.signal?.throwIfAborted();
  if (result.code === 'ENOENT') {
    throw new ToolMissingError(
      `Go is not on the PATH; install Go 1.21 or newer (it fetches the pinned ${PINNED} by itself)`,
    );
  }
  if (result.failed) {
    const why = result.stderr.trim().split('\n').slice(-3).join(' ');
    throw new ToolMissingError(
      `${command} ${arguments_.join(' ')} failed: ${why}; expected Go 1.21 or newer, and a module proxy in reach`,
    );
  }
  return result.stdout.trim();
}

/** The pinned toolchain, copied out of the module cache that the machine's Go fetched it into. */
async function installGo(kit: Kit, folder: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'cupel-go-'));
  try {
    const env = { GOTOOLCHAIN: PINNED, GOMODCACHE: scratch, GOFLAGS: '-modcacherw', GOWORK: 'off', GOENV: 'off' };
    const root = await host(kit, 'go', ['env', 'GOROOT'], env, tmpdir());
    // The module cache is read-only, its folders too: cp copes with that, and what it makes must be ours to move and
    // remove.
    await execa('cp', ['-R', root, join(folder, 'go')]);
    await execa('chmod', ['-R', 'u+w', join(folder, 'go')]);
  } finally {
    await execa('chmod', ['-R', 'u+w', scratch]);
    await rm(scratch, { recursive: true, force: true });
  }
}

async function buildWith(kit: Kit, go: Layer, source: string, arguments_: readonly string[]): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'cupel-go-'));
  try {
    const env = {
      GOROOT: join(go.folder, 'go'),
      GOTOOLCHAIN: 'local',
      GOENV: 'off',
      GOWORK: 'off',
      GOMODCACHE: join(scratch, 'mod'),
      GOCACHE: join(scratch, 'cache'),
      GOFLAGS: '-mod=readonly -modcacherw -buildvcs=false',
      CGO_ENABLED: '0',
    };
    const build = ['build', '-trimpath', ...arguments_];
    await host(kit, join(go.folder, 'go', 'bin', 'go'), build, env, join(here, source));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Makes the toolchain ready. Rejects with `ToolMissingError`, also when the machine has no Go of its own to fetch it
 * with.
 */
async function makeToolchain(kit: Kit): Promise<Toolchain> {
  const settings = await host(kit, 'go', ['env', '-json', 'GOPROXY', 'GOSUMDB'], { GOTOOLCHAIN: 'local' }, tmpdir());
  const go = await kit.layers.get('go', [PINNED, process.arch], (folder) => installGo(kit, folder));
  const sums = await readFile(join(here, 'toolchain', 'go.sum'), 'utf8');
  const tools = await kit.layers.get('go-tools', [sums, PINNED, process.arch], (folder) =>
    buildWith(kit, go, 'toolchain', ['-o', join(folder, 'staticcheck'), 'honnef.co/go/tools/cmd/staticcheck']),
  );
  const source = await contentOf(here, 'rounds');
  const rounds = await kit.layers.get('go-rounds', [source, PINNED, process.arch], (folder) =>
    buildWith(kit, go, 'rounds', ['-o', join(folder, 'rounds'), '.']),
  );
  const assets = await assetsLayer(kit, 'go', here, ['environment', 'grader']);
  const mounts = [
    { source: go.folder, target: '/golang' },
    { source: tools.folder, target: '/tools' },
    { source: assets.folder, target: '/cupel' },
  ];
  const script = await readFile(join(here, 'grader', 'compile_standard.sh'), 'utf8');
  const standard = await standardLibrary(kit, mounts, GO, [go.hash, tools.hash, script]);
  return {
    go,
    tools,
    assets,
    standard,
    registries: goRegistries(settings),
    mounts: [...mounts, { source: rounds.folder, target: '/rounds' }],
  };
}

/** The toolchain, made once a process for a set of layers. */
export const toolchainOf = onceForLayers(makeToolchain);
