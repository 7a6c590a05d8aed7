/** Packages that exist only as source: fetched by a program of ours, built without network by programs of theirs. */
import { withDetail } from '../../src/formats/words.ts';
import { createHash } from 'node:crypto';
import { copyFile, lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Layer } from '../../src/ports/layers.ts';
import { ToolMissingError } from '../../src/ports/runner.ts';
import { addressInside } from '../../src/ports/registries.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution, Mount } from '../../src/ports/sandbox.ts';
import { resolverLimits, runResolver } from '../shared/install.ts';
import { temporary } from '../shared/job.ts';
import { readReport } from '../shared/report.ts';
import { buildRefusal } from './build-refusal.ts';
import { indexEnvironment } from './registries.ts';
import { inside, installScript, runUv } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

/** What it takes to make the same wheel again; part of a kept resolution. */
export const sourceSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** Of the archive. */
  sha256: z.string(),
});
export type Source = z.infer<typeof sourceSchema>;

/**
 * What `fetch_source.py` prints: the archive that it left, by its plain name, and what it takes to make the same wheel
 * again.
 */
const archiveSchema = sourceSchema.extend({ file: z.string().regex(/^[^/\0]+$/) });
type Archive = z.infer<typeof archiveSchema>;

/** A wheel that was built here, alone in its layer. */
export interface Wheel {
  source: Source;
  layer: Layer;
}

/**
 * A package that could not be fetched or built as this machine and the scenario have it: the answer's failure only
 * where the package refuses.
 */
export class NotBuiltError extends Error {
  override name = 'NotBuiltError';
  readonly execution: Execution;
  /** That the package itself refuses to be built, in its words; null when something else was in the way. */
  readonly refusal: string | null;

  constructor(message: string, execution: Execution, refusal: string | null = null) {
    super(message);
    this.execution = execution;
    this.refusal = refusal;
  }
}

export const builderPython = '/builders/venv/bin/python';

/** The build backends that source packages ask for, and what fetches their archives. */
export async function buildersOf(context: CheckContext, toolchain: Toolchain): Promise<Layer> {
  const { interpreter, assets } = toolchain;
  const lock = await readFile(join(assets.folder, 'toolchain', 'builders.txt'), 'utf8');
  return context.layers.get('python-builders', [lock, interpreter, process.arch], async (layer) => {
    const execution = await runUv(context, toolchain, installScript(interpreter, 'toolchain/builders.txt'), {
      workspace: assets.folder,
      layer,
    });
    if (execution.exitCode !== 0)
      throw new ToolMissingError(
        `uv could not install the build backends: ${execution.stderr.trim()}; ` +
          'see that the package registry can be reached',
      );
  });
}

export function mountsOf(toolchain: Toolchain, builders: Layer): Mount[] {
  const { interpreter, uv, assets } = toolchain;
  return [
    ...interpreter.mounts,
    { source: uv.folder, target: '/uv' },
    { source: builders.folder, target: '/builders' },
    { source: assets.folder, target: inside.assets },
  ];
}

/** Fetches the archive for a requirement, as of the answer's day, into `out`. */
async function fetch(
  context: CheckContext,
  { registries }: Toolchain,
  mounts: readonly Mount[],
  requirement: string,
  out: string,
): Promise<Archive> {
  const command = [
    ...[builderPython, '-I', `${inside.assets}/grader/fetch_source.py`, requirement, context.asOf],
    ...registries.map(({ name }) => addressInside(name)),
  ];
  const execution = await runResolver(context, { command, cwd: '/w', env: {}, registries, mounts, out });
  if (execution.exitCode !== 0)
    throw new NotBuiltError(
      withDetail(`the source of ${requirement} could not be fetched`, lastLine(execution)),
      execution,
    );
  const archive = readReport(archiveSchema, execution.stdout);
  if (archive === null)
    throw new NotBuiltError(`what was fetched as the source of ${requirement} cannot be told`, execution);
  return archive;
}

const lastLine = ({ stderr }: Execution): string => stderr.trim().split('\n').at(-1) ?? '';
const normal = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** What a build starts from: the archive in a folder of the host, and the tools. */
interface Build {
  toolchain: Toolchain;
  mounts: readonly Mount[];
  folder: string;
  archive: Archive;
}

/** Has uv build the archive into `out`; with the registries in reach, `words` say as of which day. */
function startBuild(
  context: CheckContext,
  { toolchain: { registries }, mounts, folder, archive }: Build,
  out: string,
  network: 'none' | 'registries',
  words: readonly string[],
): Promise<Execution> {
  return context.sandbox.run({
    command: [
      ...[inside.uv, 'build', '--wheel', '--python', builderPython],
      ...words,
      ...['--out-dir', '/out', archive.file],
    ],
    workspace: folder,
    cwd: '/w',
    env: {
      ...(network === 'none' ? {} : indexEnvironment(registries)),
      PATH: '/builders/venv/bin:/usr/bin:/bin',
      UV_CACHE_DIR: '/tmp/uv',
      UV_NO_CONFIG: '1',
      UV_PYTHON_DOWNLOADS: 'never',
      SOURCE_DATE_EPOCH: '315532800',
    },
    mounts,
    out,
    network,
    registries,
    limits: resolverLimits,
    signal: context.signal,
  });
}

