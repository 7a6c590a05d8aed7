import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from 'shell-quote';
import type { Layer } from '../../src/ports/layers.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution, Mount } from '../../src/ports/sandbox.ts';
import { resolverLimits, runResolver, scratch } from '../shared/install.ts';
import { insideRoot, temporary } from '../shared/job.ts';
import { readKept, readReport } from '../shared/report.ts';
import { folderReplacements, manifestSchema } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { impliedModule } from './implied-module.ts';
import { compiling, goEnvironment } from './compiling.ts';
import { toolchainOf } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';
import { workspaceModules } from './workspace.ts';
import type { WorkspaceModule } from './workspace.ts';

/** The modules of a project. */
export interface Environment {
  toolchain: Toolchain;
  layer: Layer;
  /** As the answer wrote it, null when it has no go.mod. */
  declared: Manifest | null;
  /** After `go mod tidy`. */
  resolved: Manifest;
  mounts: Mount[];
  /** Puts the resolved go.mod and go.sum in place, then becomes the command. */
  command(words: readonly string[]): string[];
  /** The same for a program that compiles. */
  compiling(words: readonly string[]): { command: string[]; mounts: Mount[]; env: Readonly<Record<string, string>> };
}

/** Why there is no environment. `ours` when the registry or the resolver is to blame. */
export interface NoEnvironment {
  ours: boolean;
  rule:
    | 'outside-registry'
    | 'unreadable-manifest'
    | 'package-not-found'
    | 'runtime-not-offered'
    | 'unresolvable'
    | 'registry';
  declared: Manifest | null;
  message: string;
  /** Null where no resolver was started: what is declared is refused as it stands. */
  execution: Execution | null;
}

/** A module that nobody doubts: when it cannot be fetched, the registry is to blame. */
const CONTROL = 'github.com/google/uuid@v1.6.0';

async function offline(context: CheckContext, toolchain: Toolchain, words: readonly string[]): Promise<Execution> {
  return context.sandbox.run({
    command: words,
    workspace: context.workspace,
    cwd: insideRoot(context.project),
    env: goEnvironment,
    mounts: toolchain.mounts,
    network: 'none',
    limits: context.limits,
    signal: context.signal,
  });
}

async function online(
  context: CheckContext,
  toolchain: Toolchain,
  script: string,
  parts: { workspace: string; out?: string; layer?: string; cwd?: string },
): Promise<Execution> {
  return runResolver(context, {
    command: ['sh', '-ec', script],
    workspace: parts.workspace,
    cwd: parts.cwd ?? '/w',
    env: {
      ...goEnvironment,
      ...toolchain.registries.env,
      GOMODCACHE: parts.layer === undefined ? scratch : '/layer/mod',
    },
    registries: toolchain.registries.registries,
    mounts: [
      ...toolchain.mounts,
      ...(parts.layer === undefined ? [] : [{ source: parts.layer, target: '/layer', writable: true }]),
    ],
    ...(parts.out === undefined ? {} : { out: parts.out }),
  });
}

function ruleOf(stderr: string): NoEnvironment['rule'] {
  if (/requires go >=/.test(stderr)) return 'runtime-not-offered';
  if (
    /40[034] (?:Bad Request|Not Found|Forbidden)|410 Gone|unknown revision|invalid version|does not contain package|no matching versions/i.test(
      stderr,
    )
  )
    return 'package-not-found';
  if (
    /checksum mismatch|SECURITY ERROR|parsing go\.mod|ambiguous import|malformed|updates to go\.mod needed/i.test(
      stderr,
    )
  )
    return 'unresolvable';
  return 'registry';
}

/** Modules of the workspace that go.mod requires by version (`path@version`) and leaves where they are. */
function requiredByVersion(declared: Manifest | null, workspace: readonly WorkspaceModule[]): string[] {
  const replaced = (declared?.Replace ?? []).map(({ Old }) => Old.Path);
  const remaining = workspace.map(({ path }) => path).filter((path) => !replaced.includes(path));
  return (declared?.Require ?? [])
    .filter(({ Path }) => remaining.includes(Path))
    .map(({ Path, Version }) => `${Path}@${Version}`);
}

