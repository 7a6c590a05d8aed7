import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Layer } from '../../src/ports/layers.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution, Mount } from '../../src/ports/sandbox.ts';
import { resolverLimits, runResolver, scratch } from '../shared/install.ts';
import { insideRoot, temporary } from '../shared/job.ts';
import { listOf, mapOf, readKept, readReport, wordsOrNone } from '../shared/report.ts';
import { readDeclared } from './declared.ts';
import type { Declared } from './declared.ts';
import { withCommands } from './installed-by-command.ts';
import { npmRegistries, registryWords } from './registries.ts';
import { inside, toolchainOf } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

/** The name under which a project's resolution keeps its lock. */
const LOCK = 'package-lock.json';

/** The name of the list of packages whose registry does not say when they were released, when there are any. */
const UNDATED = 'undated.json';

/** The installed dependencies of a project. */
export interface Environment {
  declared: Declared;
  toolchain: Toolchain;
  layer: Layer;
  /** Names and versions as resolved (`zod@3.25.76`). */
  packages: string[];
  /** Packages whose install scripts need what the sandbox does not give (the network, mostly). */
  unbuilt: string[];
  /** Packages whose registry does not say when they were released: they may be newer than the day. */
  undated: string[];
  mounts: Mount[];
  env: Record<string, string>;
}

/** Why there is no environment. `ours` when the registry or the resolver is to blame. */
export interface NoEnvironment {
  declared: Declared;
  ours: boolean;
  rule: 'outside-registry' | 'unresolvable' | 'package-not-found' | 'registry';
  message: string;
  /** Null where no resolver was started: what is declared is refused as it stands. */
  execution: Execution | null;
}

const npm = [inside.node, inside.npm];

const nodePath = `/toolchain/node_modules/runtime-${process.arch}/bin:/usr/bin:/bin`;

const resolverEnvironment = {
  PATH: nodePath,
  npm_config_cache: scratch,
  npm_config_update_notifier: 'false',
  npm_config_git: 'false', // the program: packages of the registry that ask for a repository do not get one
  npm_config_fetch_timeout: '600000', // the gateway answers when it has the whole file
};

const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--json'];

async function resolver(
  context: CheckContext,
  toolchain: Toolchain,
  command: string[],
  parts: { workspace: string; out?: string; layer?: string },
): Promise<Execution> {
  const registries = await npmRegistries(context);
  return runResolver(context, {
    command: [...command, ...registryWords(registries)],
    registries,
    workspace: parts.workspace,
    cwd: parts.layer === undefined ? '/w' : '/layer',
    env: resolverEnvironment,
    mounts: [
      ...toolchain.mounts,
      ...(parts.layer === undefined ? [] : [{ source: parts.layer, target: '/layer', writable: true }]),
    ],
    ...(parts.out === undefined ? {} : { out: parts.out }),
  });
}

/** The first instant that is too late for a package to be seen. */
function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 3600 * 1000).toISOString();
}

/** Writes what npm is given, by folder. */
async function writeManifests(into: string, manifests: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [folder, manifest] of Object.entries(manifests)) {
    await mkdir(join(into, folder), { recursive: true });
    await writeFile(join(into, folder, 'package.json'), JSON.stringify(manifest));
  }
}

async function lockFor(
  context: CheckContext,
  toolchain: Toolchain,
  { manifest, members }: Pick<Declared, 'manifest' | 'members'>,
): Promise<{ execution: Execution; lock: string }> {
  return temporary(async (workspace, out) => {
    await writeManifests(workspace, { '.': manifest, ...members });
    const words = [
      ...npm,
      'install',
      '--package-lock-only',
      '--omit-lockfile-registry-resolved',
      `--before=${dayAfter(context.asOf)}`,
      ...quiet,
    ];
    const command = ['sh', '-c', '"$@" && cp package-lock.json /out/', 'sh', ...words];
    const execution = await resolver(context, toolchain, command, { workspace, out });
    return { execution, lock: execution.exitCode === 0 ? await readFile(join(out, LOCK), 'utf8') : '' };
  });
}

const npmErrorSchema = z.object({ error: z.object({ code: wordsOrNone, summary: wordsOrNone, detail: wordsOrNone }) });

/** The error that npm reports with --json. */
function npmError({ stdout, stderr }: Execution): { code: string; message: string } {
  const report = readReport(npmErrorSchema, stdout.slice(stdout.indexOf('{')));
  if (report === null) return { code: '', message: stderr.trim() };
  const { code, summary, detail } = report.error;
  return { code, message: [summary, detail].filter((part) => part !== '').join(' ') };
}

