import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from 'shell-quote';
import { z } from 'zod';
import type { Layer } from '../../src/ports/layers.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution, Mount } from '../../src/ports/sandbox.ts';
import { runResolver, scratch } from '../shared/install.ts';
import { insideRoot, temporary } from '../shared/job.ts';
import { listOf, readKept, readReport } from '../shared/report.ts';
import { impliedModule } from './implied-module.ts';
import { goEnvironment, toolchainOf } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';
import { workspaceModules } from './workspace.ts';
import type { WorkspaceModule } from './workspace.ts';

/** What `go mod edit -json` says of a go.mod. */
const manifestSchema = z.object({
  Module: z.object({ Path: z.string() }).optional(),
  Go: z.string().optional(),
  Require: listOf(z.object({ Path: z.string(), Version: z.string(), Indirect: z.boolean().optional() })).nullish(),
  Replace: listOf(
    z.object({
      Old: z.object({ Path: z.string() }),
      New: z.object({ Path: z.string(), Version: z.string().optional() }),
    }),
  ).nullish(),
});
export type Manifest = z.infer<typeof manifestSchema>;

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
}

/** Why there is no environment. `ours` when the registry or the resolver is to blame. */
export interface NoEnvironment {
  ours: boolean;
  rule: 'unreadable-manifest' | 'package-not-found' | 'runtime-not-offered' | 'unresolvable' | 'registry';
  message: string;
  execution: Execution;
}

/** A module that nobody doubts: when it cannot be fetched, the registry is to blame. */
const CONTROL = 'github.com/google/uuid@v1.6.0';

async function offline(context: CheckContext, toolchain: Toolchain, words: readonly string[]): Promise<Execution> {
  return context.sandbox.run({
    command: words,
    workspace: context.workspace,
    cwd: insideRoot(context.project),
    env: { ...goEnvironment, GOCACHE: '/tmp/gocache' },
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
      GOCACHE: '/tmp/gocache',
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
  const left = workspace.map(({ path }) => path).filter((path) => !replaced.includes(path));
  return (declared?.Require ?? [])
    .filter(({ Path }) => left.includes(Path))
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
    const named = module === null ? '' : ` && ${quote(['go', 'mod', 'edit', `-module=${module}`])}`;
    const tidy = 'go mod tidy\ncp go.mod /out/\n[ ! -f go.sum ] || cp go.sum /out/\n';
    const script = `[ -f go.mod ] || { cp /cupel/environment/go.mod .${named}; }\n${inWorkspace(declared, workspaceModules(context), tidy)}`;
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
    return { ours, rule, message: execution.stderr.trim(), execution };
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
    message: execution.stderr.trim() || 'what go says of go.mod cannot be read',
    execution,
  };
}

/** Whether Go reads a go.mod of ours here: then it is the answer's that cannot be read. */
async function readsOurs(context: CheckContext, toolchain: Toolchain): Promise<boolean> {
  const execution = await offline(context, toolchain, ['go', 'mod', 'edit', '-json', '/cupel/environment/go.mod']);
  return execution.exitCode === 0 && readReport(manifestSchema, execution.stdout) !== null;
}

async function build(context: CheckContext): Promise<Environment | NoEnvironment> {
  const toolchain = await toolchainOf(context);
  const declared = await manifestOf(context, toolchain);
  if (declared !== null && 'ours' in declared) return declared;
  const resolution = await resolve(context, toolchain, declared);
  if ('ours' in resolution) return resolution;
  let failure: Execution | null = null;
  try {
    const layer = await context.layers.get('go-modules', [resolution, toolchain.go.hash], (folder) =>
      temporary(async (_workspace, out) => {
        await writeFile(join(out, 'go.mod'), resolution.mod);
        await writeFile(join(out, 'go.sum'), resolution.sum);
        const script =
          'cp --no-preserve=mode /out/go.mod /out/go.sum .\nmkdir -p /layer/mod\ngo mod edit -json > /layer/go.mod.json\ncp go.mod go.sum /layer/\ngo mod download all';
        // In the answer, for go.mod may replace a module by a folder of it.
        const execution = await online(context, toolchain, script, {
          workspace: context.workspace,
          cwd: insideRoot(context.project),
          out,
          layer: folder,
        });
        if (execution.exitCode === 0) return;
        failure = execution;
        throw new Error(execution.stderr);
      }),
    );
    const resolved = readKept(
      manifestSchema,
      await readFile(join(layer.folder, 'go.mod.json'), 'utf8'),
      join(layer.folder, 'go.mod.json'),
    );
    const place = 'cp --no-preserve=mode /env/go.mod go.mod && cp --no-preserve=mode /env/go.sum go.sum && exec "$@"';
    return {
      toolchain,
      layer,
      declared,
      resolved,
      mounts: [...toolchain.mounts, { source: layer.folder, target: '/env' }],
      command: (words) => ['sh', '-c', place, 'sh', ...words],
    };
  } catch (error) {
    if (failure === null) throw error;
    const execution: Execution = failure;
    return { ours: true, rule: 'registry', message: execution.stderr.trim(), execution };
  }
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