/** Lines that resolve a project as a part of its workspace: the workspace's modules are those of the answer. */
function inWorkspace(declared: Manifest | null, workspace: readonly WorkspaceModule[], tidy: string): string {
  const replaced = workspace
    .map(({ path, folder }) => `${quote(['go', 'mod', 'edit', `-replace=${path}=${folder}`])}\n`)
    .join('');
  const required = requiredByVersion(declared, workspace);
  if (required.length === 0) return `${replaced}${tidy}`;
  // Go asks the registry for these as soon as anything else comes from there, though it then takes the folder: Go
  // itself says whether that fails.
  const fails = quote(['grep', '-F', ...required.flatMap((module) => ['-e', `${module}: reading`]), '/tmp/said']);
  return `cp go.mod /tmp/declared\n${replaced}${tidy}cp /tmp/declared go.mod\nGOWORK=auto GOFLAGS='-buildvcs=false -modcacherw' go list -deps -test ./... > /dev/null 2> /tmp/said || ! ${fails} >&2\n`;
}

async function resolve(
  context: CheckContext,
  toolchain: Toolchain,
  declared: Manifest | null,
): Promise<{ mod: string; sum: string } | NoEnvironment> {
  const kept = context.resolution;
  if (kept?.['go.mod'] !== undefined) return { mod: kept['go.mod'], sum: kept['go.sum'] ?? '' };
  return temporary(async (_workspace, out) => {
    const module = impliedModule(context.project);
    const setModule = module === null ? '' : ` && ${quote(['go', 'mod', 'edit', `-module=${module}`])}`;
    const tidy = 'go mod tidy\ncp go.mod /out/\n[ ! -f go.sum ] || cp go.sum /out/\n';
    const script = `[ -f go.mod ] || { cp /cupel/environment/go.mod .${setModule}; }\n${inWorkspace(declared, workspaceModules(context), tidy)}`;
    const execution = await online(context, toolchain, script, {
      workspace: context.workspace,
      out,
      cwd: insideRoot(context.project),
    });
    if (execution.exitCode === 0) {
      const resolution = {
        'go.mod': await readFile(join(out, 'go.mod'), 'utf8'),
        'go.sum': await readFile(join(out, 'go.sum'), 'utf8').catch(() => ''),
      };
      context.keepResolution(resolution);
      return { mod: resolution['go.mod'], sum: resolution['go.sum'] };
    }
    const rule = ruleOf(execution.stderr);
    const control =
      rule === 'package-not-found'
        ? await online(context, toolchain, `GOMODCACHE=/tmp/control go mod download ${CONTROL}`, {
            workspace: context.workspace,
            cwd: '/tmp',
          })
        : null;
    const ours = rule === 'registry' || (control !== null && control.exitCode !== 0);
    return { ours, rule, declared, message: execution.stderr.trim(), execution };
  });
}

async function manifestOf(context: CheckContext, toolchain: Toolchain): Promise<Manifest | null | NoEnvironment> {
  const execution = await offline(context, toolchain, ['sh', '-c', '[ ! -f go.mod ] || exec go mod edit -json']);
  if (execution.exitCode === 0 && execution.stdout === '') return null;
  const manifest = execution.exitCode === 0 ? readReport(manifestSchema, execution.stdout) : null;
  if (manifest !== null) return manifest;
  return {
    ours: !(await readsOurs(context, toolchain)),
    rule: 'unreadable-manifest',
    declared: null,
    message: execution.stderr.trim() || 'what go says of go.mod cannot be read',
    execution,
  };
}

/** Whether Go reads a go.mod of ours here: then it is the answer's that cannot be read. */
async function readsOurs(context: CheckContext, toolchain: Toolchain): Promise<boolean> {
  const execution = await offline(context, toolchain, ['go', 'mod', 'edit', '-json', '/cupel/environment/go.mod']);
  return execution.exitCode === 0 && readReport(manifestSchema, execution.stdout) !== null;
}

/**
 * Compiles the packages of other modules that the project uses into their layer. No more than a saving of time: it
 * may fail.
 */