// npm's codes: E404 no such package, ETARGET no such version, ERESOLVE conflicting peers, EINVALID… and EUNSUPPORTED… a
// bad manifest
function ruleOf(code: string): NoEnvironment['rule'] {
  if (code === 'E404' || code === 'ETARGET' || code === 'ENOVERSIONS') return 'package-not-found';
  return /^(ERESOLVE|EINVALID|EUNSUPPORTED|EOVERRIDE)/.test(code) ? 'unresolvable' : 'registry';
}

/** A package that nobody doubts: when it does not resolve, the registry is to blame. */
const control = {
  manifest: { name: 'control', version: '0.0.0', dependencies: { 'is-number': '7.0.0' } },
  members: {},
};

/** What to install, and which of it may be newer than the day. */
interface Resolved {
  lock: string;
  undated: string[];
}

async function resolve(
  context: CheckContext,
  declared: Declared,
  toolchain: Toolchain,
): Promise<Resolved | NoEnvironment> {
  const kept = context.resolution;
  if (kept?.[LOCK] !== undefined)
    return { lock: kept[LOCK], undated: readKept(listOf(z.string()), kept[UNDATED] ?? '[]', UNDATED) };
  const pinned = join(toolchain.assets.folder, 'environment');
  if (declared.manifest === null) return { lock: await readFile(join(pinned, LOCK), 'utf8'), undated: [] };
  const { execution, lock } = await lockFor(context, toolchain, declared);
  if (execution.exitCode === 0) {
    const undated = [...(execution.undated ?? [])];
    context.keepResolution({
      [LOCK]: lock,
      ...(undated.length === 0 ? {} : { [UNDATED]: JSON.stringify(undated) }),
    });
    return { lock, undated };
  }
  const { code, message } = npmError(execution);
  const rule = ruleOf(code);
  const works = rule !== 'registry' && (await lockFor(context, toolchain, control)).execution.exitCode === 0;
  return { declared, ours: !works, rule, message: `${code} ${message}`.trim(), execution };
}

/**
 * A package-lock.json of npm's: packages by the folder that they are installed in, and the manifest by the empty name.
 */
export const lockSchema = z.object({
  packages: mapOf(
    z.object({
      name: z.string().optional(),
      version: z.string().optional(),
      hasInstallScript: z.boolean().optional(),
      dependencies: z.unknown().optional(),
      devDependencies: z.unknown().optional(),
      optionalDependencies: z.unknown().optional(),
      peerDependencies: z.unknown().optional(),
      workspaces: z.unknown().optional(),
      /** Whether it is a package of the workspace, which lies elsewhere. */
      link: z.boolean().optional(),
    }),
  ),
});
type Lock = z.infer<typeof lockSchema>;

type Locked = Lock['packages'] extends Map<string, infer T> ? T : never;

/** Whether an entry of a lock is the manifest itself or that of a package of the workspace, and nothing installed. */
const isOwn = (path: string): boolean => !/(?:^|\/)node_modules\//.test(path);

/** The manifest that an entry of a lock was made from. */
const manifestOf = ({ name, version, ...entry }: Locked): unknown => ({
  name: name ?? 'answer',
  version: version ?? '0.0.0',
  private: true,
  dependencies: entry.dependencies,
  devDependencies: entry.devDependencies,
  optionalDependencies: entry.optionalDependencies,
  peerDependencies: entry.peerDependencies,
  workspaces: entry.workspaces,
});

/** The manifests that a lock was made from, by folder: npm refuses to install from others. */
function manifestsOf({ packages }: Lock): Record<string, unknown> {
  const own = [...packages].filter(([path]) => isOwn(path));
  return Object.fromEntries(own.map(([path, entry]) => [path === '' ? '.' : path, manifestOf(entry)]));
}

const nameIn = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/**
 * Install scripts run in the sandbox, without network unless the scenario allows a second try with it, on the packages
 * that have one. Returns those that fail.
 */
async function runInstallScripts(
  context: CheckContext,
  toolchain: Toolchain,
  folder: string,
  lock: Lock,
): Promise<string[]> {
  const names = [...lock.packages].filter(([, entry]) => entry.hasInstallScript === true).map(([path]) => nameIn(path));
  const registries = context.dependencies.builds === 'online' ? await npmRegistries(context) : [];
  const rebuild = (name: string, network: 'none' | 'registries'): Promise<Execution> =>
    context.sandbox.run({
      command: [...npm, 'rebuild', '--foreground-scripts', '--loglevel=error', ...registryWords(registries), name],
      cwd: '/layer',
      env: { PATH: nodePath, npm_config_cache: '/tmp/npm', npm_config_update_notifier: 'false' },
      mounts: [
        ...toolchain.mounts,
        { source: folder, target: '/layer' },
        // Only what is below: the folder itself, or what lies beside it, could become a link to somewhere else.
        { source: join(folder, 'node_modules'), target: '/layer/node_modules', writable: true },
      ],
      network,
      registries,
      limits: resolverLimits,
      signal: context.signal,
    });
  const failing: string[] = [];
  for (const name of new Set(names)) {
    let execution = await rebuild(name, 'none');
    if (execution.exitCode !== 0 && context.dependencies.builds === 'online')
      execution = await rebuild(name, 'registries');
    if (execution.exitCode !== 0) failing.push(name);
  }
  return failing;
}

