import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { defaultLimits } from '../../src/domain/grading/limits.ts';
import { ToolMissingError } from '../../src/ports/runner.ts';
import type { Kit } from '../../src/ports/runner.ts';
import type { Layer } from '../../src/ports/layers.ts';
import type { Execution, Mount } from '../../src/ports/sandbox.ts';
import { assetsLayer, networkEnvironment, onceForLayers, persistently, runResolver } from '../shared/install.ts';

/** The one runtime that this runner offers. */
export const PYTHON = '3.11';

const here = import.meta.dirname;

/** An interpreter that programs in the sandbox can run. */
export interface Interpreter {
  path: string;
  version: string;
  /** What to mount so that it works inside; empty when it is below /usr. */
  mounts: Mount[];
}

/** The tools that this runner brings: uv to install, a virtual environment with linters and coverage. */
export interface Toolchain {
  interpreter: Interpreter;
  uv: Layer;
  tools: Layer;
  /** This folder's own programs, configurations and locks. */
  assets: Layer;
  /** Mounts of all of it, for programs of a check. */
  mounts: Mount[];
}

/** Programs of the toolchain, as seen inside. */
export const inside = {
  uv: '/uv/bin/uv',
  ruff: '/tools/venv/bin/ruff',
  black: '/tools/venv/bin/black',
  mypy: '/tools/venv/bin/mypy',
  bandit: '/tools/venv/bin/bandit',
  toolsPython: '/tools/venv/bin/python',
  assets: '/cupel',
};

/** The environment of trusted resolvers. */
export function resolverEnvironment(): Record<string, string> {
  return {
    ...networkEnvironment(),
    UV_PYTHON_DOWNLOADS: 'never',
    UV_NO_CONFIG: '1',
    UV_LINK_MODE: 'copy',
    UV_NO_PROGRESS: '1',
    UV_CACHE_DIR: '/cache',
  };
}

async function describe(path: string): Promise<{ version: string; prefix: string; executable: string } | null> {
  const script =
    'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.base_prefix); print(sys._base_executable)';
  const result = await execa(path, ['-I', '-S', '-c', script], { reject: false, timeout: 20_000 });
  const [version, prefix, executable] = result.failed ? [] : result.stdout.split('\n');
  return version === undefined || prefix === undefined || executable === undefined
    ? null
    : { version, prefix, executable };
}

async function worksInside(kit: Kit, interpreter: Interpreter): Promise<boolean> {
  const execution = await kit.sandbox.run({
    command: [interpreter.path, '-c', 'import ssl, sqlite3, ctypes'],
    cwd: '/w',
    env: {},
    mounts: interpreter.mounts,
    network: 'none',
    limits: { ...defaultLimits, wallSeconds: 60 },
  });
  return execution.exitCode === 0;
}

