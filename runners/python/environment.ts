import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Layer } from '../../src/ports/layers.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution, Mount } from '../../src/ports/sandbox.ts';
import { temporary } from '../shared/job.ts';
import { listOf, readKept } from '../shared/report.ts';
import { withCommands } from './installed-by-command.ts';
import { readDeclared } from './manifests/declared.ts';
import { readSetupPy } from './manifests/setup-py.ts';
import type { Declared } from './manifests/collector.ts';
import {
  NotBuiltError,
  buildAgain,
  buildNewest,
  sourceSchema,
  versionsOf,
  wheelLines,
  wheelMounts,
  withoutWheel,
} from './sources.ts';
import type { Wheel } from './sources.ts';
import { PYTHON, inside, installScript, runUv, toolchainOf } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

/** The name under which a project's resolution keeps its hashed lock. */
const LOCK = 'requirements.lock.txt';

/** The name under which it keeps the archives of the packages that were built here, when there are any. */
const SOURCES = 'sources.json';

/** The name of the list of packages whose registry does not say when they were released, when there are any. */
const UNDATED = 'undated.json';

/** A package whose answer nobody doubts: when it does not resolve, the registry is to blame. */
const CONTROL = 'six==1.16.0';

/** The installed dependencies of a project. */
export interface Environment {
  declared: Declared;
  toolchain: Toolchain;
  layer: Layer;
  /** Names and versions as resolved (`fastapi==0.115.12`). */
  packages: string[];
  /** Those of them that exist only as source and were built here. */
  built: string[];
  /** Packages whose registry does not say when they were released: they may be newer than the day. */
  undated: string[];
  mounts: Mount[];
  /** Variables for programs of the answer. */
  env: Record<string, string>;
}

/** Why there is no environment. `ours` when the registry or the resolver is to blame. */
export interface NoEnvironment {
  declared: Declared;
  ours: boolean;
  rule: 'outside-registry' | 'package-refuses' | 'unresolvable' | 'package-not-found' | 'needs-build' | 'registry';
  message: string;
  /** Null where no resolver was started: what is declared is refused as it stands. */
  execution: Execution | null;
}

/** The interpreter of a project's environment, as seen inside. */
export const python = '/env/venv/bin/python';

function packagesOf(lock: string): string[] {
  return [...lock.matchAll(/^([A-Za-z0-9][\w.-]*==[^\s;\\]+)/gm)].map((match) => match[1] ?? '');
}

async function compile(
  context: CheckContext,
  toolchain: Toolchain,
  requirements: string,
  parts: { constraints?: readonly string[]; wheels?: readonly Wheel[]; extra?: string },
): Promise<{ execution: Execution; lock: string }> {
  const mounts = wheelMounts(parts.wheels ?? []);
  return temporary(async (workspace, out) => {
    await writeFile(join(workspace, 'requirements.in'), requirements);
    await writeFile(
      join(workspace, 'constraints.txt'),
      (parts.constraints ?? []).map((bound) => `${bound}\n`).join(''),
    );
    const script = [
      `${inside.uv} pip compile --quiet --no-header --no-annotate --generate-hashes --only-binary :all: ${parts.extra ?? ''}`,
      ...mounts.map(({ target }) => `--find-links ${target}`),
      `--python ${toolchain.interpreter.path} --python-version ${PYTHON} --exclude-newer ${context.asOf}T23:59:59Z`,
      '-c constraints.txt requirements.in -o /out/lock',
    ].join(' ');
    const execution = await runUv(context, toolchain, script, { workspace, out, mounts });
    return { execution, lock: execution.exitCode === 0 ? await readFile(join(out, 'lock'), 'utf8') : '' };
  });
}

/** An answer that declares packages but not the one that runs its tests gets ours. */
async function pinnedPytest(declared: Declared, toolchain: Toolchain): Promise<string[]> {
  if (declared.requirements.some(({ name }) => name === 'pytest')) return [];
  const pinned = await readFile(join(toolchain.assets.folder, 'environment', 'requirements.txt'), 'utf8');
  return packagesOf(pinned).filter((name) => name.startsWith('pytest=='));
}