/** Folders of node_modules in which tools write; the layer is read-only, /tmp is each program's own. */
const writtenFolders = ['.cache', '.tmp', '.vite', '.vite-temp', '.vitest'];

/** npm's own programs, for scripts that start them: whether this machine has any must not matter. */
const ownPrograms = ['npm', 'npx'];

async function linkPrograms(modules: string): Promise<void> {
  await mkdir(join(modules, '.bin'), { recursive: true });
  for (const name of ownPrograms) {
    const link = join(modules, '.bin', name);
    if (!existsSync(link)) await symlink(`/toolchain/node_modules/npm/bin/${name}-cli.js`, link);
  }
}

async function install(
  context: CheckContext,
  toolchain: Toolchain,
  text: string,
  folder: string,
): Promise<Execution | null> {
  const lock = readKept(lockSchema, text, LOCK);
  await writeManifests(folder, { '.': { name: 'answer', version: '0.0.0' }, ...manifestsOf(lock) });
  await writeFile(join(folder, LOCK), text);
  const execution = await temporary((workspace) =>
    resolver(context, toolchain, [...npm, 'install', '--no-save', ...quiet], { workspace, layer: folder }),
  );
  if (execution.exitCode !== 0) return execution;
  await linkPrograms(join(folder, 'node_modules'));
  for (const name of writtenFolders) await symlink('/tmp', join(folder, 'node_modules', name));
  await writeFile(
    join(folder, 'unbuilt.json'),
    JSON.stringify(await runInstallScripts(context, toolchain, folder, lock)),
  );
  return null;
}

/** Folders of installed packages: those of a workspace may have some that differ from what all share. */
function packageFolders(layer: Layer, { members }: Declared): string[] {
  const own = Object.keys(members).map((folder) => `${folder}/node_modules`);
  return ['node_modules', ...own.filter((folder) => existsSync(join(layer.folder, folder)))];
}

async function build(context: CheckContext): Promise<Environment | NoEnvironment> {
  const toolchain = await toolchainOf(context);
  const declared = await withCommands(readDeclared(context.project), context.installs, toolchain.assets.folder);
  if (declared.refused.length > 0)
    return { declared, ours: false, rule: 'outside-registry', message: '', execution: null };
  const resolved = await resolve(context, declared, toolchain);
  if ('ours' in resolved) return resolved;
  const { lock, undated } = resolved;
  let failure: Execution | null = null;
  try {
    const layer = await context.layers.get(
      'typescript-env',
      [
        lock,
        toolchain.layer.hash,
        process.arch,
        ...writtenFolders,
        ...ownPrograms,
        ...(context.dependencies.builds === 'online' ? ['online'] : []),
      ],
      async (folder) => {
        failure = await install(context, toolchain, lock, folder);
        if (failure !== null) throw new Error(npmError(failure).message);
      },
    );
    const unbuilt = join(layer.folder, 'unbuilt.json');
    const entries = [...readKept(lockSchema, lock, LOCK).packages].filter(
      ([path, { link = false }]) => !isOwn(path) && !link,
    );
    return {
      declared,
      toolchain,
      layer,
      packages: entries.map(([path, { name, version }]) => `${name ?? nameIn(path)}@${version ?? ''}`),
      undated,
      unbuilt: readKept(listOf(z.string()), await readFile(unbuilt, 'utf8'), unbuilt),
      mounts: [
        ...toolchain.mounts,
        ...packageFolders(layer, declared).map((folder) => ({
          source: join(layer.folder, folder),
          target: `${insideRoot(context.project)}/${folder}`,
        })),
      ],
      env: {
        PATH: `${insideRoot(context.project)}/node_modules/.bin:/toolchain/node_modules/runtime-${process.arch}/bin:/usr/bin:/bin`,
        CI: 'true',
        NO_COLOR: '1',
      },
    };
  } catch (error) {
    if (failure === null) throw error;
    const execution: Execution = failure;
    return { declared, ours: true, rule: 'registry', message: npmError(execution).message, execution };
  }
}

/** The project's packages, resolved and installed once. */
export function environmentOf(context: CheckContext): Promise<Environment | NoEnvironment> {
  return context.once('typescript-environment', () => build(context));
}

/** The environment of a project whose dependencies have passed. */
export async function installed(context: CheckContext): Promise<Environment> {
  const environment = await environmentOf(context);
  if (!('layer' in environment)) throw new Error('the dependencies check passed without an environment');
  return environment;
}