/** The system's interpreter first: one under a home folder may not be readable for an ordinary user. */
export async function findInterpreter(kit: Kit): Promise<Interpreter> {
  const tried: string[] = [];
  for (const path of [`/usr/bin/python${PYTHON}`, `/usr/local/bin/python${PYTHON}`, `python${PYTHON}`, 'python3']) {
    const found = await describe(path);
    if (found === null || !found.version.startsWith(`${PYTHON}.`)) continue;
    const mounts = found.prefix.startsWith('/usr') ? [] : [{ source: found.prefix, target: found.prefix }];
    const interpreter = { path: found.executable, version: found.version, mounts };
    try {
      if (await worksInside(kit, interpreter)) return interpreter;
      tried.push(`${found.executable} does not work in the sandbox`);
    } catch (error) {
      tried.push(`${found.executable}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const why = tried.length === 0 ? 'none was found' : tried.join('; ');
  throw new ToolMissingError(
    `Python ${PYTHON} is needed where an ordinary user can run it, but ${why}; install it (Debian, Ubuntu: apt-get install python${PYTHON} python3-pip)`,
  );
}

async function installUv(interpreter: Interpreter, kit: Kit): Promise<Layer> {
  const lock = join(here, 'toolchain', 'uv.txt');
  return kit.layers.get('uv', [await readFile(lock, 'utf8'), process.arch], async (folder) => {
    const arguments_ = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--only-binary',
      ':all:',
    ];
    const install = () =>
      execa(interpreter.path, [...arguments_, '--require-hashes', '--target', folder, '-r', lock], {
        reject: false,
        env: { PIP_ROOT_USER_ACTION: 'ignore' },
        ...(kit.signal === undefined ? {} : { cancelSignal: kit.signal }),
      });
    const result = await persistently(install, kit.signal);
    kit.signal?.throwIfAborted();
    if (result.failed) {
      throw new ToolMissingError(
        `pip could not install uv: ${result.stderr.trim().split('\n').at(-1) ?? ''}; see that ${interpreter.path} has pip (Debian, Ubuntu: apt-get install python3-pip) and that the package registry can be reached`,
      );
    }
  });
}

/** Runs uv with the registries in reach, its cache, and a folder that becomes a layer. */
export async function runUv(
  kit: Kit,
  uv: Layer,
  interpreter: Interpreter,
  script: string,
  parts: { workspace: string; layer?: string; out?: string; mounts?: readonly Mount[] },
): Promise<Execution> {
  return runResolver(kit, {
    command: ['sh', '-ec', script],
    workspace: parts.workspace,
    cwd: '/w',
    env: resolverEnvironment(),
    mounts: [
      ...interpreter.mounts,
      { source: uv.folder, target: '/uv' },
      { source: await kit.layers.cache('uv'), target: '/cache', writable: true },
      ...(parts.mounts ?? []),
      ...(parts.layer === undefined ? [] : [{ source: parts.layer, target: '/layer', writable: true }]),
    ],
    ...(parts.out === undefined ? {} : { out: parts.out }),
  });
}

/** The commands that turn a hashed lock into a virtual environment at /layer/venv that works wherever it is mounted. */
export function installScript(interpreter: Interpreter, lock: string): string {
  return [
    `${inside.uv} venv --quiet --clear --relocatable --python ${interpreter.path} /layer/venv`,
    `${inside.uv} pip install --quiet --python /layer/venv/bin/python --require-hashes --no-deps --only-binary :all: --compile-bytecode -r ${lock}`,
  ].join('\n');
}

/** The command that adds the one wheel in a folder to that environment. */
export function installWheel(folder: string): string {
  return `${inside.uv} pip install --quiet --python /layer/venv/bin/python --offline --no-index --no-deps --compile-bytecode ${folder}/*.whl`;
}

/** Makes the toolchain ready. Rejects with `ToolMissingError`. */
async function makeToolchain(kit: Kit): Promise<Toolchain> {
  const interpreter = await findInterpreter(kit);
  const uv = await installUv(interpreter, kit);
  const assets = await assetsLayer(kit, 'python', here, ['environment', 'grader', 'standards', 'toolchain']);
  const lock = await readFile(join(here, 'toolchain', 'tools.txt'), 'utf8');
  const tools = await kit.layers.get('python-tools', [lock, interpreter, process.arch], async (folder) => {
    const execution = await runUv(kit, uv, interpreter, installScript(interpreter, 'toolchain/tools.txt'), {
      workspace: assets.folder,
      layer: folder,
    });
    if (execution.exitCode !== 0) {
      throw new ToolMissingError(
        `uv could not install the Python tools: ${execution.stderr.trim()}; see that the package registry can be reached`,
      );
    }
  });
  return {
    interpreter,
    uv,
    tools,
    assets,
    mounts: [
      ...interpreter.mounts,
      { source: tools.folder, target: '/tools' },
      { source: assets.folder, target: inside.assets },
    ],
  };
}

/** The toolchain, made once a process for a set of layers. */
export const toolchainOf = onceForLayers(makeToolchain);