/** Sorts out what uv says when it finds no solution. */
function ruleOf(stderr: string): NoEnvironment['rule'] {
  if (/was not found in the package registry|there (?:is|are) no versions? of|no such package/i.test(stderr))
    return 'package-not-found';
  if (/no (?:usable |compatible )?wheels|building from source is disabled|no pre-built|binary-only/i.test(stderr))
    return 'needs-build';
  if (/No solution found|requirements are unsatisfiable/i.test(stderr)) return 'unresolvable';
  if (/Couldn't parse requirement|expected (?:one of|package)|no operator|Failed to parse/i.test(stderr))
    return 'unresolvable';
  return 'registry';
}

/** What to install: a lock of what the registry has as wheels, and the wheels that were built here. */
interface Resolved {
  lock: string;
  wheels: Wheel[];
  undated: string[];
}

/** A wheel built twice is not the same to the byte: the lock holds what the registry has, the sources say the rest. */
function withoutBuilt(lock: string, wheels: readonly Wheel[]): string {
  return lock
    .split(/^(?=\S)/m)
    .filter((entry) => !wheels.some(({ source }) => entry.startsWith(`${source.name}==`)))
    .join('');
}

async function resolveAnew(
  context: CheckContext,
  declared: Declared,
  toolchain: Toolchain,
): Promise<Resolved | NoEnvironment> {
  const requirements = [
    ...declared.requirements.map(({ text }) => text),
    ...(await pinnedPytest(declared, toolchain)),
  ].join('\n');
  const wheels: Wheel[] = [];
  for (;;) {
    const { execution, lock: whole } = await compile(context, toolchain, requirements, {
      constraints: declared.constraints,
      wheels,
    });
    if (execution.exitCode === 0) {
      const lock = withoutBuilt(whole, wheels);
      const undated = [...(execution.undated ?? [])];
      context.keepResolution({
        [LOCK]: lock,
        ...(wheels.length === 0 ? {} : { [SOURCES]: JSON.stringify(wheels.map(({ source }) => source)) }),
        ...(undated.length === 0 ? {} : { [UNDATED]: JSON.stringify(undated) }),
      });
      return { lock, wheels, undated };
    }
    const rule = ruleOf(execution.stderr);
    const name = rule === 'needs-build' ? withoutWheel(execution.stderr) : null;
    if (name !== null && !wheels.some(({ source }) => source.name === name)) {
      try {
        wheels.push(await buildNewest(context, toolchain, versionsOf(name, execution.stderr)));
        continue;
      } catch (error) {
        // Where the package itself can be had, a version without a wheel is not what is in the way.
        const ofPackage = declared.requirements.filter((own) => own.name === name).map(({ text }) => text);
        const alone = await compile(context, toolchain, ofPackage.join('\n') || name, {});
        if (!(error instanceof NotBuiltError) || alone.execution.exitCode !== 0) throw error;
        return { declared, ours: false, rule: 'unresolvable', message: execution.stderr.trim(), execution };
      }
    }
    const control = rule === 'registry' ? null : await compile(context, toolchain, CONTROL, { extra: '--no-cache' });
    const ours = rule === 'registry' || rule === 'needs-build' || control?.execution.exitCode !== 0;
    return { declared, ours, rule, message: execution.stderr.trim(), execution };
  }
}

async function resolve(
  context: CheckContext,
  declared: Declared,
  toolchain: Toolchain,
): Promise<Resolved | NoEnvironment> {
  const kept = context.resolution;
  try {
    if (kept?.[LOCK] !== undefined) {
      return {
        lock: kept[LOCK],
        wheels: await buildAgain(context, toolchain, readKept(listOf(sourceSchema), kept[SOURCES] ?? '[]', SOURCES)),
        undated: readKept(listOf(z.string()), kept[UNDATED] ?? '[]', UNDATED),
      };
    }
    if (declared.requirements.length > 0) return await resolveAnew(context, declared, toolchain);
  } catch (error) {
    if (!(error instanceof NotBuiltError)) throw error;
    const { refusal, execution } = error;
    if (refusal !== null) return { declared, ours: false, rule: 'package-refuses', message: refusal, execution };
    return { declared, ours: true, rule: 'needs-build', message: error.message, execution: error.execution };
  }
  const pinned = await readFile(join(toolchain.assets.folder, 'environment', 'requirements.txt'), 'utf8');
  return { lock: pinned, wheels: [], undated: [] };
}

async function build(context: CheckContext): Promise<Environment | NoEnvironment> {
  const toolchain = await toolchainOf(context);
  const setup = await readSetupPy(context, toolchain);
  const declared = await withCommands(readDeclared(context.project, setup), context.installs, toolchain.assets.folder);
  if (declared.refused.length > 0)
    return { declared, ours: false, rule: 'outside-registry', message: '', execution: null };
  const resolved = await resolve(context, declared, toolchain);
  if ('ours' in resolved) return resolved;
  const { lock, wheels, undated } = resolved;
  const built = wheels.map(({ source }) => `${source.name}==${source.version}`);
  let failure: Execution | null = null;
  const { interpreter } = toolchain;
  try {
    const layer = await context.layers.get(
      'python-env',
      [lock, interpreter, process.arch, ...wheels.map((wheel) => wheel.layer.hash)],
      (folder) =>
        temporary(async (workspace) => {
          await writeFile(join(workspace, 'requirements.txt'), `${lock}\n${(await wheelLines(wheels)).join('\n')}\n`);
          const script = installScript(interpreter, 'requirements.txt');
          const mounts = wheelMounts(wheels);
          const execution = await runUv(context, toolchain, script, { workspace, layer: folder, mounts });
          if (execution.exitCode === 0) return;
          failure = execution;
          throw new Error(execution.stderr);
        }),
    );
    return {
      declared,
      toolchain,
      layer,
      packages: [...packagesOf(lock), ...built],
      built,
      undated,
      mounts: [...toolchain.mounts, { source: layer.folder, target: '/env' }],
      env: {
        PATH: '/env/venv/bin:/usr/bin:/bin',
        VIRTUAL_ENV: '/env/venv',
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONHASHSEED: '0',
      },
    };
  } catch (error) {
    if (failure === null) throw error;
    const execution: Execution = failure;
    return { declared, ours: true, rule: 'registry', message: execution.stderr.trim(), execution };
  }
}

/** The project's environment, resolved and installed once. */
export function environmentOf(context: CheckContext): Promise<Environment | NoEnvironment> {
  return context.once('python-environment', () => build(context));
}

/** The environment of a project whose dependencies have passed. */
export async function installed(context: CheckContext): Promise<Environment> {
  const environment = await environmentOf(context);
  if (!('layer' in environment)) throw new Error('the dependencies check passed without an environment');
  return environment;
}