async function compileModules(context: CheckContext, toolchain: Toolchain, folder: string): Promise<void> {
  const compiled = join(folder, 'compiled');
  await mkdir(compiled);
  await chmod(compiled, 0o777);
  const { command, env, mounts } = compiling(toolchain.standard, ['sh', '/cupel/grader/compile_modules.sh']);
  await context.sandbox.run({
    command,
    workspace: context.workspace,
    cwd: insideRoot(context.project),
    env,
    mounts: [
      ...toolchain.mounts,
      ...mounts,
      { source: folder, target: '/env' },
      { source: compiled, target: '/env/compiled', writable: true },
    ],
    network: 'none',
    limits: resolverLimits,
    signal: context.signal,
  });
  await chmod(compiled, 0o755);
}

/** Takes go.mod and go.sum from /out, and fetches all modules into the layer. */
const fetchScript = [
  'cp --no-preserve=mode /out/go.mod /out/go.sum .',
  'mkdir -p /layer/mod',
  'go mod edit -json > /layer/go.mod.json',
  'cp go.mod go.sum /layer/',
  'go mod download all',
].join('\n');

/** Fetches the modules of a resolution into a layer; the execution that failed where they cannot be fetched. */
async function fetchModules(
  context: CheckContext,
  toolchain: Toolchain,
  resolution: { mod: string; sum: string },
): Promise<Layer | Execution> {
  let failure: Execution | null = null;
  try {
    return await context.layers.get('go-modules', [resolution, toolchain.standard.hash], (folder) =>
      temporary(async (_workspace, out) => {
        await writeFile(join(out, 'go.mod'), resolution.mod);
        await writeFile(join(out, 'go.sum'), resolution.sum);
        // In the answer, for go.mod may replace a module by a folder of it.
        const execution = await online(context, toolchain, fetchScript, {
          workspace: context.workspace,
          cwd: insideRoot(context.project),
          out,
          layer: folder,
        });
        if (execution.exitCode === 0) return compileModules(context, toolchain, folder);
        failure = execution;
        throw new Error(execution.stderr);
      }),
    );
  } catch (error) {
    if (failure === null) throw error;
    return failure;
  }
}

/** The environment that a layer of modules makes. */
async function environmentIn(toolchain: Toolchain, layer: Layer, declared: Manifest | null): Promise<Environment> {
  const path = join(layer.folder, 'go.mod.json');
  const resolved = readKept(manifestSchema, await readFile(path, 'utf8'), path);
  const place = 'cp --no-preserve=mode /env/go.mod go.mod && cp --no-preserve=mode /env/go.sum go.sum && exec "$@"';
  const command = (words: readonly string[]): string[] => ['sh', '-c', place, 'sh', ...words];
  const mounts = [...toolchain.mounts, { source: layer.folder, target: '/env' }];
  return {
    toolchain,
    layer,
    declared,
    resolved,
    mounts,
    command,
    compiling(words) {
      const parts = compiling(toolchain.standard, words);
      return { ...parts, command: command(parts.command), mounts: [...mounts, ...parts.mounts] };
    },
  };
}

async function build(context: CheckContext): Promise<Environment | NoEnvironment> {
  const toolchain = await toolchainOf(context);
  const declared = await manifestOf(context, toolchain);
  if (declared !== null && 'ours' in declared) return declared;
  if (folderReplacements(context.project, declared).some(({ folder }) => folder === null))
    return { ours: false, rule: 'outside-registry', declared, message: '', execution: null };
  const resolution = await resolve(context, toolchain, declared);
  if ('ours' in resolution) return resolution;
  const layer = await fetchModules(context, toolchain, resolution);
  if ('exitCode' in layer)
    return { ours: true, rule: 'registry', declared, message: layer.stderr.trim(), execution: layer };
  return environmentIn(toolchain, layer, declared);
}

/** The project's modules, resolved and fetched once. */
export function environmentOf(context: CheckContext): Promise<Environment | NoEnvironment> {
  return context.once('go-environment', () => build(context));
}

/** The environment of a project whose dependencies have passed. */
export async function installed(context: CheckContext): Promise<Environment> {
  const environment = await environmentOf(context);
  if (!('layer' in environment)) throw new Error('the dependencies check passed without an environment');
  return environment;
}