/** Why there is no wheel of an archive. */
function notBuilt({ name, version }: Archive, builds: string, execution: Execution): NotBuiltError {
  const refusal = execution.exitCode === 0 ? null : buildRefusal(execution.stderr);
  return new NotBuiltError(
    withDetail(`${name} ${version} exists only as source and does not build ${builds}`, lastLine(execution)),
    execution,
    refusal === null ? null : `${name} ${version} refuses to be built: ${refusal}`,
  );
}

/** Builds the archive and puts the wheel into `layer`. Build backends and what they load are code of strangers. */
async function build(context: CheckContext, from: Build, layer: string): Promise<void> {
  const { archive } = from;
  const { builds } = context.dependencies;
  await temporary(async (_workspace, out) => {
    let execution = await startBuild(context, from, out, 'none', ['--offline', '--no-build-isolation']);
    if (execution.exitCode !== 0 && builds === 'online') {
      const asOf = ['--exclude-newer', `${context.asOf}T23:59:59Z`];
      execution = await startBuild(context, from, out, 'registries', asOf);
    }
    const wheel = (await readdir(out)).find(
      (name) => name.endsWith('.whl') && normal(name).startsWith(`${normal(archive.name)}-`),
    );
    if (execution.exitCode !== 0 || wheel === undefined || !(await lstat(join(out, wheel))).isFile())
      throw notBuilt(archive, builds, execution);
    await copyFile(join(out, wheel), join(layer, wheel));
  });
}

/**
 * The wheel of a source that was fetched before; without an archive at hand it is fetched again and must be the same.
 */
async function layerOf(
  context: CheckContext,
  toolchain: Toolchain,
  builders: Layer,
  source: Source,
  fetched: { folder: string; file: string } | null,
): Promise<Layer> {
  const mounts = mountsOf(toolchain, builders);
  const key = [source, builders.hash, toolchain.interpreter, process.arch, context.dependencies.builds];
  return context.layers.get('python-wheel', key, async (layer) => {
    if (fetched !== null) {
      const archive = { ...source, file: fetched.file };
      return build(context, { toolchain, mounts, folder: fetched.folder, archive }, layer);
    }
    return temporary(async (_workspace, out) => {
      const archive = await fetch(context, toolchain, mounts, `${source.name}==${source.version}`, out);
      if (archive.sha256 !== source.sha256)
        throw new Error(
          `the source of ${source.name} ${source.version} is another than the one that the answer was resolved with`,
        );
      return build(context, { toolchain, mounts, folder: out, archive }, layer);
    });
  });
}

/** Fetches and builds what meets a requirement. Rejects with `NotBuiltError`. */
export async function buildNewest(context: CheckContext, toolchain: Toolchain, requirement: string): Promise<Wheel> {
  const builders = await buildersOf(context, toolchain);
  return temporary(async (_workspace, out) => {
    const { file, ...source } = await fetch(context, toolchain, mountsOf(toolchain, builders), requirement, out);
    return { source, layer: await layerOf(context, toolchain, builders, source, { folder: out, file }) };
  });
}

/** The wheels of a kept resolution. Rejects with `NotBuiltError`. */
export async function buildAgain(
  context: CheckContext,
  toolchain: Toolchain,
  sources: readonly Source[],
): Promise<Wheel[]> {
  const wheels: Wheel[] = [];
  for (const source of sources) {
    const builders = await buildersOf(context, toolchain);
    wheels.push({ source, layer: await layerOf(context, toolchain, builders, source, null) });
  }
  return wheels;
}

/** Where a wheel's folder is mounted. */
export const wheelMounts = (wheels: readonly Wheel[]): Mount[] =>
  wheels.map(({ layer, source }) => ({ source: layer.folder, target: `/wheels/${source.name}` }));

/** Lines of a hashed lock for wheels that were built here, at their places. */
export function wheelLines(wheels: readonly Wheel[]): Promise<string[]> {
  return Promise.all(
    wheels.map(async ({ layer, source }) => {
      const name = (await readdir(layer.folder)).find((entry) => entry.endsWith('.whl')) ?? '';
      const hash = createHash('sha256').update(await readFile(join(layer.folder, name)));
      return `${source.name} @ file:///wheels/${source.name}/${name} --hash=sha256:${hash.digest('hex')}`;
    }),
  );
}

/** The package that uv has no wheel of, as its hint names it. */
export function withoutWheel(stderr: string): string | null {
  return /[Ww]heels are required for `([^`]+)`/.exec(stderr)?.[1] ?? null;
}

/**
 * Which versions of a package uv looked at, as it says why there is no solution (`docopt==0.6.2 has no usable wheels`).
 */
export function versionsOf(name: string, stderr: string): string {
  const bounds = new RegExp(
    `(?:^|[\\s(])${name.replaceAll(/[-_.]+/g, '[-_.]+')}((?:[<>=!~]=?[\\w.*+!]+,?)+)`,
    'i',
  ).exec(stderr)?.[1];
  return `${name}${bounds?.replace(/,$/, '') ?? ''}`;
}
