import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { defaultLimits } from '../../src/domain/grading/limits.ts';
import { ToolMissingError } from '../../src/ports/runner.ts';
import type { Kit } from '../../src/ports/runner.ts';
import type { Layer } from '../../src/ports/layers.ts';
import type { Execution, Mount } from '../../src/ports/sandbox.ts';
import type { Registry } from '../../src/ports/registries.ts';
import { assetsLayer, onceForLayers, persistently, runResolver, scratch } from '../shared/install.ts';
import { indexEnvironment, pythonRegistries } from './registries.ts';

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

/** uv, and what it needs to run. */
export interface Uv {
  interpreter: Interpreter;
  uv: Layer;
  /** The package indexes of this machine. */
  registries: readonly Registry[];
}

/** The tools that this runner brings: uv to install, a virtual environment with linters and coverage. */
export interface Toolchain extends Uv {
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
function resolverEnvironment(registries: readonly Registry[]): Record<string, string> {
  return {
    ...indexEnvironment(registries),
    UV_PYTHON_DOWNLOADS: 'never',
    UV_NO_CONFIG: '1',
    UV_LINK_MODE: 'copy',
    UV_NO_PROGRESS: '1',
    UV_CACHE_DIR: scratch,
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
  const attempts: string[] = [];
  for (const path of [`/usr/bin/python${PYTHON}`, `/usr/local/bin/python${PYTHON}`, `python${PYTHON}`, 'python3']) {
    const description = await describe(path);
    if (description === null || !description.version.startsWith(`${PYTHON}.`)) continue;
    const mounts = description.prefix.startsWith('/usr')
      ? []
      : [{ source: description.prefix, target: description.prefix }];
    const interpreter = { path: description.executable, version: description.version, mounts };
    try {
      if (await worksInside(kit, interpreter)) return interpreter;
      attempts.push(`${description.executable} does not work in the sandbox`);
    } catch (error) {
      attempts.push(`${description.executable}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const why = attempts.length === 0 ? 'none was found' : attempts.join('; ');
  throw new ToolMissingError(
    `Python ${PYTHON} is needed where an ordinary user can run it, but ${why}; ` +
      `install it (Debian, Ubuntu: apt-get install python${PYTHON} python3-pip)`,
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
        `pip could not install uv: ${result.stderr.trim().split('\n').at(-1) ?? ''}; ` +
          `see that ${interpreter.path} has pip (Debian, Ubuntu: apt-get install python3-pip) and that the package registry can be reached`,
      );
    }
  });
}

/** Runs uv with the registries in reach, and a folder that becomes a layer. */
export async function runUv(
  kit: Kit,
  { interpreter, uv, registries }: Uv,
  script: string,
  parts: { workspace: string; layer?: string; out?: string; mounts?: readonly Mount[] },
): Promise<Execution> {
  return runResolver(kit, {
    command: ['sh', '-ec', script],
    workspace: parts.workspace,
    cwd: '/w',
    env: resolverEnvironment(registries),
    registries,
    mounts: [
      ...interpreter.mounts,
      { source: uv.folder, target: '/uv' },
      ...(parts.mounts ?? []),
      ...(parts.layer === undefined ? [] : [{ source: parts.layer, target: '/layer', writable: true }]),
    ],
    ...(parts.out === undefined ? {} : { out: parts.out }),
  });
}

/**
 * The commands that turn a hashed lock into a virtual environment at /layer/venv that works wherever it is mounted. No
 * interpreter starts on what is installed: uv asks the environment's Python before anything is in it, and the Python
 * that compiles reads no .pth file and no module of the environment (-I -S). What does not compile is left as it is.
 */
export function installScript(interpreter: Interpreter, lock: string): string {
  return [
    `${inside.uv} venv --quiet --clear --relocatable --python ${interpreter.path} /layer/venv`,
    `${inside.uv} pip install --quiet --python /layer/venv/bin/python --require-hashes --no-deps --only-binary :all: -r ${lock}`,
    `${interpreter.path} -I -S -m compileall -q -j 0 /layer/venv/lib > /dev/null 2>&1 || true`,
  ].join('\n');
}

/** Makes the toolchain ready. Rejects with `ToolMissingError`. */
async function makeToolchain(kit: Kit): Promise<Toolchain> {
  const interpreter = await findInterpreter(kit);
  const uv = await installUv(interpreter, kit);
  const registries = await pythonRegistries(interpreter.path);
  const assets = await assetsLayer(kit, 'python', here, ['environment', 'grader', 'standards', 'toolchain']);
  const lock = await readFile(join(here, 'toolchain', 'tools.txt'), 'utf8');
  const tools = await kit.layers.get('python-tools', [lock, interpreter, process.arch], async (folder) => {
    const execution = await runUv(
      kit,
      { interpreter, uv, registries },
      installScript(interpreter, 'toolchain/tools.txt'),
      {
        workspace: assets.folder,
        layer: folder,
      },
    );
    if (execution.exitCode !== 0) {
      throw new ToolMissingError(
        `uv could not install the Python tools: ${execution.stderr.trim()}; ` +
          'see that the package registry can be reached',
      );
    }
  });
  return {
    interpreter,
    uv,
    registries,
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
